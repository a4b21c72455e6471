"""The alarms above the plot, each with its sign over a tick; those that stand too close share one. GUI thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from hmi.alarms.glyph import Glyph, GlyphLook, draw_glyph, glyph_box
from hmi.drawing.text import TextStyle, draw_text
from hmi.i18n import tr
from hmi.numbers import moment_text
from hmi.theme.theme import theme
from hmi.trends.alarm_marks import AlarmMark
from hmi.trends.frame import Frame
from hmi.trends.model import TrendModel

_SIDE: Final = 16.0
_REACH: Final = 30.0
"""Alarms within this many px share a sign, which has its number beside it."""
_TICK: Final = 5.0
_COUNT: Final = TextStyle(13, 600, role="text2")
_LISTED: Final = 8


@dataclass(frozen=True, slots=True)
class Cluster:
    """Neighbouring alarms, oldest first, under one sign in the middle of `box`."""

    box: QRectF
    marks: tuple[AlarmMark, ...]

    @property
    def priority(self) -> int:
        return min(mark.priority for mark in self.marks)


def clusters(marks: Sequence[AlarmMark], frame: Frame) -> tuple[Cluster, ...]:
    """Return the signs of the marks that lie in the window, from left to right."""
    groups: list[list[AlarmMark]] = []
    for mark in marks:
        if not frame.start_us <= mark.at_us <= frame.end_us:
            continue
        if groups and frame.x_of(mark.at_us) - frame.x_of(groups[-1][0].at_us) < _REACH:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return tuple(Cluster(_box(frame, group[0]), tuple(group)) for group in groups)


def draw_marks(painter: QPainter, model: TrendModel, frame: Frame) -> None:
    """Draw the signs, a tick for every alarm, and the number of those under one sign."""
    painter.setPen(QPen(theme().color("text"), 1))
    for cluster in clusters(model.marks.marks, frame):
        for mark in cluster.marks:
            x = round(frame.x_of(mark.at_us)) + 0.5
            painter.drawLine(QLineF(x, frame.plot.top() - _TICK, x, frame.plot.top()))
        draw_glyph(painter, cluster.box, Glyph(cluster.priority, GlyphLook.ACKNOWLEDGED))
        if len(cluster.marks) > 1:
            middle = cluster.box.center()
            room = QRectF(middle.x() + _SIDE / 2 + 1, cluster.box.top(), _REACH - _SIDE, cluster.box.height())
            draw_text(painter, room, str(len(cluster.marks)), _COUNT)


def cluster_at(model: TrendModel, frame: Frame, at: QPointF) -> Cluster | None:
    """Return the alarms whose sign is there."""
    return next((each for each in clusters(model.marks.marks, frame) if each.box.contains(at)), None)


def cluster_text(model: TrendModel, cluster: Cluster) -> str:
    """Return what the alarms under a sign were, newest last, at most eight of them."""
    zone, now_us = model.context.zone, model.now_us
    lines = [f"{moment_text(mark.at_us, now_us, zone)}  {mark.alarm}  {mark.text}" for mark in cluster.marks[:_LISTED]]
    more = len(cluster.marks) - len(lines)
    return "\n".join([*lines, tr("and {count} more").format(count=more)] if more else lines)


def _box(frame: Frame, first: AlarmMark) -> QRectF:
    """Return the place of a sign: over its first alarm, within the width of the plot."""
    side = glyph_box(_SIDE)
    return QRectF(frame.x_of(first.at_us) - side / 2, frame.plot.top() - _TICK - 1 - side + 4, side, side)
