"""Lines of text, aligned by their capitals. Pure functions on a QPainter, GUI thread."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from hmi.theme.fonts import font
from hmi.theme.theme import theme

ALIGNMENTS: Final = ("left", "centre", "right")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Size in px, weight, role of the colour, and one of ALIGNMENTS."""

    size: float = 15.0
    weight: int = 400
    role: str = "text"
    align: str = "left"
    condensed: bool = False

    @property
    def font(self) -> QFont:
        return font(self.size, self.weight, self.condensed)


def draw_text(painter: QPainter, rect: QRectF, text: str, style: TextStyle) -> None:
    """Draw one line in the middle of the height of `rect`; what doesn't fit ends in an ellipsis."""
    used = style.font
    metrics = QFontMetricsF(used)
    width = metrics.horizontalAdvance(text)
    if width > rect.width() > 0:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        width = metrics.horizontalAdvance(text)
    painter.save()
    painter.setFont(used)
    painter.setPen(theme().color(style.role))
    slack = rect.width() - width
    x = rect.left() + {"left": 0.0, "centre": slack / 2}.get(style.align, slack)
    painter.drawText(QPointF(x, baseline(metrics, rect)), text)
    painter.restore()


def baseline(metrics: QFontMetricsF, rect: QRectF) -> float:
    """Return the y at which capitals stand in the middle of `rect`."""
    return rect.center().y() + metrics.capHeight() / 2


def text_width(text: str, style: TextStyle) -> float:
    """Return the width of a line in px."""
    return QFontMetricsF(style.font).horizontalAdvance(text)
