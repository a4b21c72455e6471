"""Leaving the program asks first."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hmi.dialogs.leave import LeaveDialog
from tests.fakes.alarms import alarm
from tests.fakes.desk import Desk


def _leave(desk: Desk) -> LeaveDialog:
    desk.window.quit()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, LeaveDialog)
    return sheet


def test_the_window_closes_only_once_it_is_confirmed(desk: Desk) -> None:
    closed: list[bool] = []
    desk.window.closing.connect(lambda: closed.append(True))
    sheet = _leave(desk)
    assert desk.window.focusWidget() is sheet.stay_button
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert desk.window.area.dialogs.sheet is None
    assert not closed
    _leave(desk).leave_button.click()
    assert closed


def test_it_says_how_many_alarms_wait(desk: Desk) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, "RPS.P1.FLT.state")])
    desk.tick(5)
    _leave(desk)
    assert "Alarms that wait for an acknowledgement: 1." in desk.texts()


def test_an_open_dialog_gives_way_but_not_one_that_writes(desk: Desk) -> None:
    desk.open_setpoint()
    _leave(desk).close_sheet()
    dialog = desk.open_command("Stop")
    dialog.confirm_button.click()
    desk.window.quit()
    assert desk.window.area.dialogs.sheet is dialog
    desk.settle()
