"""The strips of states below the plot. Draws on a QPainter, GUI thread."""

from typing import Final

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from hmi.drawing.text import TextStyle, draw_text, text_width
from hmi.i18n import tr
from hmi.numbers import amount_text
from hmi.theme.theme import theme
from hmi.trends.draw_ground import gap_brush
from hmi.trends.frame import Frame
from hmi.trends.model import TrendModel
from hmi.trends.pens import Pen
from hmi.trends.trace import Trace
from plant_models.alarm_definition import AlarmKind
from plant_models.quality import describe

_NAME: Final = TextStyle(13, 500, align="right", condensed=True)
_WORD: Final = TextStyle(13, 600)
_ROOM: Final = 8.0
_ALARM_BAR: Final = 6.0


def draw_strips(painter: QPainter, model: TrendModel, frame: Frame) -> None:
    """Draw each visible strip: off dark, on light, further states between, with their words; gaps hatched."""
    for pen, box in zip(model.shown(is_strip=True), frame.strips, strict=False):
        room = QRectF(0, box.top(), frame.plot.left() - 8, box.height())
        draw_text(painter, room, pen.tag.name, _NAME)
        painter.fillRect(box, theme().color("panel"))
        painter.save()
        painter.setClipRect(box)
        _draw_states(
            painter, model.trace(pen.tag.name).part(frame.start_us, frame.end_us), _Strip(model, pen, box, frame)
        )
        painter.restore()
        painter.setPen(QPen(theme().color("outline"), 1))
        painter.drawRect(box)


class _Strip:
    """One strip: its states, the priorities of those that raise an alarm, and where its times lie."""

    def __init__(self, model: TrendModel, pen: Pen, box: QRectF, frame: Frame) -> None:
        self.pen, self.box, self.frame = pen, box, frame
        alarms = (each for each in model.context.plant.alarms if each.tag == pen.tag.name)
        self.priorities = {each.limit: each.priority for each in alarms if each.kind is AlarmKind.STATE}

    def piece(self, start_us: int, end_us: int) -> QRectF:
        left = max(self.frame.x_of(start_us), self.box.left())
        right = min(self.frame.x_of(end_us), self.box.right())
        return QRectF(left, self.box.top(), max(1.0, right - left), self.box.height())


def _draw_states(painter: QPainter, trace: Trace, strip: _Strip) -> None:
    for gap in trace.gaps():
        piece = strip.piece(gap.start_us, gap.end_us)
        painter.fillRect(piece, gap_brush())
        _draw_word(painter, piece, tr(describe(gap.quality)), "text2", is_framed=True)
    for run in trace.runs():
        last, ends = trace.last[run], trace.ends_us[run]
        starts = trace.t_us[run]
        edges = np.flatnonzero(np.diff(last) != 0) + 1
        begins, stops = np.concatenate(([0], edges)), np.concatenate((edges, [len(last)]))
        for begin, stop in zip(begins.tolist(), stops.tolist(), strict=True):
            _draw_state(painter, strip, float(last[begin]), strip.piece(int(starts[begin]), int(ends[stop - 1])))
        _draw_flicker(painter, trace, run, strip)


def _draw_state(painter: QPainter, strip: _Strip, value: float, piece: QRectF) -> None:
    """Draw one state; one that raises an alarm begins with a bar in the colour of its priority."""
    ground, ink = _look(value, len(strip.pen.tag.states))
    painter.fillRect(piece, theme().color(ground))
    priority = strip.priorities.get(value)
    if priority is not None:
        bar = QRectF(piece.left(), piece.top(), min(_ALARM_BAR, piece.width()), piece.height())
        painter.fillRect(bar, theme().color(f"p{priority}"))
        painter.fillRect(QRectF(bar.right(), bar.top(), 1, bar.height()), theme().color("text"))
        piece = piece.adjusted(bar.width(), 0, 0, 0)
    _draw_word(painter, piece, amount_text(value, strip.pen.tag), ink)


def _draw_flicker(painter: QPainter, trace: Trace, run: slice, strip: _Strip) -> None:
    """Mark the pixels in which a state came and went: a line that its last value alone would hide."""
    xs = strip.frame.x(trace.t_us[run])[(trace.low[run] != trace.high[run])]
    painter.setPen(QPen(theme().color("outline"), 1))
    for x in xs.tolist():
        painter.drawLine(round(x), round(strip.box.top()), round(x), round(strip.box.bottom()))


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
