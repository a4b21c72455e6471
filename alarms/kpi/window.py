"""The time that a report is about, cut into days of the site, hours and ten minutes, and what of it is known. Pure.

Hours and ten minutes are counted from the start of the window in elapsed time, so that the hour that is skipped or
repeated when clocks are changed is counted right; days begin at midnight of the site and have 23, 24 or 25 hours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

import numpy as np
from numpy.typing import NDArray

HOUR_US: Final = 3_600_000_000
PERIOD_US: Final = 600_000_000
"""Ten minutes."""
DAY_S: Final = 86_400.0

Times = NDArray[np.int64]
Span = tuple[int, int]
"""Start, which is included, and end, which isn't, in µs UTC."""


@dataclass(frozen=True, slots=True)
class Window:
    """From `start_us` (included) to `end_us` (not), µs UTC; `known` are the spans in which the station ran.

    Raises:
        ValueError: it ends before it begins, or is empty.
    """

    start_us: int
    end_us: int
    zone: tzinfo
    known: tuple[Span, ...]

    def __post_init__(self) -> None:
        if self.end_us <= self.start_us:
            raise ValueError(f"a report must end after it begins, not from {self.start_us} to {self.end_us}")

    @property
    def known_s(self) -> float:
        """The seconds in which the station ran."""
        return sum(end - start for start, end in self.known) / 1e6

    @property
    def coverage(self) -> float:
        """The share of the window in which the station ran."""
        return self.known_s * 1e6 / (self.end_us - self.start_us)

    def has(self, times_us: Times) -> NDArray[np.bool_]:
        """Tell of times whether they lie in the window."""
        return (times_us >= self.start_us) & (times_us < self.end_us)

    def day_starts(self) -> Times:
        """Return where the days of the site begin that the window touches, and the end of the last one."""
        first = datetime.fromtimestamp(self.start_us / 1e6, UTC).astimezone(self.zone).date()
        starts = [_midnight_us(first, self.zone)]
        while starts[-1] < self.end_us:
            first += timedelta(days=1)
            starts.append(_midnight_us(first, self.zone))
        return np.array(starts, np.int64)

    def counts(self, times_us: Times, step_us: int) -> NDArray[np.int64]:
        """Count times (all in the window) by steps from its start; the last step may be cut off."""
        steps = -(-(self.end_us - self.start_us) // step_us)
        return np.bincount((times_us - self.start_us) // step_us, minlength=steps)

    def known_of(self, start_us: int, end_us: int) -> float:
        """Return the share of a span in which the station ran."""
        seconds = sum(max(0, min(end, end_us) - max(start, start_us)) for start, end in self.known)
        return seconds / (end_us - start_us)


def within(spans: Iterable[Span], start_us: int, end_us: int) -> tuple[Span, ...]:
    """Return spans in order, cut to a window; those that overlap or touch become one."""
    merged: list[Span] = []
    for start, end in sorted((max(start, start_us), min(end, end_us)) for start, end in spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def local_midnight_us(at_us: int, zone: tzinfo, days: int = 0) -> int:
    """Return when the day of the site began in which a time lies, or the day that many days later (µs UTC)."""
    day = datetime.fromtimestamp(at_us / 1e6, UTC).astimezone(zone).date()
    return _midnight_us(day + timedelta(days=days), zone)


def _midnight_us(day: date, zone: tzinfo) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) * 1_000_000
