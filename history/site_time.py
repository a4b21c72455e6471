"""Local time and days of a site, as tables for people need them. Pure, any thread."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from history.aggregates.buckets import Period, buckets

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """A day of the site: its date when it begins, and [start, end) in µs UTC; 23, 24 or 25 hours."""

    date: str
    start_us: int
    end_us: int


@dataclass(frozen=True, slots=True)
class SiteTime:
    """The time zone of a site, and when its days begin."""

    zone: ZoneInfo
    day_starts: time = time(0)

    def local(self, at_us: int) -> str:
        """Return a time as ISO 8601 with the offset from UTC that holds then: `2026-11-29T07:00:00+01:00`."""
        return (_EPOCH + timedelta(microseconds=at_us)).astimezone(self.zone).isoformat()

    def days(self, start_us: int, end_us: int) -> tuple[Day, ...]:
        """Return the days that touch [start, end), in order.

        Raises:
            ValueError: the end isn't after the start.
        """
        edges = buckets(start_us, end_us, Period.DAY, self.zone, self.day_starts).tolist()
        return tuple(Day(self.local(start)[:10], start, end) for start, end in pairwise(edges))
