"""The sign of an alarm: shape, colour and digit say its priority, outlines its state. Pure functions, GUI thread.

Square 1, triangle 2, triangle on its tip 3, circle 4. Not acknowledged: filled, with a second outline 3 px outside, the
only thing that blinks. Acknowledged: filled. Returned but not acknowledged: hollow, its second outline dashed. Latched:
an L beside it. Shelved S, suppressed D, out of service O: hollow and grey. A glyph of side n draws within a box of
`glyph_box(n)`, whatever its state, so that nothing jumps when the state changes.
"""

import math
from dataclasses import dataclass
from enum import Enum
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from hmi.theme.fonts import font
from hmi.theme.theme import theme

_LINE: Final = 2.0
_APART: Final = 3.0
"""Between the middles of the two outlines."""
_REACH: Final = 6.0
_DASH: Final = (2.0, 1.6)
_TRIANGLE: Final = 0.58
"""Radius of the circle in a triangle, as a part of that in the square."""


class GlyphLook(Enum):
    """What the outlines say."""

    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    NONE = "none"
    SHELVED = "S"
    SUPPRESSED = "D"
    OUT_OF_SERVICE = "O"

    @property
    def blinks(self) -> bool:
        return self in (GlyphLook.UNACKNOWLEDGED, GlyphLook.RETURNED)

    @property
    def is_filled(self) -> bool:
        return self in (GlyphLook.UNACKNOWLEDGED, GlyphLook.ACKNOWLEDGED)

    @property
    def is_grey(self) -> bool:
        return self in (GlyphLook.NONE, GlyphLook.SHELVED, GlyphLook.SUPPRESSED, GlyphLook.OUT_OF_SERVICE)


@dataclass(frozen=True, slots=True)
class Glyph:
    """What a glyph shows: priority 1 to 4, the look, and whether the alarm is latched."""

    priority: int
    look: GlyphLook
    is_latched: bool = False


def glyph_box(side: float) -> float:
    """Return the side of the square that a glyph of `side` px needs with its second outline."""
    return side + 2 * _REACH


def draw_glyph(painter: QPainter, box: QRectF, glyph: Glyph, is_lit: bool = True) -> None:
    """Draw a glyph in the middle of `box`, as large as fits; `is_lit` shows what blinks."""
    side = min(box.width(), box.height()) - 2 * _REACH
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.center())
    outline = theme().color("stale" if glyph.look.is_grey else "text")
    if glyph.look.blinks and is_lit:
        _draw_second(painter, glyph, side)
    painter.setPen(QPen(outline, _LINE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin))
    painter.setBrush(theme().color(f"p{glyph.priority}") if glyph.look.is_filled else Qt.BrushStyle.NoBrush)
    _draw_shape(painter, glyph.priority, side, 0.0)
    _draw_digit(painter, glyph, side)
    if glyph.is_latched:
        _draw_latch(painter, side)
    painter.restore()


def _draw_second(painter: QPainter, glyph: Glyph, side: float) -> None:
    """Draw the second outline; between the two the ground is `raised`, so that they stay apart on any colour."""
    pen = QPen(theme().color("text"), _LINE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
    is_dashed = glyph.look is GlyphLook.RETURNED
    if is_dashed:
        pen.setDashPattern(list(_DASH))
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush if is_dashed else theme().color("raised"))
    _draw_shape(painter, glyph.priority, side, _APART)


def _draw_shape(painter: QPainter, priority: int, side: float, grow: float) -> None:
    """Draw the outline of a priority, its line running `grow` px outside the inner one."""
    half = (side - _LINE) / 2 + grow
    if priority == 1:
        painter.drawRect(QRectF(-half, -half, 2 * half, 2 * half))
    elif priority == 4:
        painter.drawEllipse(QPointF(0, 0), half, half)
    else:
        painter.drawPolygon(_triangle(side, grow, -1 if priority == 2 else 1))


def _triangle(side: float, grow: float, sign: int) -> QPolygonF:
    """Return an even triangle, the inner one around the middle of its height; `sign` 1 stands on its tip."""
    inner = (side - _LINE) / 2 * _TRIANGLE
    radius = inner + grow
    middle = -sign * inner / 2
    tip, base, half = middle + sign * 2 * radius, middle - sign * radius, math.sqrt(3) * radius
    return QPolygonF([QPointF(0, tip), QPointF(-half, base), QPointF(half, base)])


def _draw_digit(painter: QPainter, glyph: Glyph, side: float) -> None:
    is_letter = glyph.look.is_grey and glyph.look is not GlyphLook.NONE
    text = glyph.look.value if is_letter else str(glyph.priority)
    role = "stale" if glyph.look.is_grey else "text"
    colour = theme().color(f"p{glyph.priority}_digit" if glyph.look.is_filled else role)
    used = font(side * (0.52 if glyph.priority in (2, 3) else 0.68), 700)
    painter.setFont(used)
    painter.setPen(colour)
    shift = {2: 0.08, 3: -0.08}.get(glyph.priority, 0.0) * side
    box = QRectF(-side, shift - side, 2 * side, 2 * side)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)


def _draw_latch(painter: QPainter, side: float) -> None:
    """Draw the L of a latched alarm at the lower right."""
    size = max(9.0, side * 0.46)
    box = QRectF(side / 2 + _REACH - size, side / 2 + _REACH - size, size, size)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("text"))
    painter.drawRoundedRect(box, 2, 2)
    painter.setPen(theme().color("panel"))
    painter.setFont(font(size * 0.8, 700))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), "L")
