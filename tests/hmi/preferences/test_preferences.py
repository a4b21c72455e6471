"""What a person prefers is applied at once, kept for the person, and rubbish is never obeyed."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from hmi.control_room import ControlRoom, open_control_room
from hmi.preferences.chosen import Chosen
from hmi.preferences.preferences import FILE_NAME, Preferences, load_chosen
from hmi.theme.theme import theme
from hmi.units.choice import units
from tests.fakes.desk import OPERATOR, demo_plant
from tests.fakes.station import FakeStation


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "config" / "clearwell"


@pytest.fixture
def room(qtbot: QtBot, folder: Path) -> Iterator[ControlRoom]:
    del qtbot
    with open_control_room(
        FakeStation(demo_plant()), OPERATOR, theme_name="light", language="en", user_folder=folder
    ) as room:
        yield room


def _preferences(room: ControlRoom) -> Preferences:
    return room.window.context.preferences


def _settle(room: ControlRoom) -> None:
    """Wait until what the choices have started has ended."""

    async def others() -> None:
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))

    room.loop.run_until_complete(others())


def test_choices_hold_at_once(room: ControlRoom) -> None:
    _preferences(room).choose_theme("dark")
    _preferences(room).choose_unit("pressure", "kPa")
    assert theme().name == "dark"
    assert units().chosen == {"pressure": "kPa"}


def test_choices_are_there_at_the_next_start(room: ControlRoom, folder: Path) -> None:
    preferences = _preferences(room)
    preferences.choose_theme("dark")
    preferences.choose_language("pseudo")
    preferences.choose_unit("flow", "l/s")
    preferences.choose_unit("pressure", "kPa")
    preferences.choose_unit("pressure", "")
    preferences.save()
    assert load_chosen(folder) == Chosen(theme="dark", language="pseudo", units={"flow": "l/s"})
    assert [each.name for each in folder.iterdir()] == [FILE_NAME]


def test_the_last_choice_is_written_even_if_the_window_closes_at_once(qtbot: QtBot, folder: Path) -> None:
    del qtbot
    station = FakeStation(demo_plant())
    with open_control_room(station, OPERATOR, theme_name="light", language="en", user_folder=folder) as room:
        _preferences(room).choose_unit("flow", "l/s")
        room.loop.run_until_complete(room.tasks.stop())
    assert load_chosen(folder).units == {"flow": "l/s"}


def test_units_of_one_window_do_not_stay_for_the_next(qtbot: QtBot) -> None:
    del qtbot
    station = FakeStation(demo_plant())
    with open_control_room(station, OPERATOR, theme_name="light", language="en") as room:
        _preferences(room).choose_unit("flow", "l/s")
    assert units().chosen == {}


def test_without_a_folder_nothing_is_written(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del qtbot
    monkeypatch.chdir(tmp_path)
    with open_control_room(FakeStation(demo_plant()), OPERATOR, theme_name="light", language="en") as room:
        _preferences(room).choose_theme("dark")
        assert not len(room.tasks)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        "[" * 100_000,
        '{"theme": 3, "language": [], "units": 7}',
        '{"theme": "pink", "language": "", "units": {"flow": "bar", "pressure": null, "speed": "m/s"}}',
    ],
)
def test_a_broken_file_gives_the_defaults(folder: Path, text: str) -> None:
    folder.mkdir(parents=True)
    (folder / FILE_NAME).write_text(text, "utf-8")
    assert load_chosen(folder) == Chosen()


def test_what_makes_sense_in_a_file_is_taken_and_the_rest_left(folder: Path) -> None:
    folder.mkdir(parents=True)
    data = {"theme": "dark", "language": 4, "units": {"flow": "l/s", "pressure": "m"}, "more": 1}
    (folder / FILE_NAME).write_text(json.dumps(data), "utf-8")
    assert load_chosen(folder) == Chosen(theme="dark", units={"flow": "l/s"})


def test_a_missing_file_gives_the_defaults(folder: Path) -> None:
    assert load_chosen(folder) == Chosen()


def test_choices_that_can_not_be_kept_hold_and_say_so(room: ControlRoom, folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("a file where the folder should be", "utf-8")
    _preferences(room).choose_theme("dark")
    _preferences(room).save()
    assert theme().name == "dark"
    assert _preferences(room).problem
    folder.unlink()
    _preferences(room).save()
    assert _preferences(room).problem == ""
    assert load_chosen(folder).theme == "dark"


def test_a_choice_is_written_without_waiting_for_the_end(room: ControlRoom, folder: Path) -> None:
    _preferences(room).choose_unit("flow", "Ml/d")
    _settle(room)
    assert load_chosen(folder).units == {"flow": "Ml/d"}
