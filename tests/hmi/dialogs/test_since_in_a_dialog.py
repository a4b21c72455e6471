"""A dialog that confirms a command says since when the present state holds, where that was seen."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.fakes.clock import ManualClock
from tests.fakes.desk import PUMP, Desk, open_desk, visible


def _ages(desk: Desk) -> list[str]:
    assert desk.dialog is not None
    return [each.text() for each in visible(desk.dialog, QLabel) if each.text().endswith(" ago")]


def test_a_trip_that_was_seen_has_its_age_beside_the_reset(qtbot: QtBot) -> None:
    clock = ManualClock()
    with open_desk(clock=clock) as desk:
        desk.open_command("Reset trip")
        desk.tick()
        assert _ages(desk) == []
        desk.station.put({f"{PUMP}.FLT": 1.0})
        clock.advance(47)
        desk.tick()
        (age,) = _ages(desk)
        assert age.endswith(" · 47 s ago")
