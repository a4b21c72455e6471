"""The focus ring: one overlay that follows the focus, since style sheets have no outline offset. GUI thread."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from shiboken6 import isValid

GAP: Final = 2
WIDTH: Final = 2
RADIUS: Final = 6 + GAP
_REACH: Final = GAP + WIDTH
_TYPED_INTO: Final = (QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit)
_MOVES: Final = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide, QEvent.Type.Show)


class FocusRing(QObject):
    """Draws a ring around the focused widget, in the widget's window, above everything.

    The keyboard shows it everywhere, a click only on fields, which go on taking keys. A window that opens shows none;
    one that comes back shows it where it was.
    """

    def __init__(self, color: Callable[[], QColor]) -> None:
        super().__init__()
        self._color = color
        self._target: QWidget | None = None
        self._overlay: _Overlay | None = None
        self._last: QWidget | None = None
        self._watched: tuple[QWidget, ...] = ()

    def follow(self, old: QWidget | None, now: QWidget | None) -> None:
        """Move to the widget that has the focus now; the slot of QApplication.focusChanged."""
        self.remove()
        if now is None:
            return
        by_keyboard = QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton and old is not None
        if not (by_keyboard or isinstance(now, _TYPED_INTO) or now is self._last):
            self._last = None
            return
        self._target = self._last = now
        self._overlay = _Overlay(now, self._color)
        self._watched = _with_ancestors(now)
        for widget in self._watched:
            widget.installEventFilter(self)
        now.destroyed.connect(self.remove)
        self._place()

    def remove(self) -> None:
        """Take the ring away."""
        target, overlay, self._target, self._overlay = self._target, self._overlay, None, None
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched = ()
        if target is not None and isValid(target):
            target.destroyed.disconnect(self.remove)
        if overlay is not None and isValid(overlay):
            overlay.hide()
            overlay.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES and watched in self._watched:
            self._place()
        return False

    def _place(self) -> None:
        if self._target is None or self._overlay is None or not isValid(self._overlay):
            return
        corner = self._target.mapTo(self._target.window(), QPoint(0, 0))
        self._overlay.setGeometry(QRect(corner, self._target.size()).adjusted(-_REACH, -_REACH, _REACH, _REACH))
        self._overlay.setVisible(self._target.isVisible())
        self._overlay.raise_()


def _with_ancestors(widget: QWidget) -> tuple[QWidget, ...]:
    """Return a widget and all that it lies in below its window: it moves on screen with each of them."""
    found = [widget]
    while (above := found[-1].parentWidget()) is not None and not found[-1].isWindow():
        found.append(above)
    return tuple(each for each in found if each is widget or not each.isWindow())


def _is_covered(widget: QWidget) -> bool:
    """Tell whether other things lie over the middle and all corners of a widget, such as a message."""
    window, rect = widget.window(), widget.rect().adjusted(1, 1, -1, -1)
    points = (rect.center(), rect.topLeft(), rect.topRight(), rect.bottomLeft(), rect.bottomRight())
    seen = (window.childAt(widget.mapTo(window, point)) for point in points)
    return all(each is not None and each is not widget and not widget.isAncestorOf(each) for each in seen)


class _Overlay(QWidget):
    """The ring itself: never takes mouse or focus, and isn't there while what it surrounds is covered."""

    def __init__(self, target: QWidget, color: Callable[[], QColor]) -> None:
        super().__init__(target.window())
        self._target, self._color = target, color
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if not isValid(self._target) or _is_covered(self._target):
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._color(), WIDTH))
            half = WIDTH / 2
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), RADIUS, RADIUS)
