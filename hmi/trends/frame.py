"""Where everything of a trend stands in its widget, and how time and values become places. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

AXIS: Final = 44
STRIP: Final = 24
STRIP_GAP: Final = 6
_CHIPS: Final = 36
_TIME: Final = 40
_LEFT_LEAST: Final = 96
_RIGHT: Final = 176
_RIGHT_COMPACT: Final = 120
_ABOVE_STRIPS: Final = 18
_COMPACT: Final = 1400


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot, the strips below it, the row of times, and the axes to the left, the first one beside the plot."""

    plot: QRectF
    strips: tuple[QRectF, ...]
    times: QRectF
    axes: tuple[QRectF, ...]
    start_us: int
    end_us: int
    bottom: float
    top: float

    @property
    def foot(self) -> float:
        """The y below plot and strips."""
        return self.times.top()

    def x(self, t_us: NDArray[np.int64]) -> NDArray[np.float64]:
        return self.plot.left() + (t_us - self.start_us) / (self.end_us - self.start_us) * self.plot.width()

    def x_of(self, at_us: int) -> float:
        return self.plot.left() + (at_us - self.start_us) / (self.end_us - self.start_us) * self.plot.width()

    def time_at(self, x: float) -> int:
        return self.start_us + round((x - self.plot.left()) / self.plot.width() * (self.end_us - self.start_us))

    def y(self, fractions: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.plot.bottom() - (fractions - self.bottom) / (self.top - self.bottom) * self.plot.height()

    def y_of(self, fraction: float) -> float:
        return self.plot.bottom() - (fraction - self.bottom) / (self.top - self.bottom) * self.plot.height()

    def fraction_at(self, y: float) -> float:
        return self.bottom + (self.plot.bottom() - y) / self.plot.height() * (self.top - self.bottom)


def make_frame(
    size: tuple[float, float],
    axes: Sequence[float],
    strips: int,
    window: tuple[int, int],
    heights: tuple[float, float],
) -> Frame:
    """Return the frame of a widget of `size` (width, height) for axes of these widths, and as many strips."""
    width, height = size
    left = max(_LEFT_LEAST, sum(axes)) + 6
    right = width - (_RIGHT_COMPACT if width < _COMPACT else _RIGHT)
    foot = height - _TIME
    strips_height = strips * (STRIP + STRIP_GAP) + _ABOVE_STRIPS if strips else 8
    bottom = max(_CHIPS + 40.0, foot - strips_height)
    plot = QRectF(left, _CHIPS, max(60.0, right - left), bottom - _CHIPS)
    first = bottom + _ABOVE_STRIPS
    return Frame(
        plot=plot,
        strips=tuple(
            QRectF(plot.left(), first + at * (STRIP + STRIP_GAP), plot.width(), STRIP) for at in range(strips)
        ),
        times=QRectF(0, foot, width, _TIME),
        axes=tuple(
            QRectF(plot.left() - end, 0, axis, plot.bottom()) for axis, end in zip(axes, accumulate(axes), strict=True)
        ),
        start_us=window[0],
        end_us=window[1],
        bottom=heights[0],
        top=heights[1],
    )
