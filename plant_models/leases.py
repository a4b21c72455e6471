"""Which tags somebody looks at: those of a leased scan class are read at its period then, and seldom otherwise.

A lease that isn't renewed ends by itself, so that nobody has to take it back. Any thread.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from plant_models.batch import TagIndices, Times
from plant_models.clock import Clock
from plant_models.tag import Tag

LEASE_S: Final = 10.0
RENEW_S: Final = 3.0
"""Whoever looks at tags says so this often."""


class Leases:
    """The leases of n tags; row i belongs to `tags[i]`. `rest_s` gives the period at rest of leased classes in s.

    `is_used` is False if no scan class is leased.
    """

    def __init__(self, tags: Sequence[Tag], rest_s: Mapping[str, float], clock: Clock) -> None:
        rests = [rest_s.get(tag.scan, 0.0) if tag.device else 0.0 for tag in tags]
        self._rest_ns: Times = np.array([round(rest * 1e9) for rest in rests], np.int64)
        self.is_used = bool(self._rest_ns.any())
        self._clock = clock
        self._lock = threading.Lock()
        self._since_ns: Times = np.zeros(len(tags), np.int64)
        self._until_ns: Times = np.zeros(len(tags), np.int64)

    def rest_ns(self, row: int) -> int:
        """Return the period at rest of a row, 0 for a tag that is always read at its period."""
        return int(self._rest_ns[row]) if self.is_used else 0

    def renew(self, rows: TagIndices) -> None:
        """Hold rows for ten seconds from now on."""
        if not self.is_used:
            return
        rows = rows[self._rest_ns[rows] > 0]
        now_ns = self._clock.mono_ns()
        with self._lock:
            self._since_ns[rows[self._until_ns[rows] <= now_ns]] = now_ns
            self._until_ns[rows] = now_ns + round(LEASE_S * 1e9)

    def is_any_held(self, rows: TagIndices, now_ns: int) -> bool:
        """Tell whether somebody looks at one of these rows at `now_ns` (monotonic)."""
        return bool(self.held(rows, now_ns).any())

    def held(self, rows: TagIndices, now_ns: int) -> NDArray[np.bool_]:
        """Tell for each of these rows whether somebody looks at it at `now_ns` (monotonic)."""
        with self._lock:
            return self._until_ns[rows] > now_ns

    def patience(self, period_ages_ns: Times, received_ns: Times, scans: int) -> tuple[Times, Times]:
        """Return how old each row may become, and since when that counts (ns).

        A leased row may have rested until its lease began; one at rest is read each `rest_s`. `period_ages_ns` is what
        a row at its period may become.
        """
        with self._lock:
            is_held = self._until_ns > self._clock.mono_ns()
            since_ns = np.where(is_held, np.maximum(received_ns, self._since_ns), received_ns)
        is_resting: NDArray[np.bool_] = (self._rest_ns > 0) & ~is_held
        return np.where(is_resting, scans * self._rest_ns, period_ages_ns), since_ns
