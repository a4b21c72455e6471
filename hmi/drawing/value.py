"""A live value: quality mark, number, unit. Pure functions on a QPainter, GUI thread."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPolygonF

from hmi.drawing.text import baseline
from hmi.live import MARK_MANUAL, Reading
from hmi.numbers import MINUS
from hmi.theme.fonts import font
from hmi.theme.theme import theme

DISPLAY_SIZE: Final = 24.0
"""Numbers larger than this are display figures, written in `text`, as are words and setpoints."""
_UNIT_RATIO: Final = 0.62
_SMALLEST_UNIT: Final = 15.0
_GAP_EM: Final = 0.2
_TRIANGLE_EM: Final = 0.62
_SMALLEST: Final = 13.0
TOO_WIDE: Final = "####"
_NO_DIGIT: Final = "0."
"""What a number that is shown as nothing consists of."""

Piece = tuple[str, QFont, QColor]


def unit_size(size: float) -> float:
    """Return the size in px of the unit beside a number of `size` px."""
    return max(_UNIT_RATIO * size, min(_SMALLEST_UNIT, size - 2))


def draw_value(painter: QPainter, rect: QRectF, reading: Reading, size: float, align: str = "right") -> None:
    """Draw a reading in the middle of the height of `rect`, at its left or right end.

    A number that doesn't fit is written smaller, and as #### if that doesn't help: a part of it would be read as the
    whole. A word ends in an ellipsis.
    """
    pieces, size = _fitting(reading, size, rect.width())
    gap = _GAP_EM * size
    widths = [_width(piece) for piece in pieces]
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


def draw_direction(painter: QPainter, rect: QRectF, reading: Reading, size: float) -> None:
    """Draw a reading at the left end of `rect` with a triangle up or down in place of its sign."""
    if not reading.is_usable or not reading.text.strip(_NO_DIGIT):
        draw_value(painter, rect, reading, size, "left")
        return
    width, is_up = _TRIANGLE_EM * size, not reading.text.startswith(MINUS)
    middle, half = rect.center().y(), width * 0.42
    foot, tip = (middle + half, middle - half) if is_up else (middle - half, middle + half)
    left = rect.left()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("text"))
    painter.drawPolygon(QPolygonF([QPointF(left, foot), QPointF(left + width, foot), QPointF(left + width / 2, tip)]))
    painter.restore()
    unsigned = replace(reading, text=reading.text.lstrip(MINUS))
    draw_value(painter, rect.adjusted(width + 2 * _GAP_EM * size, 0, 0, 0), unsigned, size, "left")


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


def _fitting(reading: Reading, size: float, width: float) -> tuple[list[Piece], float]:
    """Return the pieces as large as `width` allows, and their size."""
    for tried in (size, max(_SMALLEST, 0.85 * size), _SMALLEST):
        pieces = _pieces(reading, tried)
        if sum(_width(piece) for piece in pieces) + _GAP_EM * tried * (len(pieces) - 1) <= width:
            return pieces, tried
    if reading.is_measured or reading.unit:
        return _pieces(replace(reading, text=TOO_WIDE, unit=""), _SMALLEST), _SMALLEST
    text, used, colour = _pieces(reading, size)[-1]
    return [(QFontMetricsF(used).elidedText(text, Qt.TextElideMode.ElideRight, width), used, colour)], size


def _width(piece: Piece) -> float:
    return QFontMetricsF(piece[1]).horizontalAdvance(piece[0])


def value_role(reading: Reading, size: float) -> str:
    """Return the role of the number's colour."""
    if not reading.is_usable:
        return "stale"
    return "value" if reading.is_measured and size <= DISPLAY_SIZE else "text"
