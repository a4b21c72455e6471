"""What can be asked of history, and what it answers. Immutable numpy columns, any thread."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from plant_models.quality import Quality

NO_DATA: Final = int(Quality.BAD_NO_DATA)
"""Quality of a time in which nothing was recorded (Bad_NoData, OPC UA Part 11)."""
MAX_PIXELS: Final = 16_384


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Tags by name over [start_us, end_us) (µs UTC), cut into `pixels` columns of equal width.

    Raises:
        ValueError: the time is empty, or the number of pixels is not from 1 to 16,384 with at least a µs each.
    """

    tags: tuple[str, ...]
    start_us: int
    end_us: int
    pixels: int

    def __post_init__(self) -> None:
        if self.end_us <= self.start_us:
            raise ValueError(f"history from {self.start_us} to {self.end_us} µs is empty; the end must be later")
        if not 1 <= self.pixels <= min(MAX_PIXELS, self.end_us - self.start_us):
            raise ValueError(f"{self.pixels} pixels; ask for 1 to {MAX_PIXELS}, each at least 1 µs wide")

    def edges_us(self) -> NDArray[np.int64]:
        """Return the pixels + 1 edges, exact fractions rounded down to whole µs, so that neighbouring queries meet."""
        steps = np.arange(self.pixels + 1, dtype=np.int64)
        whole, rest = divmod(self.end_us - self.start_us, self.pixels)
        return self.start_us + steps * whole + steps * rest // self.pixels


@dataclass(frozen=True, slots=True)
class Gap:
    """A time, [start_us, end_us), in which there is no usable value; `quality` is the code at its beginning."""

    start_us: int
    end_us: int
    quality: int


@dataclass(frozen=True, slots=True)
class HistorySeries:
    """One tag of the answer; all columns but `gaps` have one row per pixel.

    `t0_us` is the left edge of the pixel; it ends where the next begins. A value holds until the next sample, so a
    pixel without a sample carries the value before it. `min`, `max`, `first`, `last` are over what was usable in the
    pixel (good or uncertain, but not a last usable value), `mean` weighs it by time; NaN if nothing was. `quality` is
    the worst in the pixel, of what has been if it isn't over yet. `gaps` are exact to the µs, in order, and never
    bridged by a line.
    """

    tag: str
    t0_us: NDArray[np.int64]
    min: NDArray[np.float64]
    max: NDArray[np.float64]
    first: NDArray[np.float64]
    last: NDArray[np.float64]
    mean: NDArray[np.float64]
    quality: NDArray[np.uint16]
    gaps: tuple[Gap, ...]
