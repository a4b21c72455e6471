"""The part of a display that can be clicked: an invisible button. GUI thread.

So mouse, keyboard, focus ring and screen reader all work as on any button.
"""

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from hmi.displays.items.base import DisplayItem
from hmi.theme.theme import theme

_RADIUS: Final = 6.0
_OPENING_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Hotspot(QAbstractButton):
    """Lies over one item; draws nothing but a fine line while the pointer is on what it opens.

    Only a pointer that moves counts: a display that appears under a resting one stays quiet.
    """

    hovered = Signal(object)
    trend_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, item: DisplayItem, parent: QWidget) -> None:
        super().__init__(parent)
        self.item = item
        self._is_pointed = False
        self.setMouseTracking(True)
        is_tab_stop = item.is_tab_stop and bool(item.opens)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_tab_stop else Qt.FocusPolicy.NoFocus)
        if item.opens:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._point(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        event.accept()  # also the middle and right buttons: their releases belong here

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for a trend on a click with the middle button, or with Alt."""
        is_alt = event.button() == Qt.MouseButton.LeftButton and event.modifiers() & Qt.KeyboardModifier.AltModifier
        is_inside = self.rect().contains(event.position().toPoint())
        if is_inside and (is_alt or event.button() == Qt.MouseButton.MiddleButton):
            self.setDown(False)
            self.trend_wanted.emit(self.item)
        else:
            super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(self.item, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OPENING_KEYS:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if not (self.item.is_tab_stop and self.item.opens and self._is_pointed):
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme().color("edge"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)

    def _point(self, is_pointed: bool) -> None:
        if is_pointed != self._is_pointed:
            self._is_pointed = is_pointed
            self.hovered.emit(self.item if is_pointed else None)
            self.update()
