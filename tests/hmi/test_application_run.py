"""The program as a whole: it opens, remembers, tells what fails, and ends when it is asked to."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hmi.application import run_application
from hmi.control_room import ControlRoom
from hmi.i18n import pseudo, tr
from hmi.preferences.preferences import load_chosen
from hmi.preferences.window_size import WindowSize, load_window_size
from hmi.theme.theme import theme
from hmi.units.choice import units
from tests.fakes.desk import OPERATOR, demo_plant, plausible_values
from tests.fakes.station import FakeStation


def _run(folder: Path, then: Callable[[ControlRoom], None], **options: object) -> int:
    station = FakeStation(demo_plant())
    station.put(plausible_values(station.plant))
    return run_application(station, OPERATOR, settings_folder=folder, on_ready=then, **options)  # type: ignore[arg-type]


def _soon(act: Callable[[], object]) -> None:
    QTimer.singleShot(50, act)


def test_closing_the_window_ends_the_program_and_remembers_its_size(qtbot: QtBot, tmp_path: Path) -> None:
    def close(room: ControlRoom) -> None:
        room.window.resize(1024, 700)
        room.window.switch_theme()
        _soon(room.window.close)

    assert _run(tmp_path / "data", close, user_folder=tmp_path / "user") == 0
    assert load_window_size(tmp_path / "data" / "window.json") == WindowSize(width=1024, height=700)
    assert load_chosen(tmp_path / "user").theme == "dark"
    assert not [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]


def test_the_next_start_looks_and_speaks_as_the_person_prefers(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLEARWELL_LANGUAGE", raising=False)
    seen: list[tuple[str, str, dict[str, str]]] = []

    def choose(room: ControlRoom) -> None:
        preferences = room.window.context.preferences
        preferences.choose_theme("dark")
        preferences.choose_language("pseudo")
        preferences.choose_unit("pressure", "kPa")
        _soon(room.window.close)

    def look(room: ControlRoom) -> None:
        seen.append((theme().name, tr("Close"), dict(units().chosen)))
        _soon(room.window.close)

    _run(tmp_path / "one plant", choose, user_folder=tmp_path / "user")
    _run(tmp_path / "another plant", look, user_folder=tmp_path / "user")
    assert seen == [("dark", pseudo("Close"), {"pressure": "kPa"})]


def test_a_language_whose_file_is_gone_gives_way_to_english(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLEARWELL_LANGUAGE", raising=False)
    (tmp_path / "preferences.json").write_text('{"language": "tlh"}', "utf-8")
    seen: list[str] = []

    def look(room: ControlRoom) -> None:
        seen.append(tr("Close"))
        _soon(room.window.close)

    assert _run(tmp_path, look, user_folder=tmp_path) == 0
    assert seen == ["Close"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_end_is_heard_and_the_handlers_are_put_back(
    qtbot: QtBot, tmp_path: Path, number: signal.Signals
) -> None:
    before = signal.getsignal(number)
    assert _run(tmp_path, lambda _: _soon(lambda: os.kill(os.getpid(), number))) == 0
    assert signal.getsignal(number) is before


def test_an_exception_in_a_slot_is_shown_and_the_window_lives_on(qtbot: QtBot, tmp_path: Path) -> None:
    seen: list[str] = []

    def fail() -> None:
        raise RuntimeError("a slot broke")

    def look(room: ControlRoom) -> None:
        window = room.window
        _soon(fail)
        QTimer.singleShot(150, lambda: (seen.append(window.problem), window.close()))

    assert _run(tmp_path, look) == 0
    assert seen == ["Something failed in this window: RuntimeError: a slot broke. See the log."]


def test_an_exception_in_a_coroutine_is_shown_too(qtbot: QtBot, tmp_path: Path) -> None:
    seen: list[str] = []

    async def fail() -> None:
        raise RuntimeError("a coroutine broke")

    def look(room: ControlRoom) -> None:
        window = room.window
        room.tasks.start(fail())
        QTimer.singleShot(150, lambda: (seen.append(window.problem), window.close()))

    assert _run(tmp_path, look) == 0
    assert len(seen) == 1
    assert "a coroutine broke" in seen[0]


def test_without_a_display_pictures_are_saved(qtbot: QtBot, tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"

    def close_when_saved(room: ControlRoom) -> None:
        window = room.window
        room.ticker.tick.connect(lambda: window.close() if any(pictures.glob("river-pumps-*.png")) else None)

    assert _run(tmp_path, close_when_saved, pictures=pictures) == 0
    assert len(list(pictures.glob("*.png"))) == 1
    assert not (tmp_path / "window.json").exists()
