"""What the painter adds to a symbol: cross, stop bar, stop square, room for a badge. Pure functions, GUI thread."""

from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from hmi.symbols.source import SymbolSource
from hmi.theme.theme import theme

_LINE: Final = 3.5
_HALO: Final = 7.0
_CROSS: Final = 7.5
_SQUARE: Final = 5.0


def draw_stop_mark(painter: QPainter, source: SymbolSource) -> None:
    """Draw the bar or square of a stopped symbol, in grid units."""
    if source.stop == "bar":
        painter.setPen(QPen(theme().color("text"), _LINE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        x1, y1, x2, y2 = source.bar
        painter.drawLine(QLineF(x1, y1, x2, y2))
    elif source.stop == "square":
        x, y = source.centre
        painter.setPen(QPen(theme().color("mark_on_stop"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(x - _SQUARE, y - _SQUARE, 2 * _SQUARE, 2 * _SQUARE))


def draw_cross(painter: QPainter, source: SymbolSource) -> None:
    """Draw the cross of a fault, in grid units, with a halo so that it stands out on whatever lies below."""
    x, y = source.centre
    lines = [
        QLineF(QPointF(x - _CROSS, y - _CROSS), QPointF(x + _CROSS, y + _CROSS)),
        QLineF(QPointF(x - _CROSS, y + _CROSS), QPointF(x + _CROSS, y - _CROSS)),
    ]
    for role, width in (("stop", _HALO), ("mark_on_stop", _LINE)):
        painter.setPen(QPen(theme().color(role), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLines(lines)


def badge_side(size: float) -> float:
    """Return the side of the badge on a symbol of `size` px."""
    return min(22.0, max(14.0, 0.3 * size))


def badge_box(size: float) -> QRectF:
    """Return the place of the badge in the top right corner of a symbol of `size` px."""
    side = badge_side(size)
    return QRectF(size - side, 0, side, side)
