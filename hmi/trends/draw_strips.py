"""The strips of states below the plot. Draws on a QPainter, GUI thread."""

from typing import Final

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from hmi.drawing.hatch import hatch_brush
from hmi.drawing.text import TextStyle, draw_text, text_width
from hmi.i18n import tr
from hmi.numbers import amount_text
from hmi.theme.theme import theme
from hmi.trends.frame import Frame
from hmi.trends.model import TrendModel
from hmi.trends.pens import Pen
from hmi.trends.trace import Trace
from plant_models.quality import describe

_NAME: Final = TextStyle(13, 500, align="right", condensed=True)
_WORD: Final = TextStyle(13, 600)
_ROOM: Final = 8.0


def draw_strips(painter: QPainter, model: TrendModel, frame: Frame) -> None:
    """Draw each visible strip: off dark, on light, further states between, with their words; gaps hatched."""
    for pen, box in zip(model.shown(is_strip=True), frame.strips, strict=False):
        room = QRectF(0, box.top(), frame.plot.left() - 8, box.height())
        draw_text(painter, room, pen.tag.name, _NAME)
        painter.fillRect(box, theme().color("panel"))
        painter.save()
        painter.setClipRect(box)
        _draw_states(painter, model.trace(pen.tag.name).part(frame.start_us, frame.end_us), pen, box, frame)
        painter.restore()
        painter.setPen(QPen(theme().color("outline"), 1))
        painter.drawRect(box)


def _draw_states(painter: QPainter, trace: Trace, pen: Pen, box: QRectF, frame: Frame) -> None:
    for gap in trace.gaps():
        piece = _piece(frame, box, gap.start_us, gap.end_us)
        painter.fillRect(piece, hatch_brush(theme().color("outline")))
        _draw_word(painter, piece, tr(describe(gap.quality)), "text2", is_framed=True)
    for run in trace.runs():
        last, ends = trace.last[run], trace.ends_us[run]
        starts = trace.t_us[run]
        edges = np.flatnonzero(np.diff(last) != 0) + 1
        begins, stops = np.concatenate(([0], edges)), np.concatenate((edges, [len(last)]))
        for begin, stop in zip(begins.tolist(), stops.tolist(), strict=True):
            piece = _piece(frame, box, int(starts[begin]), int(ends[stop - 1]))
            ground, ink = _look(float(last[begin]), len(pen.tag.states))
            painter.fillRect(piece, theme().color(ground))
            _draw_word(painter, piece, amount_text(float(last[begin]), pen.tag), ink)
        _draw_flicker(painter, trace, run, box, frame)


def _draw_flicker(painter: QPainter, trace: Trace, run: slice, box: QRectF, frame: Frame) -> None:
    """Mark the pixels in which a state came and went: a line that its last value alone would hide."""
    xs = frame.x(trace.t_us[run])[(trace.low[run] != trace.high[run])]
    painter.setPen(QPen(theme().color("outline"), 1))
    for x in xs.tolist():
        painter.drawLine(round(x), round(box.top()), round(x), round(box.bottom()))


def _piece(frame: Frame, box: QRectF, start_us: int, end_us: int) -> QRectF:
    left, right = max(frame.x_of(start_us), box.left()), min(frame.x_of(end_us), box.right())
    return QRectF(left, box.top(), max(1.0, right - left), box.height())


def _look(value: float, states: int) -> tuple[str, str]:
    """Return the roles of ground and text: the first state dark, the last light, those between in the middle."""
    if value <= 0:
        return "stop", "mark_on_stop"
    return ("run", "mark_on_run") if value >= max(1, states - 1) else ("track", "text")


def _draw_word(painter: QPainter, piece: QRectF, text: str, role: str, is_framed: bool = False) -> None:
    style = TextStyle(_WORD.size, _WORD.weight, role)
    if text_width(text, style) + 2 * _ROOM > piece.width():
        return
    room = piece.adjusted(_ROOM, 0, -_ROOM, 0)
    if is_framed:
        painter.fillRect(
            QRectF(room.left() - 4, piece.top(), text_width(text, style) + 8, piece.height()), theme().color("panel")
        )
    draw_text(painter, room, text, style)
