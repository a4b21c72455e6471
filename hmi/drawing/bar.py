"""The analog indicator: position before number. Pure functions on a QPainter, GUI thread.

A track with the normal band, the alarm zones and ticks at L and H; a pointer for the value, a hollow triangle opposite
for the setpoint. A value that isn't usable hatches the track and hollows the pointer.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from hmi.drawing.badge import LETTER_SIZE, LETTER_WIDTH, draw_manual_letter
from hmi.drawing.hatch import hatch_brush
from hmi.theme.theme import theme
from plant_models.alarm_definition import LIMIT_KINDS, AlarmKind
from plant_models.plant import Plant

POINTER_WIDTH: Final = 14.0
POINTER_LENGTH: Final = 10.0
SETPOINT_WIDTH: Final = 12.0
SETPOINT_LENGTH: Final = 9.0
TICK_REACH: Final = 3.0
OVERHANG: Final = POINTER_WIDTH / 2 + 1.0
"""How far a pointer at the end of its track reaches beyond it."""
_POINTER_SINK: Final = 2.0
_MARK_GAP: Final = 1.5
_CAP: Final = 0.72
"""The height of a capital letter in its size."""
_BRACKET_GAP: Final = 3.0
_BRACKET_DEPTH: Final = 5.0


@dataclass(frozen=True, slots=True)
class BarScale:
    """The ends of an indicator and its alarm limits, in the tag's unit; a limit of None isn't drawn."""

    low: float
    high: float
    low_low: float | None = None
    low_limit: float | None = None
    high_limit: float | None = None
    high_high: float | None = None

    def position(self, value: float) -> float:
        """Return where a value lies, 0 at the low end to 1 at the high end; beyond them it stays at the end."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


@dataclass(frozen=True, slots=True)
class BarMarks:
    """What moves: the value (NaN draws no pointer), whether it may be trusted, setpoints, a target range, and alarms.

    `alarm` is the priority of the most urgent active alarm of the tag, 0 for none. `is_manual` puts an M beside the
    pointer of a value that somebody entered and that no number tells, `is_setpoint_manual` beside the setpoint's.
    """

    value: float
    is_usable: bool
    setpoint: float | None = None
    new_setpoint: float | None = None
    target: tuple[float, float] | None = None
    alarm: int = 0
    is_manual: bool = False
    is_setpoint_manual: bool = False


def bar_scale(plant: Plant, tag: str) -> BarScale | None:
    """Return the scale of a tag from its range and its alarms; None if it has no range."""
    return _scales(_Same(plant)).get(tag)


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A plant as a key: a loaded plant never changes, so it is known by being the same object."""

    plant: Plant

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.plant is self.plant

    def __hash__(self) -> int:
        return id(self.plant)


@lru_cache(maxsize=2)
def _scales(same: _Same) -> dict[str, BarScale]:
    """Return the scale of every tag that has a range."""
    limits: defaultdict[str, dict[AlarmKind, float | None]] = defaultdict(dict)
    for alarm in same.plant.alarms:
        limits[alarm.tag][alarm.kind] = alarm.limit
    return {
        tag.name: BarScale(tag.low, tag.high, *(limits[tag.name].get(kind) for kind in LIMIT_KINDS))
        for tag in same.plant.tags
        if tag.low is not None and tag.high is not None and tag.high > tag.low
    }


def draw_bar(painter: QPainter, track: QRectF, scale: BarScale, marks: BarMarks, is_vertical: bool = False) -> None:
    """Draw an indicator whose track fills `track`; leave 10 px above and below it (upright: left and right)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if is_vertical:
        # One drawing serves both: upright is the level one, turned a quarter to the left.
        painter.translate(track.left(), track.bottom())
        painter.rotate(-90)
    else:
        painter.translate(track.topLeft())
    length, breadth = (track.height(), track.width()) if is_vertical else (track.width(), track.height())
    _draw_track(painter, QRectF(0, 0, length, breadth), scale, marks)
    if is_vertical and marks.is_usable:
        _draw_column(painter, length * scale.position(marks.value), breadth)
    _draw_ticks(painter, QRectF(0, 0, length, breadth), scale)
    edge, sign = (0.0, -1.0) if is_vertical else (breadth, 1.0)
    for value, is_filled in ((marks.setpoint, False), (marks.new_setpoint, True)):
        if value is not None and math.isfinite(value):
            _draw_setpoint(painter, QPointF(length * scale.position(value), edge + sign * 2), sign, is_filled)
    if marks.target is not None:
        start, end = (length * scale.position(value) for value in marks.target)
        _draw_target(painter, start, end, edge + sign * _BRACKET_GAP, sign)
    if not math.isnan(marks.value):
        _draw_pointer(painter, length * scale.position(marks.value), breadth, marks.is_usable, is_vertical)
    painter.restore()
    if marks.is_manual:
        _draw_manual(painter, track, scale.position(marks.value), is_vertical, is_setpoint=False)
    if marks.is_setpoint_manual and marks.setpoint is not None:
        _draw_manual(painter, track, scale.position(marks.setpoint), is_vertical, is_setpoint=True)


