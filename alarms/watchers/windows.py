"""The recent past of tags, in a fixed number of points for each: what it was a window ago, how far it moved since.

A point begins at least a thirtieth of the window after the one before and gathers what is read until the next: its time
and value are those of its first reading, so that a rate is exact however irregular readings are, and its extremes are
those of all. Station thread.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from alarms.verdicts import LONG_AGO, Flags, Indices, Times
from plant_models.batch import Values

POINTS: Final = 32
"""Points kept: they reach back over a window, one before it and one that is being gathered."""


@dataclass(frozen=True, slots=True)
class Past:
    """A window ago, for some tags. `is_whole` says that there was a reading then; else the others are since the first.

    `at_ns` and `values` are the newest reading at least a window old, `moved` is the span of all readings since.
    """

    is_whole: Flags
    at_ns: Times
    values: Values
    moved: Values


class Windows:
    """The past of m tags over `window_s`, shape (m,), in s."""

    def __init__(self, window_s: Values) -> None:
        m = len(window_s)
        self._window_ns = np.round(window_s * 1e9).astype(np.int64)
        self._step_ns = self._window_ns // (POINTS - 2)
        self._at_ns = np.full((m, POINTS), LONG_AGO, np.int64)
        self._value = np.full((m, POINTS), np.nan)
        self._low = np.full((m, POINTS), np.inf)
        self._high = np.full((m, POINTS), -np.inf)
        self._point = np.zeros(m, np.intp)
        self._read_ns = np.full(m, LONG_AGO, np.int64)

    def forget(self, which: Indices) -> None:
        """Begin anew with the next reading."""
        self._at_ns[which] = LONG_AGO
        self._low[which], self._high[which] = np.inf, -np.inf
        self._read_ns[which] = LONG_AGO

    def add(self, which: Indices, values: Values, at_ns: Times) -> None:
        """Take a reading of each; after a gap longer than the window the past is forgotten."""
        self.forget(which[at_ns - self._read_ns[which] > self._window_ns[which]])
        self._read_ns[which] = at_ns
        point = self._point[which]
        is_new = at_ns - self._at_ns[which, point] >= np.maximum(self._step_ns[which], 1)
        new, point = which[is_new], (point[is_new] + 1) % POINTS
        self._point[new] = point
        self._at_ns[new, point], self._value[new, point] = at_ns[is_new], values[is_new]
        self._low[new, point] = self._high[new, point] = values[is_new]
        point = self._point[which]
        self._low[which, point] = np.minimum(self._low[which, point], values)
        self._high[which, point] = np.maximum(self._high[which, point], values)

    def past(self, which: Indices, at_ns: Times) -> Past:
        """Return what was a window before `at_ns`, the time of the newest reading."""
        times = self._at_ns[which]
        ago = np.where(times <= (at_ns - self._window_ns[which])[:, None], times, LONG_AGO)
        point = ago.argmax(axis=1)
        since = ago[np.arange(len(which)), point]
        is_in = times >= np.maximum(since, LONG_AGO + 1)[:, None]
        high = np.where(is_in, self._high[which], -np.inf).max(axis=1)
        low = np.where(is_in, self._low[which], np.inf).min(axis=1)
        return Past((since > LONG_AGO) & (since < at_ns), since, self._value[which, point], high - low)
