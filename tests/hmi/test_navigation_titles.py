"""Titles of the navigation have room beside an alarm mark; what is too long even so is told by a tool tip."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.fakes.alarms import alarm
from tests.fakes.desk import Desk, demo_plant, open_desk, visible

LONG = "Water treatment works of the upper valley"


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    """The demo plant as operators have it: the overview first, and the stations below it."""
    with open_desk(plant=replace(demo_plant(), home="overview")) as desk:
        yield desk


def _mark_everything(desk: Desk) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, each.name) for each in desk.station.plant.alarms])
    desk.tick(5)


def _entry(desk: Desk, title: str) -> QPushButton:
    return next(each for each in visible(desk.window.navigation, QPushButton) if each.accessibleName() == title)


def test_no_title_of_the_demo_plant_is_cut_beside_its_mark(desk: Desk) -> None:
    _mark_everything(desk)
    marks = desk.window.navigation.marks
    assert any(mark.sign.glyph for mark in marks.values())
    for display in desk.station.plant.displays.values():
        assert _entry(desk, display.title).text().strip() == display.title


def test_a_title_is_condensed_only_while_it_would_be_cut(desk: Desk) -> None:
    entry = _entry(desk, "River pump station")
    assert entry.font().family() == "IBM Plex Sans"
    _mark_everything(desk)
    assert entry.font().family() == "IBM Plex Sans Condensed"
    desk.station.put_alarms([])
    desk.tick(5)
    assert entry.font().family() == "IBM Plex Sans"


def test_a_title_that_is_too_long_even_condensed_has_a_tool_tip(qtbot: QtBot) -> None:
    plant = demo_plant()
    displays = dict(plant.displays) | {"tanks": replace(plant.displays["tanks"], title=LONG)}
    with open_desk(plant=replace(plant, displays=displays)) as desk:
        entry = _entry(desk, LONG)
        assert entry.text().endswith("…")
        assert entry.toolTip() == LONG


def test_a_mark_in_the_corner_leaves_a_small_entry_as_high_as_it_was(qtbot: QtBot) -> None:
    with open_desk(size=(1280, 720)) as desk:
        entry = _entry(desk, "River pump station")
        height = entry.height()
        _mark_everything(desk)
        assert entry.height() == height == 40
