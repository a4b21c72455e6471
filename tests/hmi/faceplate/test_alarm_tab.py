"""The tab of alarms of a faceplate: what each alarm says, what may be done, and which limits are in force."""

from dataclasses import replace
from types import MappingProxyType

from alarms.definitions import Alarm
from alarms.states import AlarmState
from hmi.faceplate.alarm_page import AlarmPage
from hmi.faceplate.faceplate import ALARMS
from hmi.faceplate.watched import watched
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from tests.fakes.alarms import alarm
from tests.fakes.desk import PUMP, Desk, visible

TRIP, VIBRATION = "RPS.P1.FLT.state", "RPS.P1.VIB.H"


def _page(desk: Desk) -> AlarmPage:
    faceplate = desk.window.area.open_faceplate(PUMP)
    faceplate.tabs.setCurrentIndex(ALARMS)
    desk.tick(5)
    (page,) = visible(faceplate, AlarmPage)
    return page


def _configure(desk: Desk, *definitions: AlarmDefinition) -> None:
    """Put other definitions into force."""
    shown = desk.station.alarms
    mine = {each.name: Alarm(name=each.name, definition=each, equipment=PUMP) for each in definitions}
    elsewhere = AlarmDefinition(tag="TK1.LEVEL", kind=AlarmKind.HIGH, limit=1.0, text="Elsewhere")
    mine[elsewhere.name] = Alarm(name=elsewhere.name, definition=elsewhere, equipment="TK1")
    desk.station._shown = replace(shown, sequence=shown.sequence + 1, configured=MappingProxyType(mine))
    desk.tick(5)


def test_an_alarm_that_came_first_or_was_put_aside_says_so(desk: Desk) -> None:
    plant, now_us = desk.station.plant, desk.station.clock.wall_us()
    aside = {"state": AlarmState.SHLVD, "aside_by": "mo", "aside_why": "cleaning", "until_us": now_us + 10**9}
    desk.station.put_alarms([alarm(plant, TRIP, first_out=1), alarm(plant, VIBRATION, **aside)])
    page = _page(desk)
    texts = desk.texts()
    assert "Unack, active · First out" in texts
    assert any(text.startswith("Shelved by mo: cleaning, until ") for text in texts)
    assert "1 not acknowledged, 1 put aside" in texts
    assert [line.shelve.isHidden() for line in page.lines] == [False, True]


def test_the_shelf_is_asked_for_the_alarm_that_stands_there(desk: Desk) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, TRIP)])
    page = _page(desk)
    wanted: list[object] = []
    desk.window.area.shelve_wanted.connect(wanted.append)
    page.lines[0].shelve.click()
    assert [row.name for row in wanted] == [TRIP]  # type: ignore[attr-defined]
    assert page.lines[0].shelve.accessibleName() == "Shelve: Pump tripped"


def test_one_alarm_needs_no_count_and_nothing_is_counted_while_nobody_knows(desk: Desk) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, TRIP)])
    _page(desk)
    assert not any("not acknowledged" in text for text in desk.texts())
    rows = [alarm(desk.station.plant, name) for name in (TRIP, VIBRATION)]
    desk.station.put_alarms(rows, is_evaluated=False)
    desk.tick(5)
    assert "2 not acknowledged" not in desk.texts()
    desk.station.put_alarms([replace(row, state=AlarmState.ACKED) for row in rows])
    desk.tick(5)
    assert not any("put aside" in text for text in desk.texts())


def test_the_limits_are_those_in_force_now(desk: Desk) -> None:
    _page(desk)
    assert "Pump tripped" in desk.texts()
    tag = f"{PUMP}.TEMP"
    _configure(
        desk,
        AlarmDefinition(tag=tag, kind=AlarmKind.RATE, limit=5.0, priority=2, text="Heats up"),
        AlarmDefinition(tag=tag, kind=AlarmKind.HIGH, limit_tag=f"{PUMP}.CURRENT", priority=1, text="Too hot"),
        AlarmDefinition(tag=tag, kind=AlarmKind.STUCK, limit=0.5, window_s=60, enabled=False, priority=5, text="Stuck"),
    )
    texts = desk.texts()
    assert "Pump tripped" not in texts
    assert {"Heats up", "5\u00a0°C/min", "Too hot", f"H {PUMP}.CURRENT", "Stuck (switched off)"} <= set(texts)
    assert "Elsewhere" not in texts
    context = desk.window.context
    assert [each.priority for each in watched(context, context.plant.equipment[PUMP])] == [1, 2, 5]


def test_equipment_of_which_nothing_is_watched_has_no_table(desk: Desk) -> None:
    _page(desk)
    assert "Watched" in desk.texts()
    _configure(desk)
    assert "Watched" not in desk.texts()
