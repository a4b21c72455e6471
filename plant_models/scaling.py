"""Raw device numbers to engineering units and back, and what the range says about them. Pure, any thread."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from plant_models.quality import Quality
from plant_models.tag import Tag

Floats = NDArray[np.float64]
_LARGEST: Final = np.finfo(np.float64).max
"""The end of a range that has none: what isn't finite lies outside of it as well."""


class Scaling:
    """Gains, offsets and ranges of n tags as columns, made once when the tags are grouped for reading."""

    def __init__(self, tags: Sequence[Tag]) -> None:
        lines = [_line(tag) for tag in tags]
        self._gain = np.array([gain for gain, _ in lines], np.float64)
        self._offset = np.array([offset for _, offset in lines], np.float64)
        self._low = np.array([-_LARGEST if tag.low is None else tag.low for tag in tags], np.float64)
        self._high = np.array([_LARGEST if tag.high is None else tag.high for tag in tags], np.float64)

    def take(self, places: NDArray[np.intp]) -> "Scaling":
        """Return the scaling of the tags at `places`, which may repeat."""
        part = Scaling([])
        part._gain, part._offset = self._gain[places], self._offset[places]
        part._low, part._high = self._low[places], self._high[places]
        return part

    def to_units(self, raw: NDArray[Any]) -> tuple[Floats, NDArray[np.uint16]]:
        """Return values in units and their qualities for n raw numbers of any type, shape (n,) each.

        NaN and Inf are Bad, not a number; a value outside its tag's range is Uncertain, engineering units exceeded
        (OPC UA Part 8, table of status codes).
        """
        with np.errstate(over="ignore", invalid="ignore"):
            values: Floats = raw * self._gain
            values += self._offset
        qualities = np.zeros(len(values), np.uint16)
        inside = (values >= self._low) & (values <= self._high)
        if np.count_nonzero(inside) < len(inside):
            qualities[~inside] = Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED
            qualities[~np.isfinite(values)] = Quality.BAD_OUT_OF_RANGE
        return values, qualities


def to_raw(tag: Tag, value: float) -> float:
    """Return the raw value that stands for `value` (in the tag's unit); not rounded."""
    gain, offset = _line(tag)
    return (value - offset) / gain


def _line(tag: Tag) -> tuple[float, float]:
    """Gain and offset of the straight line through the raw and the unit ends of the range."""
    if tag.raw_low is None or tag.raw_high is None or tag.low is None or tag.high is None:
        return 1.0, 0.0
    gain = (tag.high - tag.low) / (tag.raw_high - tag.raw_low)
    return gain, tag.low - gain * tag.raw_low
