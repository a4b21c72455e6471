"""What charts are drawn with: the colours of the screen's theme, or those of paper. Pure, GUI thread.

The same functions draw the page and the printed report, so neither knows of the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from hmi.drawing.hatch import hatch_brush
from hmi.drawing.text import TextStyle, baseline
from hmi.theme.theme import theme
from hmi.theme.tokens import load_tokens


@dataclass(frozen=True, slots=True)
class Ink:
    """`color` gives colours by their role."""

    color: Callable[[str], QColor]

    def shade(self, share: float) -> QColor:
        """Return the colour of text, as strong as a share of it."""
        made = QColor(self.color("text"))
        made.setAlphaF(share)
        return made

    def write(self, painter: QPainter, rect: QRectF, text: str, style: TextStyle) -> None:
        """Write one line in the middle of the height of `rect`; what doesn't fit ends in an ellipsis."""
        metrics = QFontMetricsF(style.font)
        if metrics.horizontalAdvance(text) > rect.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        slack = rect.width() - metrics.horizontalAdvance(text)
        x = rect.left() + {"left": 0.0, "centre": slack / 2}.get(style.align, slack)
        painter.setFont(style.font)
        painter.setPen(self.color(style.role))
        painter.drawText(QPointF(x, baseline(metrics, rect)), text)

    def box(self, painter: QPainter, rect: QRectF, role: str = "vessel") -> None:
        """Draw a filled bar with its outline."""
        painter.setPen(QPen(self.color("outline"), 1))
        painter.setBrush(self.color(role))
        painter.drawRect(rect)

    def hatch(self, painter: QPainter, rect: QRectF) -> None:
        """Hatch what isn't known."""
        painter.fillRect(rect, hatch_brush(self.color("outline")))

    def line(self, painter: QPainter, points: Sequence[QPointF], role: str, width: float = 1.0) -> None:
        """Draw a line through points."""
        painter.setPen(QPen(self.color(role), width))
        painter.drawPolyline(QPolygonF(points))


def screen_ink() -> Ink:
    """Return the ink of the theme of the moment."""
    return Ink(theme().color)


def paper_ink() -> Ink:
    """Return the ink of the light theme on white."""
    colours = {**load_tokens()["light"].colours, "panel": QColor(Qt.GlobalColor.white)}
    return Ink(colours.__getitem__)
