"""The program as a whole: it opens, remembers, tells what fails, and ends when it is asked to."""

import inspect
import os
import signal
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest
import structlog
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hmi.application import run_application
from hmi.control_room import ControlRoom
from hmi.i18n import pseudo, tr
from hmi.preferences.preferences import load_chosen
from hmi.preferences.window_size import WindowSize, load_window_size
from hmi.start_moments import VALUES_LIVE, WINDOW_SHOWN, home_rows
from hmi.theme.theme import theme
from hmi.units.choice import units
from plant_models.quality import Quality
from station.seat_note import SeatAct
from station.stop_request import StopRequest
from tests.fakes.desk import OPERATOR, demo_plant, plausible_values
from tests.fakes.station import FakeStation


def _station() -> FakeStation:
    station = FakeStation(demo_plant())
    station.put(plausible_values(station.plant))
    return station


def _run(
    folder: Path, then: Callable[[ControlRoom], None], station: FakeStation | None = None, **options: object
) -> int:
    station = station or _station()
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


def test_a_request_to_end_writes_to_the_log_only_once_its_handler_has_returned(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The handler may interrupt this very thread while it holds a lock of the log."""
    told: list[tuple[str, bool]] = []

    class Log:
        def info(self, event: str, **_: object) -> None:
            told.append((event, any(frame.function == "on_signal" for frame in inspect.stack(0))))

    monkeypatch.setattr("hmi.control_room._LOG", Log())
    assert _run(tmp_path, lambda _: _soon(lambda: os.kill(os.getpid(), signal.SIGINT))) == 0
    assert told == [("asked to end", False)]


def test_the_station_is_told_who_sits_here_from_the_opening_to_the_closing(qtbot: QtBot, tmp_path: Path) -> None:
    station = _station()
    station.delay_s = 0.1

    def mute_and_close(room: ControlRoom) -> None:
        _soon(lambda: (room.window.mute(5), room.window.close()))

    assert _run(tmp_path, mute_and_close, station) == 0
    assert [note.act for note in station.seat_notes] == [SeatAct.OPEN, SeatAct.MUTE, SeatAct.CLOSE]


@pytest.mark.parametrize("is_asked_to_end", [False, True])
def test_nobody_sits_at_a_window_of_which_only_pictures_are_made(
    qtbot: QtBot, tmp_path: Path, is_asked_to_end: bool
) -> None:
    station, stop = _station(), StopRequest()
    if is_asked_to_end:
        stop.make()
    pictures = None if is_asked_to_end else tmp_path / "pictures"
    assert _run(tmp_path, lambda room: _soon(room.window.close), station, pictures=pictures, stop=stop) == 0
    told = [note.act for note in station.seat_notes]
    assert told == ([SeatAct.OPEN, SeatAct.CLOSE] if is_asked_to_end else [])


def test_a_station_that_never_answers_does_not_keep_the_window_from_closing(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hmi.seat._CLOSE_S", 0.1)
    station = _station()
    station.delay_s = 3_600.0
    with structlog.testing.capture_logs() as told:
        assert _run(tmp_path, lambda room: _soon(room.window.close), station) == 0
    assert station.seat_notes == []
    assert any("the station doesn't answer" in line["event"] for line in told)


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


def test_a_request_to_end_that_came_before_the_window_is_not_lost(qtbot: QtBot, tmp_path: Path) -> None:
    stop = StopRequest()
    stop.make()
    assert _run(tmp_path, lambda _: None, stop=stop) == 0
    assert not [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]


def test_what_fails_while_the_window_is_shown_closes_it_and_is_raised(qtbot: QtBot, tmp_path: Path) -> None:
    starting: Future[None] = Future()
    starting.set_running_or_notify_cancel()

    def fail(room: ControlRoom) -> None:
        _soon(lambda: starting.set_exception(ConnectionError("it never listened")))

    with pytest.raises(ConnectionError, match="it never listened"):
        _run(tmp_path, fail, starting=starting)
    assert not [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]


def test_a_window_that_is_closed_first_leaves_what_still_starts_alone(qtbot: QtBot, tmp_path: Path) -> None:
    starting: Future[None] = Future()
    starting.set_running_or_notify_cancel()
    assert _run(tmp_path, lambda room: _soon(room.window.close), starting=starting) == 0
    assert not starting.done()
    starting.set_exception(ConnectionError("nobody listens any more"))


def test_the_log_tells_when_the_window_was_shown_and_when_its_values_were_live(qtbot: QtBot, tmp_path: Path) -> None:
    with structlog.testing.capture_logs() as told:

        def look(room: ControlRoom) -> None:
            context = room.window.context
            station, rows = context.station, home_rows(context)
            assert isinstance(station, FakeStation)
            late = station.table.tags[rows[0]].name
            values = {station.table.tags[row].name: 1.0 for row in rows}
            station.put(values)
            station.put({late: 1.0}, Quality.UNCERTAIN_LAST_USABLE)

            def events() -> list[str]:
                return [line["event"] for line in told]

            def follow() -> None:
                if VALUES_LIVE in events():
                    room.window.close()
                elif WINDOW_SHOWN in events():
                    station.put({late: 1.0})

            room.ticker.tick.connect(follow)

        assert _run(tmp_path, look) == 0
    moments = [line for line in told if line["event"] in (WINDOW_SHOWN, VALUES_LIVE)]
    assert [line["event"] for line in moments] == [WINDOW_SHOWN, VALUES_LIVE]
    assert 0 < moments[0]["after_s"] <= moments[1]["after_s"]
    assert moments[1]["tags"] > 10
