"""A list that drops down, with the theme's own chevron. GUI thread."""

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from hmi.theme.icons import DEFAULT_SIZE, draw_icon
from hmi.theme.theme import theme

_RIGHT: Final = 8


class DropList(QComboBox):
    """The style sheet leaves the arrow out; this paints the chevron, turned downwards."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = DEFAULT_SIZE / 2
        with QPainter(self) as painter:
            painter.translate(self.width() - _RIGHT - side, self.height() / 2)
            painter.rotate(90)
            draw_icon(painter, "chevron", QRectF(-side, -side, 2 * side, 2 * side), theme().color("text2"))
