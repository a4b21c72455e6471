"""Into which intervals a question cuts time: all of one width, or hours to months of the site. Any thread."""

from dataclasses import dataclass

import numpy as np

from history.aggregates.buckets import Period, buckets
from history.aggregates.samples import Times
from history.queries.limits import LONGEST_US, MAX_INTERVALS, check_span
from history.queries.site import Site

_SHORTEST_US = {
    Period.HOUR: 1_800_000_000,  # where a clock is moved by half an hour
    Period.DAY: 82_800_000_000,
    Period.WEEK: 601_200_000_000,
    Period.MONTH: 2_415_600_000_000,
}


@dataclass(frozen=True, slots=True)
class Intervals:
    """[start_us, end_us) (µs UTC) cut into intervals, either of `width_us` each or by the calendar of the site.

    With a width the last interval ends with the span, however short it is. With a period, intervals are whole: from the
    one in which the span begins to the one in which it ends.

    Raises:
        ValueError: the span is empty, an interval is longer than 32 days, there are more than 20,000 of them, or not
            exactly one of `width_us` and `period` is given.
    """

    start_us: int
    end_us: int
    width_us: int | None = None
    period: Period | None = None

    def __post_init__(self) -> None:
        check_span(self.start_us, self.end_us)
        if (self.width_us is None) == (self.period is None):
            raise ValueError("give either the width of the intervals or a period of the calendar")
        if self.width_us is not None and not 0 < self.width_us <= LONGEST_US:
            raise ValueError(f"intervals of {self.width_us} µs; ask for at least 1 µs and at most 32 days")
        if self.most > MAX_INTERVALS:
            raise ValueError(f"up to {self.most} intervals; ask for {MAX_INTERVALS} at most")

    @property
    def most(self) -> int:
        """How many intervals there may be."""
        if self.period is None:
            return -(-(self.end_us - self.start_us) // (self.width_us or 1))
        return (self.end_us - self.start_us) // _SHORTEST_US[self.period] + 2

    def edges_us(self, site: Site) -> Times:
        """Return the n + 1 edges of the n intervals, rising (µs UTC)."""
        if self.period is not None:
            return buckets(self.start_us, self.end_us, self.period, site.zone, site.day_starts)
        starts = np.arange(self.start_us, self.end_us, self.width_us, dtype=np.int64)
        return np.append(starts, self.end_us)
