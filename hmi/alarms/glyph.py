"""The sign of an alarm: shape, colour and digit say its priority, outlines its state. Pure functions, GUI thread.

Square 1, triangle 2, triangle on its tip 3, circle 4. Not acknowledged: filled, with a second outline 3 px outside, the
only thing that blinks. Acknowledged: filled. Returned but not acknowledged: hollow, its second outline dashed. Latched:
an L at the lower right. First of its group: an F at the upper right. Shelved S, suppressed D, out of service O: hollow
and grey; suppressed with broken lines and out of service struck through, because small letters look alike. Diagnostic:
a square on its tip with a D, always hollow and without colour; it calls nobody, so it never blinks. (A circle with a D
would be what a suppressed 4 is.) A glyph of side n draws within a box of `glyph_box(n)`, whatever its state, so that
nothing jumps when the state changes. In a triangle, where there is least room, the outline leaves the digit free.
"""

import math
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen, QPolygonF

from hmi.theme.fonts import font
from hmi.theme.theme import theme
from plant_models.alarm_definition import DIAGNOSTIC

_LINE: Final = 2.0
_APART: Final = 3.0
"""Between the middles of the two outlines."""
_REACH: Final = 6.0
_DASH: Final = (2.0, 1.6)
_FREE: Final = 1.0
"""Between the digit in a triangle and the outline (px)."""
_TRIANGLES: Final = (2, 3)
_DIAGNOSTIC: Final = "D"
_LEAST_LETTER: Final = 9.0
_STRIKE: Final = 1.5


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
    """What a glyph shows: priority 1 to 4 or DIAGNOSTIC, the look, whether the alarm is latched, and came first."""

    priority: int
    look: GlyphLook
    is_latched: bool = False
    is_first_out: bool = False

    @property
    def plain(self) -> "Glyph":
        """The same without letters beside it, where it stands for many alarms."""
        return Glyph(self.priority, self.look)

    @property
    def blinks(self) -> bool:
        return self.look.blinks and self.priority != DIAGNOSTIC

    @property
    def is_filled(self) -> bool:
        """Whether it, and what it marks, has the colour of its priority."""
        return self.look.is_filled and self.priority != DIAGNOSTIC


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
    if glyph.look.blinks and (is_lit or not glyph.blinks):
        _draw_second(painter, glyph, side)
    pen = QPen(outline, _LINE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
    if glyph.look is GlyphLook.SUPPRESSED:
        pen.setDashPattern(list(_DASH))
    painter.setPen(pen)
    painter.setBrush(theme().color(f"p{glyph.priority}") if glyph.is_filled else Qt.BrushStyle.NoBrush)
    if glyph.priority in _TRIANGLES and glyph.look not in (GlyphLook.SUPPRESSED, GlyphLook.OUT_OF_SERVICE):
        _draw_triangle(painter, glyph, side)
    else:
        _draw_shape(painter, glyph.priority, side, 0.0)
        _draw_digit(painter, glyph, side)
    if glyph.is_latched:
        _draw_chip(painter, side, "L", 1)
    if glyph.is_first_out:
        _draw_chip(painter, side, "F", -1)
    painter.restore()


def _draw_second(painter: QPainter, glyph: Glyph, side: float) -> None:
    """Draw the second outline; between the two the ground is `raised`, so that they stay apart on any colour."""
    join = Qt.PenJoinStyle.RoundJoin if glyph.priority in _TRIANGLES else Qt.PenJoinStyle.MiterJoin
    pen = QPen(theme().color("text"), _LINE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, join)
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
    elif priority == DIAGNOSTIC:
        reach = side / 2 + grow * math.sqrt(2)
        tips = (QPointF(0, -reach), QPointF(reach, 0), QPointF(0, reach), QPointF(-reach, 0))
        painter.drawPolygon(QPolygonF(tips))
    else:
        painter.drawPolygon(_triangle(side, grow, -1 if priority == 2 else 1))


def _triangle(side: float, grow: float, sign: int) -> QPolygonF:
    """Return an even triangle, the inner one around the middle of its height; `sign` 1 stands on its tip.

    It is as large as its second outline, which has round corners, leaves it in the box.
    """
    inner = (side / 2 + _REACH - _LINE / 2) / math.sqrt(3) - _APART
    radius = inner + grow
    middle = -sign * inner / 2
    tip, base, half = middle + sign * 2 * radius, middle - sign * radius, math.sqrt(3) * radius
    return QPolygonF([QPointF(0, tip), QPointF(-half, base), QPointF(half, base)])


def _draw_triangle(painter: QPainter, glyph: Glyph, side: float) -> None:
    """Draw a triangle with its digit; fill and pen are set."""
    shape = _triangle(side, 0.0, -1 if glyph.priority == 2 else 1)
    outline = painter.pen().color()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon(shape)
    text, role = _letter(glyph)
    line, digit = _paths(glyph.priority, side, text)
    painter.fillPath(line, outline)
    painter.fillPath(digit, theme().color(role))


@lru_cache(maxsize=256)
def _paths(priority: int, side: float, text: str) -> tuple[QPainterPath, QPainterPath]:
    """Return the outline of a triangle around its digit, and the digit; to work them out takes long."""
    used = font(_letter_px(priority, side), 700)
    metrics = QFontMetricsF(used)
    shift = _shift(priority, side) + metrics.capHeight() / 2
    digit = QPainterPath()
    digit.addText(QPointF(-metrics.horizontalAdvance(text) / 2, shift), used, text)
    free, edge = QPainterPathStroker(), QPainterPathStroker()
    free.setWidth(2 * _FREE)
    edge.setWidth(_LINE)
    edge.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    shape = QPainterPath()
    shape.addPolygon(_triangle(side, 0.0, -1 if priority == 2 else 1))
    shape.closeSubpath()
    return edge.createStroke(shape).subtracted(free.createStroke(digit).united(digit)), digit


def _letter_px(priority: int, side: float) -> float:
    return max(_LEAST_LETTER, side * (0.68 if priority in (1, 4) else 0.52))


def _shift(priority: int, side: float) -> float:
    """Return how far below the middle a letter stands (px): where the triangle is wide."""
    return {2: 0.08, 3: -0.08}.get(priority, 0.0) * side


def _letter(glyph: Glyph) -> tuple[str, str]:
    """Return what stands in a glyph, and the role of its colour."""
    is_letter = glyph.look.is_grey and glyph.look is not GlyphLook.NONE
    sign = _DIAGNOSTIC if glyph.priority == DIAGNOSTIC else str(glyph.priority)
    role = "stale" if glyph.look.is_grey else "text"
    return glyph.look.value if is_letter else sign, f"p{glyph.priority}_digit" if glyph.is_filled else role


def _draw_digit(painter: QPainter, glyph: Glyph, side: float) -> None:
    text, role = _letter(glyph)
    colour = theme().color(role)
    painter.setFont(font(_letter_px(glyph.priority, side), 700))
    painter.setPen(colour)
    shift = _shift(glyph.priority, side)
    box = QRectF(-side, shift - side, 2 * side, 2 * side)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
    if glyph.look is GlyphLook.OUT_OF_SERVICE:
        reach = side / 2 - 1
        painter.setPen(QPen(colour, _STRIKE))
        painter.drawLine(QPointF(-reach, reach), QPointF(reach, -reach))


def _draw_chip(painter: QPainter, side: float, letter: str, sign: int) -> None:
    """Draw a letter beside the shape, at the lower (1) or upper (-1) right."""
    size = max(9.0, side * 0.46)
    middle = side / 2 + _REACH - size / 2
    box = QRectF(middle - size / 2, sign * middle - size / 2, size, size)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("text"))
    painter.drawRoundedRect(box, 2, 2)
    painter.setPen(theme().color("panel"))
    painter.setFont(font(size * 0.8, 700))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), letter)
