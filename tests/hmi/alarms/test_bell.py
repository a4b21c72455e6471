"""The bell counts what is present and says what waits; what is diagnostic calls nobody, anywhere."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel

from alarms.states import AlarmState
from hmi.alarms.glyph import Glyph, GlyphLook
from hmi.shell.page import ALARMS
from plant_models.alarm_definition import DIAGNOSTIC
from tests.fakes.alarms import alarm
from tests.fakes.desk import Desk, visible

TRIP, VIBRATION, OTHER = "RPS.P1.FLT.state", "RPS.P1.VIB.H", "RPS.P2.VIB.H"


def _counts(desk: Desk) -> list[str]:
    return [each.text() for each in visible(desk.window.top_bar.bell, QLabel)]


def test_it_counts_what_is_present_and_says_how_many_of_them_wait(desk: Desk) -> None:
    plant = desk.station.plant
    rows = [
        alarm(plant, VIBRATION),
        alarm(plant, OTHER, state=AlarmState.ACKED),
        alarm(plant, TRIP, state=AlarmState.SHLVD),
    ]
    desk.station.put_alarms(rows)
    desk.tick(5)
    assert _counts(desk) == ["0", "0", "2", "0"]
    bell = desk.window.top_bar.bell
    assert "priority 3: 2, 1 not acknowledged" in bell.accessibleName()
    assert "priority 2: 0" in bell.accessibleName()
    assert bell.icon_label._name == "bell"


def test_no_number_is_said_to_wait_while_nothing_is_evaluated(desk: Desk) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, VIBRATION)], is_evaluated=False)
    desk.tick(5)
    assert _counts(desk) == ["?"] * 4
    bell = desk.window.top_bar.bell
    assert "not acknowledged" not in bell.accessibleName()
    assert bell._signs[3].glyph == Glyph(3, GlyphLook.NONE)
    assert {each.property("role") for each in visible(bell, QLabel)} == {"count"}


@pytest.mark.parametrize("is_compact", [False, True])
def test_no_entry_of_the_navigation_says_how_many_while_nothing_is_evaluated(desk: Desk, is_compact: bool) -> None:
    row = alarm(desk.station.plant, VIBRATION)
    desk.station.put_alarms([row], is_evaluated=False)
    navigation = desk.window.navigation
    navigation.set_compact(is_compact)
    desk.tick(5)
    unknown = [*desk.station.plant.displays, ALARMS]
    for page in unknown:
        assert navigation.marks[page].sign.glyph is None
        assert [each.text() for each in visible(navigation._buttons[page], QLabel)] == ["?"]
    desk.station.put_alarms([row])
    desk.tick(5)
    assert navigation.marks[row.display].sign.glyph == Glyph(3, GlyphLook.UNACKNOWLEDGED)
    shown = [each.text() for each in visible(navigation, QLabel)]
    assert ("?" in shown, "1" in shown) == (False, not is_compact)


def test_a_letter_of_one_alarm_does_not_stand_at_the_sign_of_many(desk: Desk) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, TRIP, state=AlarmState.LATAK, first_out=1)])
    desk.tick(5)
    assert desk.window.top_bar.bell._signs[2].glyph == Glyph(2, GlyphLook.ACKNOWLEDGED)
    shown = desk.window.context.alarms.rows[0].display
    assert desk.window.navigation.marks[shown].sign.glyph == Glyph(2, GlyphLook.ACKNOWLEDGED)


@pytest.mark.parametrize("state", [AlarmState.UNACK, AlarmState.RTNUN, AlarmState.ACKED])
def test_a_diagnostic_alarm_is_in_the_list_but_not_in_bell_banner_and_count(desk: Desk, state: AlarmState) -> None:
    row = replace(alarm(desk.station.plant, VIBRATION, state=state), priority=DIAGNOSTIC)
    desk.station.put_alarms([row])
    desk.tick(5)
    assert _counts(desk) == ["0"] * 4
    assert desk.window.banner.slots[0].isHidden()
    assert desk.window.navigation.marks[ALARMS].sign.glyph is None
    assert desk.window.context.sound.tone is None
    desk.window.show_alarms()
    page = desk.window.area.alarms_page
    assert page is not None
    assert [each.name for each in page.table.alarms] == [row.name]
    assert not page.grab().isNull()
