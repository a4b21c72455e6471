"""A live value: quality mark, number, unit. Pure functions on a QPainter, GUI thread."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from hmi.drawing.text import baseline
from hmi.live import MARK_MANUAL, Reading
from hmi.theme.fonts import font
from hmi.theme.theme import theme

DISPLAY_SIZE: Final = 24.0
"""Numbers larger than this are display figures, written in `text`, as are words and setpoints."""
_UNIT_RATIO: Final = 0.62
_SMALLEST_UNIT: Final = 15.0
_GAP_EM: Final = 0.2

Piece = tuple[str, QFont, QColor]


def unit_size(size: float) -> float:
    """Return the size in px of the unit beside a number of `size` px."""
    return max(_UNIT_RATIO * size, min(_SMALLEST_UNIT, size - 2))


def draw_value(painter: QPainter, rect: QRectF, reading: Reading, size: float, align: str = "right") -> None:
    """Draw a reading in the middle of the height of `rect`, at its left or right end."""
    pieces = _pieces(reading, size)
    gap = _GAP_EM * size
    if not reading.is_measured and not reading.unit:
        pieces[-1] = _elided(pieces[-1], rect.width())
    widths = [QFontMetricsF(used).horizontalAdvance(text) for text, used, _ in pieces]
    total = sum(widths) + gap * (len(pieces) - 1)
    x = rect.left() if align == "left" else rect.right() - total
    y = baseline(QFontMetricsF(font(size, 600)), rect)
    painter.save()
    for (text, used, colour), width in zip(pieces, widths, strict=True):
        painter.setFont(used)
        painter.setPen(colour)
        painter.drawText(QPointF(x, y), text)
        x += width + gap
    painter.restore()


def _pieces(reading: Reading, size: float) -> list[Piece]:
    colors = theme()
    number = font(size, 600)
    pieces: list[Piece] = []
    if reading.mark:
        role = "manual" if reading.mark == MARK_MANUAL else "stale"
        pieces.append((reading.mark, number, colors.color(role)))
    pieces.append((reading.text, number, colors.color(value_role(reading, size))))
    if reading.unit:
        pieces.append((reading.unit, font(unit_size(size)), colors.color("text2")))
    return pieces


def _elided(piece: Piece, width: float) -> Piece:
    """Return a text cut to its box; a number is never cut, since a part of it would be read as the whole."""
    text, used, colour = piece
    return QFontMetricsF(used).elidedText(text, Qt.TextElideMode.ElideRight, width), used, colour


def value_role(reading: Reading, size: float) -> str:
    """Return the role of the number's colour."""
    if not reading.is_usable:
        return "stale"
    return "value" if reading.is_measured and size <= DISPLAY_SIZE else "text"
