"""The dialog of a setpoint warns of an alarm that is known to follow, and only of that."""

import pytest
from PySide6.QtWidgets import QPushButton

from hmi.dialogs.scale import setpoint_scale
from hmi.dialogs.setpoint import SetpointDialog
from hmi.dialogs.warning import WarningBox
from hmi.drawing.bar import bar_scale
from tests.fakes.desk import Desk, demo_plant, visible

VALVE = next(each.name for each in demo_plant().equipment.values() if each.type == "prv")


@pytest.fixture
def dialog(desk: Desk) -> SetpointDialog:
    return desk.open_setpoint(VALVE, "DOWN_SP")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1.2, "The new value lies below the alarm limit 1.50\u00a0bar."),
        (1.5, ""),
        (5.0, ""),
        (7.9, ""),
    ],
)
def test_a_value_beyond_an_alarm_limit_is_warned_of(dialog: SetpointDialog, value: float, words: str) -> None:
    dialog.enter(value)
    assert dialog.warning_text().startswith(words)
    assert bool(dialog.warning_text()) is bool(words)
    assert bool(visible(dialog, WarningBox)) is bool(words)


def test_the_warning_names_the_alarm_and_leaves_the_choice(dialog: SetpointDialog) -> None:
    dialog.enter(1.2)
    assert dialog.warning_text().endswith("is to be expected. You can still confirm.")
    assert dialog.confirm_button.isEnabled()
    assert dialog.confirm_button.text() == "Write 1.20\u00a0bar"


def test_nothing_is_warned_of_while_nothing_or_nonsense_is_typed(dialog: SetpointDialog) -> None:
    assert not visible(dialog, WarningBox)
    dialog.enter(1.2)
    dialog._field.field.setText("x")
    assert not visible(dialog, WarningBox)


def test_a_setpoint_without_limits_warns_of_nothing(desk: Desk) -> None:
    dialog = desk.open_setpoint()
    dialog.enter(50.0)
    assert dialog.warning_text() == ""


def test_both_buttons_are_wide_enough_to_hit(desk: Desk, dialog: SetpointDialog) -> None:
    desk.tick()
    buttons = [each for each in visible(dialog, QPushButton) if each.text()]
    assert [each.width() >= 104 for each in buttons] == [True, True]


def test_the_scale_shows_the_limits_of_what_is_steered_and_the_range_of_the_setpoint(desk: Desk) -> None:
    plant = desk.station.plant
    scale = setpoint_scale(plant, desk.tag(f"{VALVE}.DOWN_SP"), desk.tag(f"{VALVE}.DOWN"))
    assert scale is not None
    assert (scale.low, scale.high) == (0, 10)
    assert (scale.low_low, scale.low_limit, scale.high_limit, scale.high_high) == (1.0, 1.5, 8.5, None)


def test_limits_in_another_unit_are_not_drawn(desk: Desk) -> None:
    plant, tag = desk.station.plant, desk.tag(f"{VALVE}.DOWN_SP")
    assert setpoint_scale(plant, tag, desk.tag(f"{VALVE}.FLOW")) == bar_scale(plant, tag.name)
    assert setpoint_scale(plant, tag, None) == bar_scale(plant, tag.name)
