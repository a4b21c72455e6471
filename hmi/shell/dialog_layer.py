"""Dims the content under a dialog and holds the dialog; top bar, navigation and banner stay bright. GUI thread."""

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from hmi.dialogs.sheet import Sheet
from hmi.shadow import Shadow
from hmi.theme.theme import theme
from hmi.widgets import leave_focus

_GAP: Final = 16
_ABOVE: Final = 0.38  # of the free height: a dialog stands a little above the middle


class DialogLayer(QWidget):
    """Covers its parent while a dialog is open; the dialog is no higher than the page."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sheet: Sheet | None = None
        self._before: QWidget | None = None
        parent.installEventFilter(self)
        self.hide()

    @property
    def sheet(self) -> Sheet | None:
        """The open dialog."""
        return self._sheet

    def open(self, sheet: Sheet) -> None:
        """Show a dialog; one that is open already stays, since only one thing is asked at a time."""
        if self._sheet is not None:
            sheet.deleteLater()
            return
        self._sheet = sheet
        self._before = self.window().focusWidget()
        sheet.setParent(self)
        Shadow(sheet)
        sheet.closed.connect(self._on_closed)
        sheet.installEventFilter(self)
        self.setGeometry(self.parentWidget().rect())
        self.show()
        self.raise_()
        sheet.show()
        self._place()
        sheet.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self.setGeometry(self.parentWidget().rect())
        elif watched is self._sheet and event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme().color("dim"))

    def _place(self) -> None:
        if self._sheet is None:
            return
        width = min(self._sheet.maximumWidth(), self.width() - 2 * _GAP)
        wanted = self._sheet.sizeHint()
        if self._sheet.hasHeightForWidth():
            wanted = QSize(width, self._sheet.heightForWidth(width))
        height = min(wanted.height(), self.height() - 2 * _GAP)
        left = (self.width() - width) // 2
        top = max(_GAP, round((self.height() - height) * _ABOVE))
        self._sheet.setGeometry(left, top, width, height)

    def _on_closed(self) -> None:
        sheet, before = self._sheet, self._before
        self._sheet = self._before = None
        leave_focus(self)
        self.hide()
        if sheet is not None:
            sheet.hide()
            sheet.deleteLater()
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
