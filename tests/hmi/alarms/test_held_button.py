"""A button of the banner that is held down keeps its own slot still, and no other."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hmi.alarms.slot import Slot
from tests.fakes.alarms import alarm
from tests.fakes.desk import Desk, open_desk

TRIP, VIBRATION, LEVEL = "RPS.P1.FLT.state", "RPS.P1.VIB.H", "TK1.LEVEL.LL"
FLOW, OTHER = "RPS.P1.FLOW.H", "RPS.P2.VIB.H"


def _raise(desk: Desk, *names: str) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, name) for name in names])
    desk.tick(5)


def _hold(desk: Desk, qtbot: QtBot, at: int = 0) -> Slot:
    slot = desk.window.banner.slots[at]
    qtbot.waitUntil(lambda: slot.is_settled)
    qtbot.mousePress(slot.ack, Qt.MouseButton.LeftButton)
    return slot


def _shown(desk: Desk) -> list[str]:
    return [slot.alarm.name if slot.alarm and slot.isVisible() else "" for slot in desk.window.banner.slots]


def test_the_other_slots_follow_while_one_is_held(desk: Desk, qtbot: QtBot) -> None:
    _raise(desk, TRIP, VIBRATION, FLOW)
    held = _hold(desk, qtbot)
    place = held.geometry()
    _raise(desk, LEVEL, TRIP, VIBRATION, FLOW)
    assert _shown(desk) == [TRIP, LEVEL, VIBRATION], "the most urgent of the others come first"
    assert "+1 more" in desk.texts()
    assert held.geometry() == place
    qtbot.mouseRelease(held.ack, Qt.MouseButton.LeftButton)
    desk.settle()
    assert [seen.name for seen in desk.station.acknowledged] == [TRIP]
    qtbot.waitUntil(lambda: _shown(desk) == [LEVEL, VIBRATION, FLOW])


def test_a_held_slot_does_not_move_when_others_are_gone(desk: Desk, qtbot: QtBot) -> None:
    _raise(desk, TRIP, VIBRATION, FLOW)
    held = _hold(desk, qtbot)
    place = held.geometry()
    _raise(desk, TRIP)
    assert _shown(desk) == [TRIP, "", ""]
    assert held.geometry() == place
    _raise(desk, TRIP, OTHER)
    assert _shown(desk) == [TRIP, OTHER, ""], "a place that was left is used again"
    qtbot.mouseRelease(held.ack, Qt.MouseButton.LeftButton)
    desk.settle()


def test_a_held_slot_stays_though_somebody_else_acknowledged_its_alarm(desk: Desk, qtbot: QtBot) -> None:
    _raise(desk, TRIP, VIBRATION)
    held = _hold(desk, qtbot)
    _raise(desk, VIBRATION, FLOW)
    assert _shown(desk) == [TRIP, VIBRATION, ""]
    assert "+1 more" in desk.texts()
    qtbot.mouseRelease(held.ack, Qt.MouseButton.LeftButton)
    desk.settle()
    qtbot.waitUntil(lambda: _shown(desk) == [VIBRATION, FLOW, ""])


def test_in_a_small_window_the_count_goes_on_while_the_one_slot_is_held(qtbot: QtBot) -> None:
    with open_desk(size=(1280, 720)) as desk:
        _raise(desk, TRIP)
        held = _hold(desk, qtbot)
        place = held.geometry()
        _raise(desk, LEVEL, TRIP)
        assert _shown(desk)[0] == TRIP
        assert "+1 more" in desk.texts()
        assert held.geometry() == place
        qtbot.mouseRelease(held.ack, Qt.MouseButton.LeftButton)
        desk.settle()
        qtbot.waitUntil(lambda: _shown(desk)[0] == LEVEL)


def test_alarms_that_are_no_longer_evaluated_are_said_though_a_button_is_held(desk: Desk, qtbot: QtBot) -> None:
    _raise(desk, TRIP, VIBRATION)
    held = _hold(desk, qtbot)
    desk.station.put_alarms([alarm(desk.station.plant, TRIP)], is_evaluated=False)
    desk.tick(5)
    assert "Alarms not evaluated" in desk.texts()
    qtbot.mouseRelease(held.ack, Qt.MouseButton.LeftButton)
    desk.settle()
