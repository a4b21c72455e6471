"""Giving a tag a manual value and taking it back, as a person does it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from hmi.actions import Target, item_menu
from hmi.dialogs.manual import ManualDialog
from hmi.dialogs.manual_list import ManualList
from plant_models.quality import Quality
from station.protocol import ManualRequest
from tests.fakes.desk import PUMP, Desk, visible

PRESSURE, MODE = "RPS.DISCHARGE", f"{PUMP}.MODE"


def open_manual(desk: Desk, tag: str) -> ManualDialog:
    desk.window.open_manual(tag)
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, ManualDialog)
    return sheet


def give(desk: Desk, tag: str, value: float) -> None:
    dialog = open_manual(desk, tag)
    assert dialog.number is not None
    dialog.number.enter(value)
    dialog.reason.enter("gauge is being cleaned")
    dialog.confirm_button.click()
    desk.settle()
    assert desk.window.area.dialogs.sheet is None


def test_a_manual_value_needs_a_number_and_a_reason(desk: Desk) -> None:
    dialog = open_manual(desk, PRESSURE)
    assert dialog.number is not None
    assert not dialog.confirm_button.isEnabled()
    dialog.number.enter(5.5)
    assert not dialog.confirm_button.isEnabled()
    dialog.reason.enter("gauge is being cleaned")
    assert dialog.confirm_button.isEnabled()
    assert dialog.confirm_button.text() == "Use 5.50\u00a0bar"
    dialog.number.enter(99.0)
    assert not dialog.confirm_button.isEnabled()
    assert dialog.problem_text() == "It must lie between 0.00\u00a0bar and 10.00\u00a0bar."
    assert desk.station.manual_requests == []


def test_it_is_marked_everywhere_and_can_be_taken_back(desk: Desk) -> None:
    desk.station.put({PRESSURE: 4.8})
    give(desk, PRESSURE, 5.5)
    assert desk.station.manual_requests == [ManualRequest(tag=PRESSURE, value=5.5, reason="gauge is being cleaned")]
    desk.tick(2)
    reading = desk.window.context.live.reading(PRESSURE)
    assert (reading.text, reading.mark, reading.quality) == ("5.50", "M", Quality.GOOD_LOCAL_OVERRIDE)
    assert desk.window.top_bar.manual_values.isVisible()
    assert desk.window.top_bar.manual_values.text().strip() == "1 manual"
    dialog = open_manual(desk, PRESSURE)
    words = f"by {desk.window.context.session.user}: gauge is being cleaned"
    assert any(words in each.text() for each in visible(dialog, QLabel))
    dialog.release_button.click()
    desk.settle()
    assert desk.station.manual_values == ()
    assert not desk.window.top_bar.manual_values.isVisible()
    assert desk.window.context.live.reading(PRESSURE).text == "4.80"


def test_states_are_chosen_by_their_words(desk: Desk) -> None:
    dialog = open_manual(desk, MODE)
    assert dialog.states is not None
    words = [dialog.states.itemText(at) for at in range(dialog.states.count())]
    assert words == list(desk.tag(MODE).states)
    dialog.reason.enter("switch is broken")
    assert not dialog.confirm_button.isEnabled()
    dialog.states.setCurrentIndex(2)
    assert dialog.confirm_button.text() == f"Use {words[2]}"
    dialog.confirm_button.click()
    desk.settle()
    assert [(each.tag, each.value) for each in desk.station.manual_values] == [(MODE, 2.0)]
    assert desk.window.context.live.condition(PUMP).detail.startswith(f"M {words[2]}")


def test_a_state_that_follows_from_a_manual_value_is_marked(desk: Desk) -> None:
    dialog = open_manual(desk, f"{PUMP}.RUN")
    assert dialog.states is not None
    dialog.states.setCurrentIndex(1)
    dialog.reason.enter("contact is broken")
    dialog.confirm_button.click()
    desk.settle()
    assert desk.window.context.live.condition(PUMP).word == "M Running"


def test_a_refusal_stands_in_the_dialog(desk: Desk) -> None:
    desk.station.manual_refusal = "The audit can't be written"
    dialog = open_manual(desk, PRESSURE)
    assert dialog.number is not None
    dialog.number.enter(5.5)
    dialog.reason.enter("why not")
    dialog.confirm_button.click()
    desk.settle()
    assert dialog.problem_text() == "The audit can't be written"
    assert dialog.confirm_button.isEnabled()
    assert desk.window.top_bar.manual_values.isHidden()


def test_the_list_shows_all_of_them_and_closes_with_the_last(desk: Desk) -> None:
    give(desk, PRESSURE, 5.5)
    give(desk, "TK1.LEVEL", 60.0)
    desk.tick(2)
    desk.window.top_bar.manual_values.click()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, ManualList)
    texts = " | ".join(each.text() for each in visible(sheet, QLabel))
    assert texts.index("TK1.LEVEL") < texts.index(PRESSURE)
    for _ in range(2):
        back = next(each for each in visible(sheet, QPushButton) if each.text() == "Take it back")
        back.click()
        desk.settle()
        desk.tick(2)
    assert desk.station.manual_values == ()
    assert desk.window.area.dialogs.sheet is None


def test_the_menu_offers_it_for_what_a_device_says_only(desk: Desk) -> None:
    def texts(target: Target) -> list[str]:
        return [each.text() for each in item_menu(desk.window, desk.window, target).actions()]

    assert "Manual value" in texts(Target("", PRESSURE, (PRESSURE,), device="RPS_PLC"))
    assert "Manual value" not in texts(Target(PUMP, "", ()))


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_a_stray_key_gives_no_manual_value(desk: Desk, key: Qt.Key) -> None:
    dialog = open_manual(desk, PRESSURE)
    assert dialog.number is not None
    dialog.number.enter(5.5)
    dialog.reason.enter("because")
    dialog.number.field.setFocus()
    QTest.keyClick(dialog.number.field, key)
    desk.settle()
    assert desk.station.manual_requests == []
