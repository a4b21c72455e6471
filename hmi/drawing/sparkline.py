"""A sparkline: how a value went, without axes. Pure functions on a QPainter, GUI thread.

Its height is the span of what it shows, at least a twentieth of the tag's range, so that noise at rest stays flat. The
normal band lies behind the line; a time without a usable value is a break in it.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from hmi.drawing.bar import BarScale
from hmi.drawing.polygon import polygon
from hmi.theme.theme import theme

_LINE: Final = 1.5
_DOT: Final = 3.0
_LEAST_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Span:
    """What the height of a sparkline means, in the tag's unit."""

    low: float
    high: float

    def y(self, value: float, rect: QRectF) -> float:
        """Return where a value lies; beyond the ends it stays at the end."""
        share = min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))
        return rect.bottom() - share * rect.height()


def span_of(values: NDArray[np.float64], scale: BarScale) -> Span | None:
    """Return the span that shows all values of (n), NaN for none; None if there are none at all."""
    known = values[np.isfinite(values)]
    if not known.size:
        return None
    low, high = float(known.min()), float(known.max())
    missing = max(0.0, (scale.high - scale.low) * _LEAST_SHARE - (high - low))
    return Span(low - missing / 2, high + missing / 2)


def draw_band(painter: QPainter, rect: QRectF, span: Span, scale: BarScale) -> None:
    """Draw the part between the limits L and H; without limits in sight all of it is normal."""
    top = rect.top() if scale.high_limit is None else span.y(scale.high_limit, rect)
    bottom = rect.bottom() if scale.low_limit is None else span.y(scale.low_limit, rect)
    painter.fillRect(QRectF(rect.left(), top, rect.width(), bottom - top), theme().color("band"))


def draw_base(painter: QPainter, rect: QRectF) -> None:
    """Draw the hairline that the sparkline stands on."""
    painter.setPen(QPen(theme().color("edge"), 1))
    painter.drawLine(rect.bottomLeft(), rect.bottomRight())


def draw_line(painter: QPainter, rect: QRectF, values: NDArray[np.float64], span: Span) -> None:
    """Draw the line of (n) values from the left to the right edge, broken at NaN."""
    xs = np.linspace(rect.left(), rect.right(), len(values))
    ys = np.array([span.y(value, rect) for value in values])
    pen = QPen(theme().color("value"), _LINE)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    edges = np.flatnonzero(np.diff(np.isfinite(values), prepend=False, append=False))
    for start, end in pairwise(edges.tolist()):
        if np.isfinite(values[start]) and end - start > 1:
            painter.drawPolyline(polygon(xs[start:end], ys[start:end]))


def draw_dot(painter: QPainter, rect: QRectF, value: float, span: Span) -> None:
    """Draw the dot of the present value at the right end."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("value"))
    painter.drawEllipse(QPointF(rect.right(), span.y(value, rect)), _DOT, _DOT)
