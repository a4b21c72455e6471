"""A small chart: values over a time that ends now, on one or two scales. Pure functions on a QPainter, GUI thread.

Three lines of a grid, numbers left and right of it, times below. The second curve is dashed, so that the two can be
told apart without colours. A time without values is hatched and named, or just named where nothing was recorded yet.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from hmi.drawing.hatch import hatch_brush
from hmi.drawing.polygon import polygon
from hmi.drawing.text import TextStyle, draw_text, text_width
from hmi.theme.theme import theme

LABEL: Final = TextStyle(15, 400, "text2")
LEGEND: Final = TextStyle(17, 400, "text2")
ROLES: Final = ("value", "text")
"""Of the first and the second curve."""
GRID: Final = (0.0, 0.5, 1.0)
_DASHES: Final = ((), (4.0, 2.5))
_LINE: Final = 1.5
_NOW: Final = 2.0
_SAMPLE: Final = 22.0
_GAP: Final = 8.0
_BETWEEN: Final = 20.0
_LEAST_GAP: Final = 2.0
_HATCH: Final = 0.6
_TIMES_HEIGHT: Final = 22.0
_LINE_HEIGHT: Final = 20.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ChartFrame:
    """The plot, and the times (µs) at its left and right edge."""

    plot: QRectF
    start_us: int
    end_us: int

    def x(self, times_us: NDArray[np.int64]) -> Floats:
        """Return where times lie; before the left edge they stay at it."""
        share = (times_us - self.start_us) / (self.end_us - self.start_us)
        return self.plot.left() + np.clip(share, 0.0, 1.0) * self.plot.width()

    def y(self, fractions: Floats) -> Floats:
        """Return where shares of the scale lie."""
        return self.plot.bottom() - np.clip(fractions, -1.0, 2.0) * self.plot.height()


def draw_grid(painter: QPainter, plot: QRectF) -> None:
    """Draw the lines of the grid."""
    for share in GRID:
        y = round(plot.bottom() - share * plot.height())
        painter.fillRect(QRectF(plot.left(), y, plot.width(), 1), theme().color("line"))


def draw_numbers(painter: QPainter, plot: QRectF, numbers: tuple[str, ...], is_right: bool) -> None:
    """Write the numbers of a scale at the lines of the grid, left or right of the plot."""
    style = TextStyle(LABEL.size, LABEL.weight, LABEL.role, "left" if is_right else "right")
    for share, text in zip(GRID, numbers, strict=True):
        width = text_width(text, style) + 1
        left = plot.right() + _GAP if is_right else plot.left() - _GAP - width
        y = plot.bottom() - share * plot.height()
        draw_text(painter, QRectF(left, y - _LINE_HEIGHT / 2, width, _LINE_HEIGHT), text, style)


def draw_legend(painter: QPainter, row: QRectF, names: tuple[str, ...]) -> None:
    """Name the curves at the right end of a row, each behind a piece of its line."""
    right = row.right()
    for number in reversed(range(len(names))):
        width = min(text_width(names[number], LEGEND) + 1, right - row.left() - _SAMPLE - _GAP)
        draw_text(painter, QRectF(right - width, row.top(), width, row.height()), names[number], LEGEND)
        line = right - width - _GAP
        painter.setPen(_pen(number))
        painter.drawLine(QLineF(line - _SAMPLE, row.center().y(), line, row.center().y()))
        right = line - _SAMPLE - _BETWEEN


def draw_now(painter: QPainter, frame: ChartFrame, text: str) -> float:
    """Draw the line of the present at the right edge, its name below; return where the name begins."""
    plot = frame.plot
    painter.fillRect(QRectF(plot.right() - _NOW / 2, plot.top() - 4, _NOW, plot.height() + 8), theme().color("text"))
    width = text_width(text, LABEL) + 1
    draw_text(painter, _below(plot, plot.right() - width / 2, width), text, LABEL)
    return plot.right() - width / 2


def draw_time(painter: QPainter, frame: ChartFrame, at_us: int, text: str, end: float) -> None:
    """Write a time below its place, unless it would reach over the left edge of the plot or beyond `end`."""
    x = float(frame.x(np.array([at_us]))[0])
    width = text_width(text, LABEL) + 1
    if frame.plot.left() <= x - width / 2 and x + width / 2 + _GAP <= end:
        draw_text(painter, _below(frame.plot, x - width / 2, width), text, LABEL)
        painter.fillRect(QRectF(round(x), frame.plot.bottom(), 1, 4), theme().color("edge"))


def draw_steps(painter: QPainter, number: int, starts: Floats, ends: Floats, ys: Floats) -> None:
    """Draw the first or second curve through columns (n) of one value each, in pixels."""
    painter.setPen(_pen(number))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(polygon(np.column_stack((starts, ends)).ravel(), np.repeat(ys, 2)))


def draw_absence(painter: QPainter, frame: ChartFrame, ends_us: tuple[int, int], text: str, is_hatched: bool) -> None:
    """Hatch the time between two times and name it, if there is room; what was never recorded isn't hatched."""
    left, right = frame.x(np.array(ends_us)).tolist()
    box = QRectF(left, frame.plot.top(), max(_LEAST_GAP, right - left), frame.plot.height())
    if is_hatched:
        colour = QColor(theme().color("outline"))
        colour.setAlphaF(_HATCH)
        painter.fillRect(box, hatch_brush(colour))
    width = text_width(text, LABEL) + 2 * _GAP
    if box.width() >= width:
        plate = QRectF(box.center().x() - width / 2, box.center().y() - 13, width, 26)
        painter.fillRect(plate, theme().color("panel"))
        draw_text(painter, plate.adjusted(_GAP, 0, 0, 0), text, LABEL)


def _below(plot: QRectF, left: float, width: float) -> QRectF:
    return QRectF(left, plot.bottom() + 5, width, _TIMES_HEIGHT)


def _pen(number: int) -> QPen:
    pen = QPen(theme().color(ROLES[number]), _LINE)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if _DASHES[number]:
        pen.setDashPattern(_DASHES[number])
    return pen
