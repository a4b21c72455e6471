"""Changing a setpoint: nothing is sent by accident, nothing twice, and only what was read back counts."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from station.protocol import CommandState
from tests.fakes.desk import Desk, visible
from tests.fakes.station import Answer

SETPOINT = "RPS.P1.SPEED_SP"


def _field(desk: Desk) -> QLineEdit:
    assert desk.dialog is not None
    return next(field for field in visible(desk.dialog, QLineEdit) if field.property("scale") == "large")


def _texts(desk: Desk) -> str:
    assert desk.dialog is not None
    return " | ".join(label.text() for label in visible(desk.dialog, QLabel))


def _write(desk: Desk, value: str = "40.5") -> None:
    desk.open_setpoint()
    _field(desk).setText(value)
    assert desk.dialog is not None
    desk.dialog.confirm_button.click()


def test_the_dialog_says_what_where_from_and_within_which_range(desk: Desk) -> None:
    desk.open_setpoint()
    texts = _texts(desk)
    assert "Change speed setpoint" in texts
    assert f"River pump station · {SETPOINT}" in texts
    assert "New, 25.0 to 50.0" in texts


def test_the_focus_is_on_cancel_and_enter_writes_nothing(desk: Desk, qtbot: QtBot) -> None:
    dialog = desk.open_setpoint()
    assert dialog.window().focusWidget() is dialog.cancel_button
    _field(desk).setText("40.5")
    _field(desk).setFocus()
    qtbot.keyClick(_field(desk), Qt.Key.Key_Return)
    qtbot.keyClick(_field(desk), Qt.Key.Key_Enter)
    desk.settle()
    assert desk.station.requests == []
    assert desk.dialog is dialog


@pytest.mark.parametrize("text", ["", "60", "nan", "1e999", "abc", "33.00"])
def test_a_wrong_entry_can_not_be_written(desk: Desk, text: str) -> None:
    dialog = desk.open_setpoint()
    _field(desk).setText(text)
    assert not dialog.confirm_button.isEnabled()
    dialog.confirm()
    desk.settle()
    assert desk.station.requests == []


def test_a_wrong_entry_gets_a_border_and_a_sentence_until_it_is_right(desk: Desk) -> None:
    desk.open_setpoint()
    _field(desk).setText("60")
    assert _field(desk).property("state") == "invalid"
    assert "It must lie between" in _texts(desk)
    _field(desk).setText("45")
    assert _field(desk).property("state") == ""
    assert "It must lie between" not in _texts(desk)


def test_the_button_names_the_act_and_the_change_is_shown(desk: Desk) -> None:
    desk.station.put({SETPOINT: 33.0})
    dialog = desk.open_setpoint()
    _field(desk).setText("40,5")
    assert dialog.confirm_button.text() == "Write 40.5\u00a0Hz"
    assert dialog.change_text() == "+7.5 Hz"


def test_the_request_carries_value_reason_and_what_was_seen(desk: Desk) -> None:
    desk.station.put({SETPOINT: 33.0})
    dialog = desk.open_setpoint()
    _field(desk).setText("40.5")
    reason = next(field for field in visible(dialog, QLineEdit) if field is not _field(desk))
    reason.setText(" less noise ")
    dialog.confirm_button.click()
    desk.settle()
    ((request, session),) = desk.station.requests
    assert (request.tag, request.value, request.reason, request.seen) == (SETPOINT, 40.5, "less noise", 33.0)
    assert (request.title, session.user) == ("Speed setpoint", "mo")


def test_a_double_click_sends_one_request(desk: Desk, qtbot: QtBot) -> None:
    dialog = desk.open_setpoint()
    _field(desk).setText("40.5")
    qtbot.mouseClick(dialog.confirm_button, Qt.MouseButton.LeftButton)
    qtbot.mouseDClick(dialog.confirm_button, Qt.MouseButton.LeftButton)
    dialog.confirm()
    desk.settle()
    assert len(desk.station.requests) == 1


def test_a_success_tells_what_was_read_back_and_closes_by_itself(desk: Desk) -> None:
    _write(desk)
    desk.settle()
    assert desk.dialog is not None
    assert desk.dialog.progress.text() == "Written and read back 40.5\u00a0Hz"
    desk.tick(40)
    assert desk.dialog is None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(CommandState.MISMATCH, 33.0), ["did not accept", "The device holds 33.0\u00a0Hz, not 40.5\u00a0Hz."]),
        (Answer(CommandState.UNKNOWN, None, "No answer."), ["The outcome is unknown", "No answer.", "may have been"]),
        (Answer(CommandState.REJECTED, None, "Not for you."), ["Refused, nothing was sent", "Not for you."]),
        (Answer(CommandState.NOT_SENT, None, "The device is away."), ["Nothing was sent", "The device is away."]),
    ],
)
def test_a_failure_is_told_in_words_and_stays_until_it_is_closed(desk: Desk, answer: Answer, words: list[str]) -> None:
    desk.station.answers[SETPOINT] = answer
    _write(desk)
    desk.settle()
    desk.tick(100)
    assert desk.dialog is not None
    for word in words:
        assert word in desk.dialog.progress.text()
    assert "Written" not in desk.dialog.progress.text()
    assert not visible(desk.dialog, QPushButton)[-1].isDefault()
    desk.dialog.cancel_button.click()
    assert desk.dialog is None


def test_a_station_that_fails_leaves_the_outcome_unknown_and_says_so(desk: Desk) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("the wire is cut")

    desk.is_problem_expected = True
    desk.station.command = fail  # type: ignore[method-assign, assignment]
    _write(desk)
    desk.settle()
    assert desk.dialog is not None
    assert "The outcome is unknown" in desk.dialog.progress.text()
    assert "the wire is cut" in desk.window.problem


def test_a_dialog_can_not_be_left_while_its_command_is_on_its_way(desk: Desk) -> None:
    desk.station.delay_s = 0.05
    _write(desk)
    desk.window.area.close_top()
    assert desk.dialog is not None
    desk.settle()
    desk.window.area.close_top()
    assert desk.dialog is None


def test_escape_and_cancel_send_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.open_setpoint()
    _field(desk).setText("40.5")
    qtbot.keyClick(_field(desk), Qt.Key.Key_Escape)
    assert desk.dialog is None
    desk.open_setpoint().cancel_button.click()
    desk.settle()
    assert desk.dialog is None
    assert desk.station.requests == []


def test_what_the_station_would_refuse_can_not_be_confirmed_and_says_why(desk: Desk) -> None:
    dialog = desk.open_setpoint()
    _field(desk).setText("40.5")
    assert dialog.confirm_button.isEnabled()
    desk.station.reasons[SETPOINT] = ("RPS_PLC doesn't answer",)
    desk.tick()
    assert not dialog.confirm_button.isEnabled()
    assert "RPS_PLC doesn't answer" in _texts(desk)


def test_the_focus_stays_inside_the_dialog(desk: Desk, qtbot: QtBot) -> None:
    dialog = desk.open_setpoint()
    seen = set()
    for _ in range(8):
        qtbot.keyClick(dialog.window().focusWidget(), Qt.Key.Key_Tab)
        focused = dialog.window().focusWidget()
        assert dialog.isAncestorOf(focused)
        seen.add(focused)
    assert _field(desk) in seen


def test_only_the_content_is_dimmed(desk: Desk) -> None:
    desk.open_setpoint()
    desk.tick()
    layer, window = desk.window.area.dialogs, desk.window
    assert layer.isVisible()
    assert layer.mapTo(window, layer.rect().topLeft()).x() == window.navigation.width()
    assert layer.size() == window.area.size()


def test_a_bad_present_value_is_marked_and_gives_no_change(desk: Desk) -> None:
    desk.station.put({SETPOINT: 33.0}, quality=0x8000)
    dialog = desk.open_setpoint()
    _field(desk).setText("40.5")
    assert dialog.present_text() == "? 33.0 Hz"
    assert dialog.change_text() == "—"
