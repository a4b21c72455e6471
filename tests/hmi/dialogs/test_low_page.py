"""A dialog that is higher than the page: title and buttons stay, what lies between scrolls."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from hmi.alarm_list.keys_sheet import KeysSheet
from hmi.dialogs.sheet_body import SheetBody
from tests.fakes.alarms import alarm
from tests.fakes.desk import Desk, open_desk, visible
from tests.hmi.dialogs.test_shelve_dialog import open_shelve

NAMES = ("RPS.P1.FLT.state", "RPS.P1.VIB.H", "RPS.DISCHARGE.H", "RPS.P2.VIB.H", "TK1.LEVEL.LL", "TK2.LEVEL.H")


def _place(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def test_its_buttons_and_what_is_typed_into_stay_in_sight() -> None:
    with open_desk(size=(1280, 720)) as desk:
        dialog = open_shelve(desk, [alarm(desk.station.plant, name) for name in NAMES])
        dialog.lengths.buttons["other"].click()
        dialog.other.setText("9999")
        desk.settle()
        (body,) = visible(dialog, SheetBody)
        assert body.verticalScrollBar().maximum() > 0
        assert _place(desk.window.area).contains(_place(dialog))
        for each in (dialog.close_button, dialog.cancel_button, dialog.confirm_button, body):
            assert _place(dialog).contains(_place(each))
        assert _place(body).contains(_place(dialog.reason.focus_widget())), "it has the focus"
        body.verticalScrollBar().setValue(0)
        dialog.close_button.setFocus()
        dialog.reason.focus_widget().setFocus()
        assert _place(body).contains(_place(dialog.reason.focus_widget()))


def test_its_scroll_bar_stands_in_the_margin_and_goes_where_there_is_room(desk: Desk) -> None:
    sheet = KeysSheet()
    desk.window.area.dialogs.open(sheet)
    (body,) = visible(sheet, SheetBody)
    desk.settle()
    wide = body.viewport().width()
    assert body.verticalScrollBar().maximum() == 0
    desk.window.resize(1280, 620)
    desk.settle()
    assert body.verticalScrollBar().maximum() > 0
    assert body.viewport().width() == wide
