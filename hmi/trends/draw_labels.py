"""What stands beside the curves: the value of the moment at the right, and how values are put in words. GUI thread."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from hmi.drawing.text import TextStyle, draw_text
from hmi.i18n import tr
from hmi.live import capitalised
from hmi.numbers import DASH, amount_text
from hmi.trends.draw_curves import pen_colour
from hmi.trends.draw_ground import CHIP, draw_chip
from hmi.trends.frame import Frame
from hmi.trends.model import TrendModel
from hmi.trends.pens import Pen
from hmi.trends.trace import NOT_LOADED, Value
from plant_models.quality import describe, is_good

_NOW: Final = TextStyle(17, 600)
_SMALL_NOW: Final = TextStyle(15, 600)
_STATE: Final = TextStyle(15, 600)
_LEADER: Final = 12.0
_PITCH: Final = 28.0
_NARROW: Final = 150.0


def draw_now(painter: QPainter, model: TrendModel, frame: Frame) -> None:
    """Draw the value of each visible pen at the right: the live one, or in the past the one at the window's end."""
    room = frame.times.width() - frame.plot.right()
    pens = model.shown(is_strip=False)
    heights = [height_of(model, pen, frame, model.trace(pen.tag.name).at(frame.end_us).value) for pen in pens]
    style = _NOW if room > _NARROW else _SMALL_NOW
    for pen, wanted, y in zip(
        pens, heights, spread(heights, _PITCH, frame.plot.top(), frame.plot.bottom()), strict=True
    ):
        left = frame.plot.right() + _LEADER
        painter.setPen(QPen(pen_colour(pen), 1))
        painter.drawLine(QPointF(frame.plot.right() + 1, wanted), QPointF(left, y))
        draw_chip(painter, QRectF(left, y - CHIP / 2, CHIP, CHIP), pen)
        box = QRectF(left + CHIP + 8, y - CHIP / 2, room - _LEADER - CHIP - 10, CHIP)
        draw_text(painter, box, end_text(model, pen), style)
    for pen, box in zip(model.shown(is_strip=True), frame.strips, strict=False):
        right = QRectF(box.right() + _LEADER, box.top(), room - _LEADER - 4, box.height())
        draw_text(painter, right, end_text(model, pen), _STATE)


def value_text(pen: Pen, value: Value | None) -> str:
    """Return a value with its unit as it stands at a cursor: with a mark and the reason if it can't be trusted.

    A bare dash where history hasn't answered yet: nobody knows whether that was good or bad.
    """
    if value is None or value.quality == NOT_LOADED:
        return DASH
    if not np.isfinite(value.value):
        return f"{DASH} {tr(describe(value.quality))}"
    text = amount_text(value.value, pen.tag)
    return text if is_good(value.quality) else f"? {text}"


def spread(wanted: Sequence[float], pitch: float, top: float, bottom: float) -> list[float]:
    """Return heights near the wanted ones, at least `pitch` apart and between top and bottom where there is room."""
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    placed = [0.0] * len(wanted)
    edge = top
    for at in order:
        placed[at] = edge = max(wanted[at], edge)
        edge += pitch
    edge = bottom
    for at in reversed(order):
        placed[at] = edge = min(placed[at], edge)
        edge -= pitch
    return placed


def height_of(model: TrendModel, pen: Pen, frame: Frame, value: float) -> float:
    if not np.isfinite(value):
        return frame.plot.center().y()
    y = float(frame.y(model.scale(pen).fraction(np.array([value])))[0])
    return min(max(y, frame.plot.top()), frame.plot.bottom())


def end_text(model: TrendModel, pen: Pen) -> str:
    """Return the value that stands beside a pen: the live one, or in the past the one at the window's end."""
    if not model.view.is_live:
        return capitalised(value_text(pen, model.trace(pen.tag.name).at(model.window[1])))
    reading = model.context.live.reading(pen.row)
    words = " ".join(part for part in (reading.mark, reading.text, "" if pen.is_strip else reading.unit) if part)
    return capitalised(words)
