"""How much of a time history knows well enough to judge an alarm by. Pure, any thread."""

from dataclasses import dataclass

import numpy as np

from analytics.judging import Judged
from analytics.pages import Span


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a span divides into time with usable values, with bad or stale ones, and without any (µs).

    `since_us` is when usable values begin (µs UTC), None without one. `within` is how far history may lie from what was
    measured of `tag`, in its unit: what is packed keeps no smaller change.
    """

    usable_us: int
    bad_us: int
    unknown_us: int
    since_us: int | None
    within: float = 0.0
    tag: str = ""

    @property
    def share(self) -> float:
        """The share of the time with usable values, 0 to 1."""
        return self.usable_us / (self.usable_us + self.bad_us + self.unknown_us)


class CoverageCollector:
    """Measures the time, page after page."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._spent_us = np.zeros(3, np.int64)
        self._last = span.start_us, 0
        self._since_us: int | None = None

    def add(self, judged: Judged) -> None:
        """Take the next page."""
        if not len(judged.times_us):
            return
        times = np.maximum(judged.times_us, self._span.start_us)
        kinds = np.where(judged.is_usable, np.int8(2), np.int8(1)) - (judged.is_unknown & ~judged.is_usable)
        if self._since_us is None and judged.is_usable.any():
            self._since_us = int(times[judged.is_usable.argmax()])
        begins = np.append(0, np.flatnonzero(kinds[1:] != kinds[:-1]) + 1)
        kinds, begun_us = kinds[begins], times[begins]
        self._spend(int(begun_us[0]))
        np.add.at(self._spent_us, kinds[:-1], np.diff(begun_us))
        self._last = int(begun_us[-1]), int(kinds[-1])

    def finish(self, tag: str, within: float) -> Coverage:
        """Return what was found; history keeps `tag` only to within so much."""
        self._spend(self._span.end_us)
        unknown_us, bad_us, usable_us = self._spent_us.tolist()
        return Coverage(usable_us, bad_us, unknown_us, self._since_us, within, tag)

    def _spend(self, until_us: int) -> None:
        since_us, kind = self._last
        self._spent_us[kind] += until_us - since_us
