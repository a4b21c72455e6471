"""A box that is ticked or not, with its words. GUI thread."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from hmi.theme.icons import draw_icon
from hmi.theme.theme import theme

_BOX: Final = 16
_GAP: Final = 10
_HEIGHT: Final = 28
_RADIUS: Final = 4


class Tick(QAbstractButton):
    """Looks like the boxes of the alarm list; Space and a click turn it."""

    def __init__(self, words: str, is_on: bool = False) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setChecked(is_on)
        self.setText(words)
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(_BOX + (_GAP + width if self.text() else 0) + 2, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        color = theme().color
        role = "text" if self.isEnabled() else "disabled"
        box = QRectF(0.5, (self.height() - _BOX) / 2, _BOX, _BOX)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            is_strong = self.isChecked() and self.isEnabled()
            painter.setPen(QPen(color("primary" if is_strong else "edge" if self.isEnabled() else "line"), 1))
            painter.setBrush(color("primary" if is_strong else "field" if self.isEnabled() else "panel"))
            painter.drawRoundedRect(box, _RADIUS, _RADIUS)
            if self.isChecked():
                draw_icon(painter, "check", box, color("primary_text" if is_strong else "disabled"))
            painter.setFont(self.font())
            painter.setPen(color(role))
            words = self.rect().adjusted(_BOX + _GAP, 0, 0, 0)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.text())
