"""A menu that stays open while boxes in it are ticked: who chooses one often chooses more. GUI thread."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAction, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu

from hmi.theme.icons import draw_icon
from hmi.theme.theme import theme

_BOX: Final = 16
_LEFT: Final = 10
"""Of a box in a row: as the style sheet has it, px."""
_TICKING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class StayingMenu(QMenu):
    """Closes on an entry that is no box, on Escape and on a click beside it."""

    def heading(self, words: str) -> QAction:
        """Add words above what follows; the style draws none for a section of a menu."""
        if not self.isEmpty():
            self.addSeparator()
        made = self.addAction(words)
        made.setEnabled(False)
        strong = QFont()
        strong.setWeight(QFont.Weight.DemiBold)
        made.setFont(strong)
        self.setProperty("headings", "yes")
        return made

    def tick_box(self, words: str, is_ticked: bool, on_tick: Callable[[bool], object]) -> QAction:
        """Add a box."""
        made = self.addAction(words)
        self.setProperty("boxes", "yes")
        made.setCheckable(True)
        made.setChecked(is_ticked)
        made.toggled.connect(on_tick)
        return made

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with QPainter(self) as painter:
            for action in self.actions():
                if action.isChecked() and action.actionGroup() is None:
                    place = self.actionGeometry(action)
                    top = place.top() + (place.height() - _BOX) / 2
                    box = QRectF(place.left() + _LEFT, top, _BOX, _BOX)
                    draw_icon(painter, "check", box, theme().color("primary_text"))

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
