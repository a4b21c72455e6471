"""Curves, their envelopes and their limits. Draws on a QPainter, GUI thread."""

from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from hmi.drawing.polygon import polygon
from hmi.drawing.text import TextStyle, draw_text, text_width
from hmi.i18n import tr
from hmi.numbers import amount_text
from hmi.theme.theme import theme
from hmi.trends.frame import Frame
from hmi.trends.model import TrendModel
from hmi.trends.pens import Pen
from hmi.trends.scale import Scale
from hmi.trends.trace import Trace
from plant_models.alarm_definition import LIMIT_KINDS, AlarmDefinition, AlarmKind

_FILL: Final = 0.22
_LIMIT: Final = TextStyle(13, role="text2")
_LINE_HEIGHT: Final = 18.0
_FEW: Final = 4


def pen_colour(pen: Pen) -> QColor:
    """Return the colour of a curve in the theme of the moment."""
    return theme().pens[pen.colour]


def draw_curves(painter: QPainter, model: TrendModel, frame: Frame) -> None:
    """Draw every visible curve: envelopes below all lines, the chosen pen on top."""
    pens = sorted(model.shown(is_strip=False), key=lambda pen: (pen.tag.name == model.chosen, -pen.colour))
    width = 1.5 if len(pens) <= _FEW else 1.0
    painter.save()
    painter.setClipRect(frame.plot)
    drawn = [(pen, model.scale(pen), model.trace(pen.tag.name).part(frame.start_us, frame.end_us)) for pen in pens]
    for pen, scale, trace in drawn:
        _draw_envelope(painter, pen_colour(pen), _Places(frame, scale, trace))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)  # for lines only: areas would cost three times as much
    for pen, scale, trace in drawn:
        is_chosen = pen.tag.name == model.chosen
        painter.setPen(QPen(pen_colour(pen), width + 0.5 if is_chosen and len(pens) > 1 else width))
        _draw_line(painter, _Places(frame, scale, trace))
    painter.restore()


def draw_limits(painter: QPainter, model: TrendModel, frame: Frame) -> None:
    """Draw the alarm limits of the chosen curve as thin dotted lines; a text that would cover another is left out."""
    taken: list[QRectF] = []
    painter.save()
    painter.setClipRect(frame.plot)
    for pen in (pen for pen in model.shown(is_strip=False) if pen.tag.name == model.chosen):
        scale = model.scale(pen)
        for alarm in _limits(model, pen):
            y = frame.y_of(float(scale.fraction(np.array([alarm.limit or 0.0]))[0]))
            if not frame.plot.top() < y < frame.plot.bottom():
                continue
            painter.setPen(QPen(pen_colour(pen), 1, Qt.PenStyle.DotLine))
            painter.drawLine(round(frame.plot.left()), round(y), round(frame.plot.right()), round(y))
            _draw_limit_text(painter, limit_text(pen, alarm), frame.plot.left() + 8, y, taken)
    painter.restore()


def limit_text(pen: Pen, alarm: AlarmDefinition) -> str:
    """Return the words beside a limit: "C low limit 35 %"."""
    value = amount_text(alarm.limit or 0.0, pen.tag)
    return _limit_words(alarm.kind).format(letter=pen.letter, value=value)


def _limit_words(kind: AlarmKind) -> str:
    if kind is AlarmKind.LOW_LOW:
        return tr("{letter} low low limit {value}")
    if kind is AlarmKind.LOW:
        return tr("{letter} low limit {value}")
    return tr("{letter} high limit {value}" if kind is AlarmKind.HIGH else "{letter} high high limit {value}")


def _limits(model: TrendModel, pen: Pen) -> list[AlarmDefinition]:
    alarms = model.context.plant.alarms
    return [each for each in alarms if each.tag == pen.tag.name and each.kind in LIMIT_KINDS and each.limit is not None]


def _draw_limit_text(painter: QPainter, text: str, left: float, y: float, taken: list[QRectF]) -> None:
    box = QRectF(left, y + 1, text_width(text, _LIMIT) + 4, _LINE_HEIGHT)
    if any(box.intersects(other) for other in taken):
        box.moveTop(y - _LINE_HEIGHT - 1)
    if not any(box.intersects(other) for other in taken):
        taken.append(box)
        draw_text(painter, box, text, _LIMIT)


class _Places:
    """Columns as places on screen. Every array has one row per column; `runs` are the stretches between gaps."""

    def __init__(self, frame: Frame, scale: Scale, trace: Trace) -> None:
        self.runs = trace.runs()
        self.x = frame.x(trace.t_us)
        self.end = frame.x(trace.ends_us)
        self.mean, self.low, self.high = (
            np.clip(frame.y(scale.fraction(values)), -1e4, 1e5) for values in (trace.mean, trace.low, trace.high)
        )


def _draw_line(painter: QPainter, at: _Places) -> None:
    """Draw the means of the columns as steps: a value holds until the next sample."""
    for run in at.runs:
        xs = np.column_stack((at.x[run], at.end[run])).ravel()
        ys = np.repeat(at.mean[run], 2)
        is_corner = np.ones(len(ys), np.bool_)
        is_corner[1:-1] = (ys[:-2] != ys[1:-1]) | (ys[1:-1] != ys[2:])
        painter.drawPolyline(polygon(xs[is_corner], ys[is_corner]))


def _draw_envelope(painter: QPainter, colour: QColor, at: _Places) -> None:
    """Fill between the smallest and the greatest values of the columns, where they can be told apart."""
    fill = QColor(colour)
    fill.setAlphaF(_FILL)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    for run in at.runs:
        low, high = at.low[run], at.high[run]
        if float((low - high).max()) > 1.0:
            xs = np.column_stack((at.x[run], at.end[run])).ravel()
            lower, upper = np.repeat(low, 2), np.repeat(high, 2)
            painter.drawPolygon(polygon(np.append(xs, xs[::-1]), np.append(upper, lower[::-1])))
