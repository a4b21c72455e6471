"""Raw device numbers to engineering units and back, and what the range says about them. Pure, any thread."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from plant_models.quality import Quality
from plant_models.tag import Tag

Floats = NDArray[np.float64]


class Scaling:
    """Gains, offsets and ranges of n tags as columns, made once when the tags are grouped for reading."""

    def __init__(self, tags: Sequence[Tag]) -> None:
        lines = [_line(tag) for tag in tags]
        self._gain = np.array([gain for gain, _ in lines], np.float64)
        self._offset = np.array([offset for _, offset in lines], np.float64)
        self._low = np.array([-np.inf if tag.low is None else tag.low for tag in tags], np.float64)
        self._high = np.array([np.inf if tag.high is None else tag.high for tag in tags], np.float64)

    def to_units(
        self, raw: Floats, places: slice | NDArray[np.intp] = slice(None)
    ) -> tuple[Floats, NDArray[np.uint16]]:
        """Return values in units and their qualities for n raw values, shape (n,) each; `places` says of which tags.

        NaN and Inf are Bad, not a number; a value outside its tag's range is Uncertain, engineering units exceeded
        (OPC UA Part 8, table of status codes).
        """
        with np.errstate(over="ignore", invalid="ignore"):
            values = raw * self._gain[places] + self._offset[places]
        qualities = np.zeros(len(values), np.uint16)
        inside = (values >= self._low[places]) & (values <= self._high[places])
        if not inside.all():
            qualities[~inside] = Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED
        finite = np.isfinite(values)
        if not finite.all():
            qualities[~finite] = Quality.BAD_OUT_OF_RANGE
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
