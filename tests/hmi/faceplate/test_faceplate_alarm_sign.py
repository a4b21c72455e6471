"""The head of a faceplate shows the most urgent alarm of its equipment."""

from alarms.states import AlarmState
from hmi.faceplate.header import Header
from tests.fakes.alarms import alarm
from tests.fakes.desk import PUMP, Desk


def test_the_head_shows_the_most_urgent_alarm_and_gives_its_place_back(desk: Desk) -> None:
    plant = desk.station.plant
    desk.station.put_alarms([])
    desk.tick(5)
    sign = desk.window.area.open_faceplate(PUMP).findChild(Header).sign
    assert not sign.isVisible()
    names = [each for each in plant.alarms if each.tag.startswith(f"{PUMP}.")]
    desk.station.put_alarms([alarm(plant, each.name, state=AlarmState.ACKED) for each in names])
    desk.tick(5)
    assert sign.isVisible()
    assert sign.glyph is not None
    assert sign.glyph.priority == min(each.priority for each in names)
    assert len(sign.accessibleName().splitlines()) == len(names)
    desk.station.put_alarms([])
    desk.tick(5)
    assert not sign.isVisible()


def test_an_alarm_of_another_pump_is_not_its_own(desk: Desk) -> None:
    plant = desk.station.plant
    other = next(each.name for each in plant.alarms if each.tag.startswith("RPS.P2."))
    desk.station.put_alarms([alarm(plant, other, state=AlarmState.UNACK)])
    desk.tick(5)
    assert desk.window.area.open_faceplate(PUMP).findChild(Header).sign.glyph is None
