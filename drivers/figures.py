"""Figures of a device that are worked out of many samples: round trips, rate, clock.

Adding a sample allocates nothing; the work is done when somebody looks, and at most once a second. Not thread-safe:
`Counters` guards it.
"""

from collections import deque
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np

ROUND_TRIPS: Final = 512
CLOCK_SAMPLES: Final = 15
_WINDOW_NS: Final = 10_000_000_000
_LEAST_NS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What came out; None where there is nothing to say yet."""

    requests_per_s: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    skew_s: float | None = None


class Samples:
    """The last samples of one device, first looked at `now_ns` (monotonic)."""

    def __init__(self, now_ns: int) -> None:
        self._round_trips = np.zeros(ROUND_TRIPS)
        self._taken = 0
        self._marks = deque([(now_ns, 0)])
        self._skews: deque[float] = deque(maxlen=CLOCK_SAMPLES)
        self._figures = Figures()
        self._worked_out_ns: int | None = None

    def add_round_trip(self, time_ms: float) -> None:
        """Keep a round trip in place of the oldest."""
        self._round_trips[self._taken % ROUND_TRIPS] = time_ms
        self._taken += 1

    def add_skew(self, ahead_s: float) -> None:
        """Keep how far the device's clock was ahead."""
        self._skews.append(ahead_s)

    def forget_skews(self) -> None:
        """Forget the device's clock: another one may answer next time."""
        self._skews.clear()
        self._worked_out_ns = None

    def figures(self, now_ns: int, requests: int) -> Figures:
        """Return the figures at `now_ns`, not older than a second; `requests` are all so far."""
        if self._worked_out_ns is None or now_ns - self._worked_out_ns >= _LEAST_NS:
            self._worked_out_ns = now_ns
            p50_ms, p99_ms = self._percentiles()
            skew_s = median(self._skews) if self._skews else None
            self._figures = Figures(self._rate(now_ns, requests), p50_ms, p99_ms, skew_s)
        return self._figures

    def _rate(self, now_ns: int, requests: int) -> float | None:
        """Return requests a second since the newest mark that is as old as the window, or the oldest there is."""
        while len(self._marks) > 1 and now_ns - self._marks[1][0] >= _WINDOW_NS:
            self._marks.popleft()
        first_ns, first = self._marks[0]
        watched_ns = now_ns - first_ns
        self._marks.append((now_ns, requests))
        return (requests - first) * 1e9 / watched_ns if watched_ns >= _LEAST_NS else None

    def _percentiles(self) -> tuple[float | None, float | None]:
        """Return the nearest-rank percentiles 50 and 99 of the round trips."""
        count = min(self._taken, ROUND_TRIPS)
        if not count:
            return None, None
        ordered = np.sort(self._round_trips[:count])
        return float(ordered[-(-count // 2) - 1]), float(ordered[-(-count * 99 // 100) - 1])
