"""Pipes and signal lines with their arrows. Pure functions on a QPainter, GUI thread."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from hmi.theme.theme import theme

WIDTHS: Final = {"main": 6.0, "branch": 4.0, "signal": 2.0, "stem": 2.0, "line": 1.0}
_ROLES: Final = {"main": "pipe", "branch": "pipe", "signal": "outline", "stem": "outline", "line": "line"}
ARROW_LENGTH: Final = {"main": 15.0, "branch": 13.0, "signal": 10.0, "stem": 10.0, "line": 8.0}
_ARROW_RATIO: Final = 1.2


def draw_pipe(
    painter: QPainter, points: Sequence[QPointF], weight: str = "main", arrow: str = "", is_known: bool = True
) -> None:
    """Draw a line through `points`; `arrow` is "end", "middle" (of the longest leg) or "" for none.

    What isn't known is dashed, in the colour of what is stale.
    """
    if len(points) < 2:
        return
    role = _ROLES[weight] if is_known else "stale"
    pen = QPen(theme().color(role), WIDTHS[weight])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    if weight == "signal" or not is_known:
        pen.setDashPattern([3, 2])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    length = ARROW_LENGTH[weight]
    line = [*points[:-1], _shortened(points[-2], points[-1], length / 2)] if arrow == "end" else list(points)
    painter.drawPolyline(QPolygonF(line))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color(role))
    if arrow == "end":
        painter.drawPolygon(_arrow(points[-2], points[-1], length))
    elif arrow == "middle":
        start, end = max(pairwise(points), key=lambda leg: _distance(*leg))
        middle = (start + end) / 2
        painter.drawPolygon(_arrow(start, _shortened(end, middle, length / 2), length))
    painter.restore()


def _distance(start: QPointF, end: QPointF) -> float:
    return math.hypot(end.x() - start.x(), end.y() - start.y())


def _shortened(start: QPointF, end: QPointF, by: float) -> QPointF:
    """Return `end` moved `by` px towards `start`."""
    length = _distance(start, end)
    return end if length == 0 else end - (end - start) * (by / length)


def _arrow(start: QPointF, tip: QPointF, length: float) -> QPolygonF:
    """Return a triangle that points from `start` to `tip`."""
    distance = _distance(start, tip) or 1.0
    along = (tip - start) / distance
    across = QPointF(-along.y(), along.x()) * (length * _ARROW_RATIO / 2)
    foot = tip - along * length
    return QPolygonF([tip, foot + across, foot - across])
