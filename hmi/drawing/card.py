"""A card: the panel on which related things stand. Pure functions on a QPainter, GUI thread."""

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from hmi.drawing.text import TextStyle, draw_text
from hmi.theme.theme import theme

RADIUS: Final = 8.0
PADDING: Final = 20.0
TITLE_HEIGHT: Final = 22.0
_TITLE: Final = TextStyle(17, 600)


def draw_card(painter: QPainter, rect: QRectF, title: str = "") -> None:
    """Draw a card with an optional title at its top left."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().color("line"), 1))
    painter.setBrush(theme().color("panel"))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    painter.restore()
    if title:
        padding = min(PADDING, rect.width() / 10 + 3)
        line = QRectF(rect.left() + padding, rect.top() + 16, rect.width() - 2 * padding, TITLE_HEIGHT)
        draw_text(painter, line, title, _TITLE)