def _draw_manual(painter: QPainter, track: QRectF, position: float, is_vertical: bool, *, is_setpoint: bool) -> None:
    """Draw the mark of a manual value beside a pointer (upright: above it), or on its other side for want of room."""
    away = POINTER_WIDTH / 2 + _MARK_GAP
    if is_vertical:
        y = track.bottom() - position * track.height()
        left = track.left() - LETTER_WIDTH if is_setpoint else track.right() + 1
        has_room = y - away - LETTER_SIZE >= track.top() - OVERHANG
        draw_manual_letter(painter, left, y - away if has_room else y + away + LETTER_SIZE * _CAP)
        return
    x = track.left() + position * track.width()
    left = x + away if x + away + LETTER_WIDTH <= track.right() + OVERHANG else x - away - LETTER_WIDTH
    baseline = track.bottom() + _MARK_GAP + LETTER_SIZE * _CAP if is_setpoint else track.top() - 1
    draw_manual_letter(painter, left, baseline)


def _draw_track(painter: QPainter, track: QRectF, scale: BarScale, marks: BarMarks) -> None:
    colors = theme()
    if not marks.is_usable:
        painter.setPen(QPen(colors.color("stale"), 1))
        painter.setBrush(hatch_brush(colors.color("stale")))
        painter.drawRect(track.adjusted(0.5, 0.5, -0.5, -0.5))
        return
    # Filled rectangles instead of strokes: crisp, and three times as fast.
    painter.fillRect(track, colors.color("outline"))
    inside = track.adjusted(1, 1, -1, -1)
    for start, end, role in zones(scale):
        left, right = (min(inside.right(), max(inside.left(), track.width() * at)) for at in (start, end))
        part = QRectF(left, inside.top(), right - left, inside.height())
        if marks.alarm and role != "band" and start <= scale.position(marks.value) <= end:
            painter.fillRect(part.adjusted(0, -1, 0, 1), colors.color("text"))
            painter.fillRect(part.adjusted(1, 0, -1, 0), colors.color(f"p{marks.alarm}"))
        else:
            painter.fillRect(part, colors.color(role))


def zones(scale: BarScale) -> tuple[tuple[float, float, str], ...]:
    """Return the parts of a track as (start, end, role), positions from 0 to 1, empty parts left out.

    Without a limit the next one further out ends the band; without any, the whole track is the band.
    """
    low = _at(scale, scale.low_limit, _at(scale, scale.low_low, 0.0))
    high = _at(scale, scale.high_limit, _at(scale, scale.high_high, 1.0))
    low_low, high_high = min(_at(scale, scale.low_low, 0.0), low), max(_at(scale, scale.high_high, 1.0), high)
    parts = (
        (0.0, low_low, "limit"),
        (low_low, low, "track"),
        (low, high, "band"),
        (high, high_high, "track"),
        (high_high, 1.0, "limit"),
    )
    return tuple(part for part in parts if part[1] > part[0])


def _at(scale: BarScale, limit: float | None, otherwise: float) -> float:
    return otherwise if limit is None else scale.position(limit)


def _draw_column(painter: QPainter, at: float, breadth: float) -> None:
    """Draw how full it is, as the dark column inside an upright track."""
    painter.fillRect(QRectF(0, breadth * 0.27, at, breadth * 0.46), theme().color("outline"))


def _draw_ticks(painter: QPainter, track: QRectF, scale: BarScale) -> None:
    painter.setPen(QPen(theme().color("outline"), 1.5))
    for limit in (scale.low_limit, scale.high_limit):
        if limit is not None:
            x = track.width() * scale.position(limit)
            painter.drawLine(QLineF(x, -TICK_REACH, x, track.height() + TICK_REACH))


def _draw_pointer(painter: QPainter, at: float, breadth: float, is_usable: bool, is_vertical: bool) -> None:
    """Draw the pointer above the track (upright: right of it, which is below once turned)."""
    colour = theme().color("value" if is_usable else "stale")
    painter.setPen(QPen(colour, 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(QLineF(at, 0, at, breadth))
    edge, sign = (breadth, 1.0) if is_vertical else (0.0, -1.0)
    tip = edge - sign * _POINTER_SINK
    painter.setPen(QPen(colour, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.MiterJoin))
    painter.setBrush(colour if is_usable else theme().color("panel"))
    painter.drawPolygon(_triangle(QPointF(at, tip), POINTER_WIDTH - 1.5, sign * POINTER_LENGTH))


def _draw_setpoint(painter: QPainter, tip: QPointF, sign: float, is_filled: bool) -> None:
    """Draw a setpoint opposite the pointer: hollow in force, filled not yet written."""
    colour = theme().color("setpoint")
    painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(colour if is_filled else Qt.BrushStyle.NoBrush)
    painter.drawPolygon(_triangle(tip, SETPOINT_WIDTH - 2, sign * (SETPOINT_LENGTH - 1)))


def _draw_target(painter: QPainter, start: float, end: float, edge: float, sign: float) -> None:
    """Draw the range in which the value shall lie, as a bracket opposite the pointer."""
    painter.setPen(QPen(theme().color("setpoint"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    far = edge + sign * _BRACKET_DEPTH
    painter.drawPolyline([QPointF(start, edge), QPointF(start, far), QPointF(end, far), QPointF(end, edge)])


def _triangle(tip: QPointF, width: float, depth: float) -> QPolygonF:
    x, y = tip.x(), tip.y()
    return QPolygonF([tip, QPointF(x + width / 2, y + depth), QPointF(x - width / 2, y + depth)])
