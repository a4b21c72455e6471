"""What stands beside and above the curves: the value of the moment at the right, cursors with theirs. GUI thread."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from hmi.drawing.text import TextStyle, draw_text, text_width
from hmi.i18n import tr
from hmi.live import capitalised
from hmi.numbers import DASH, amount_text, clock_text
from hmi.theme.theme import theme
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
_LABEL: Final = TextStyle(15, 600, align="right")
_CHIP_TEXT: Final = TextStyle(13, 600, role="primary_text", align="centre")
_LEADER: Final = 12.0
_PITCH: Final = 28.0
_LABEL_HEIGHT: Final = 24.0
_NARROW: Final = 150.0


def draw_now(painter: QPainter, model: TrendModel, frame: Frame) -> None:
    """Draw the live value of each visible pen at the right, curves at the height where they end."""
    room = frame.times.width() - frame.plot.right()
    pens = model.shown(is_strip=False)
    heights = [_height(model, pen, frame, model.trace(pen.tag.name).at(frame.end_us).value) for pen in pens]
    style = _NOW if room > _NARROW else _SMALL_NOW
    for pen, wanted, y in zip(
        pens, heights, spread(heights, _PITCH, frame.plot.top(), frame.plot.bottom()), strict=True
    ):
        left = frame.plot.right() + _LEADER
        painter.setPen(QPen(pen_colour(pen), 1))
        painter.drawLine(QPointF(frame.plot.right() + 1, wanted), QPointF(left, y))
        draw_chip(painter, QRectF(left, y - CHIP / 2, CHIP, CHIP), pen)
        box = QRectF(left + CHIP + 8, y - CHIP / 2, room - _LEADER - CHIP - 10, CHIP)
        draw_text(painter, box, _live_text(model, pen), style)
    for pen, box in zip(model.shown(is_strip=True), frame.strips, strict=False):
        right = QRectF(box.right() + _LEADER, box.top(), room - _LEADER - 4, box.height())
        draw_text(painter, right, _live_text(model, pen), _STATE)


def draw_cursors(painter: QPainter, model: TrendModel, frame: Frame) -> None:
    """Draw the cursors: the first dashed, the second solid; each with its time and the values of the curves."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for cursor, at_us in enumerate(model.cursors):
        if at_us is None or not frame.start_us <= at_us <= frame.end_us:
            continue
        x = frame.x_of(at_us)
        pen = QPen(theme().color("text"), 1.5)
        if cursor == 0:
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QLineF(x, frame.plot.top() - 4, x, frame.foot + 4))
        _draw_time(painter, f"{cursor + 1}\u2002{clock_text(at_us, model.context.zone)}", x, frame, frame.foot + 4)
        _draw_values(painter, model, frame, cursor, x)
    first, second = model.cursors
    if first is not None and second is not None:
        x = (frame.x_of(first) + frame.x_of(second)) / 2
        _draw_time(painter, span_text(second - first), x, frame, frame.plot.top() - 26)


def span_text(span_us: int) -> str:
    """Return the time from the first cursor to the second, "Δ 3:45:00"; before a day has passed without days."""
    seconds = round(abs(span_us) / 1e6)
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    sign = "−" if span_us < 0 else ""
    text = f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
    return f"Δ\u2002{sign}{tr('{days} d {time}').format(days=days, time=text) if days else text}"


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


def _draw_values(painter: QPainter, model: TrendModel, frame: Frame, cursor: int, x: float) -> None:
    pens = model.shown(is_strip=False)
    values = [model.value_at(pen.tag.name, cursor) for pen in pens]
    heights = [
        _height(model, pen, frame, value.value if value else float("nan"))
        for pen, value in zip(pens, values, strict=True)
    ]
    places = spread(heights, _LABEL_HEIGHT + 2, frame.plot.top() + 46, frame.plot.bottom() - 14)
    for pen, value, height, y in zip(pens, values, heights, places, strict=True):
        text = value_text(pen, value)
        width = text_width(text, _LABEL) + 50
        left = x - width - 12
        if left < frame.plot.left():
            left = x + 12
        painter.setPen(QPen(pen_colour(pen), 1.5))
        painter.setBrush(theme().color("field"))
        if value is not None and np.isfinite(value.value) and frame.plot.top() <= height <= frame.plot.bottom():
            painter.drawEllipse(QPointF(x, height), 4, 4)
        box = QRectF(left, y - _LABEL_HEIGHT / 2, width, _LABEL_HEIGHT)
        painter.drawRoundedRect(box, 4, 4)
        draw_text(painter, box.adjusted(10, 0, 0, 0), pen.letter, TextStyle(15, 700))
        draw_text(painter, box.adjusted(30, 0, -10, 0), text, _LABEL)


def _draw_time(painter: QPainter, text: str, x: float, frame: Frame, top: float) -> None:
    width = text_width(text, _CHIP_TEXT) + 20
    left = min(max(x - width / 2, frame.plot.left() - 40), frame.times.width() - width)
    box = QRectF(left, top, width, 22)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("primary"))
    painter.drawRoundedRect(box, 4, 4)
    draw_text(painter, box, text, _CHIP_TEXT)


def _height(model: TrendModel, pen: Pen, frame: Frame, value: float) -> float:
    if not np.isfinite(value):
        return frame.plot.center().y()
    y = float(frame.y(model.scale(pen).fraction(np.array([value])))[0])
    return min(max(y, frame.plot.top()), frame.plot.bottom())


def _live_text(model: TrendModel, pen: Pen) -> str:
    reading = model.context.live.reading(pen.row)
    words = " ".join(part for part in (reading.mark, reading.text, "" if pen.is_strip else reading.unit) if part)
    return capitalised(words)
