"""A menu that stays open while boxes in it are ticked: who chooses one often chooses more. GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu

_TICKING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class StayingMenu(QMenu):
    """Closes on an entry that is no box, on Escape and on a click beside it."""

    def tick_box(self, words: str, is_ticked: bool, on_tick: Callable[[bool], object]) -> QAction:
        """Add a box."""
        made = self.addAction(words)
        made.setCheckable(True)
        made.setChecked(is_ticked)
        made.toggled.connect(on_tick)
        return made

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._tick(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _TICKING or not self._tick(self.activeAction()):
            super().keyPressEvent(event)

    def _tick(self, action: QAction | None) -> bool:
        if action is None or not action.isCheckable() or not action.isEnabled():
            return False
        action.trigger()
        return True
