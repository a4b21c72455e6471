"""From values to heights: the scale of one pen, and the marks of its axis. Pure."""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hmi.units.choice import shown_as
from hmi.units.shown import Shown
from plant_models.tag import Tag

PARTS: Final = 5
"""A scale is divided into this many parts, so that all axes share their lines."""
_ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_CLOSE: Final = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
"""For the range of a tag in another unit, which should fill its axis."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The values at the bottom (fraction 0) and at the top (fraction 1), in the shown unit.

    `shown` leads to it from the plant's unit; None if that is the shown one.
    """

    low: float
    high: float
    shown: Shown | None = None

    def fraction(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where values of the plant's unit lie."""
        return ((values if self.shown is None else self.shown.to(values)) - self.low) / (self.high - self.low)

    def value(self, fraction: float) -> float:
        return self.low + fraction * (self.high - self.low)

    def decimals(self, step: float) -> int:
        """Return how many decimals tell marks apart that lie `step` (a fraction) from each other."""
        width = step * (self.high - self.low)
        for decimals in range(7):
            if abs(round(width, decimals) - width) < abs(width) * 1e-6:
                return decimals
        return 6


def fixed_scale(tag: Tag) -> Scale | None:
    """Return the scale of the tag's range, None if it has none."""
    if tag.low is None or tag.high is None or tag.high <= tag.low:
        return None
    shown = shown_as(tag)
    if shown.is_plant:
        return Scale(tag.low, tag.high)
    return replace(_around(shown.to(tag.low), shown.to(tag.high), _CLOSE), shown=shown)


def fitted_scale(low: float, high: float, tag: Tag | None = None) -> Scale:
    """Return a round scale that holds low to high (in the plant's unit of `tag`, if there is one)."""
    shown = Shown("", 0) if tag is None else shown_as(tag)
    return replace(_around(shown.to(low), shown.to(high), _ROUND), shown=None if shown.is_plant else shown)


def _around(low: float, high: float, steps: tuple[float, ...]) -> Scale:
    """Return a round scale that holds low to high; around one value, one that shows it in the middle."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return Scale(0.0, 1.0)
    if high - low < max(abs(high), abs(low), 1e-9) * 1e-9:
        half = max(abs(high) * 0.01, 0.5)
        low, high = low - half, high + half
    step = _round_up((high - low) / PARTS, steps)
    while True:
        bottom = math.floor(low / step + 1e-9) * step
        if bottom + PARTS * step >= high - step * 1e-9:
            return Scale(bottom, bottom + PARTS * step)
        step = _round_up(step * 1.01, steps)


def grid(bottom: float, top: float) -> tuple[float, tuple[float, ...]]:
    """Return the step of the lines and the lines themselves, as fractions of the scale, for the part on screen."""
    step = 1.0 / PARTS if (bottom, top) == (0.0, 1.0) else _round_up((top - bottom) / PARTS)
    first = math.ceil(bottom / step - 1e-9)
    last = math.floor(top / step + 1e-9)
    return step, tuple(number * step for number in range(first, last + 1))


def _round_up(step: float, steps: tuple[float, ...] = _ROUND) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return power * next(each for each in steps if each * power >= step * (1 - 1e-9))
