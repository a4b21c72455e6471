"""The menu of a row of alarms or events: asked for with the right button, the menu key or Shift+F10. GUI thread."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QTableView


class RowMenu(QObject):
    """Watches a table: `wanted` carries the row under the pointer, or the keyboard's, and a place on the screen."""

    wanted = Signal(QModelIndex, QPoint)

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        del watched
        if not isinstance(event, QContextMenuEvent):
            return False
        view = self._view
        is_keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = view.currentIndex() if is_keyboard else view.indexAt(event.pos())
        if index.isValid():
            place = view.viewport().mapToGlobal(view.visualRect(index).center()) if is_keyboard else event.globalPos()
            self.wanted.emit(index, place)
        return True
