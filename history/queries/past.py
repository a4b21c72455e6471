"""One tag in one question: what isn't packed, and in which hours there is anything, is read at its beginning.

So a year that is mostly silence costs little, minutes and frames are looked through once for several tags, and what
lies before one piece is remembered for the next. Worker threads of the station.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from history.chunks.cells import HOUR_US, Cells
from history.chunks.samples import Samples, Times, merge
from history.columns import Columns
from history.queries.limits import MAX_SAMPLES, Patience
from history.queries.neighbours import NONE, Chooses, first_from, full_hour, last_before, last_of_hours
from history.queries.source import Source, of_times

_TOGETHER: Final = 8
"""Tags whose minutes and frames are read at once."""


def pasts(source: Source, rows: Sequence[int], span_us: tuple[int, int], patience: Patience) -> Iterator["Past"]:
    """Return what is asked of each tag, one after the other.

    Raises:
        DatabaseError: what is on disk can't be read.
        AbandonedError: nobody waits any more.
    """
    for first in range(0, len(rows), _TOGETHER):
        some = rows[first : first + _TOGETHER]
        around_us = int(source.holds_us(some).max()) + HOUR_US
        start_us, end_us = full_hour(span_us[0] - around_us), full_hour(span_us[1] + around_us + HOUR_US - 1)
        patience.check()
        unpacked = source.unpacked(some, start_us, end_us)
        for row in some:
            patience.check()
            yield Past(source, row, unpacked.take(unpacked.ids == row), (start_us, end_us), patience)


class Past:
    """The samples of a tag in a span of full hours (µs UTC), more than an hour and its hold time around what is asked.

    Ask from the past to the present. Every method may raise:

        DatabaseError: what is on disk can't be read.
        AbandonedError: nobody waits any more.
    """

    def __init__(
        self, source: Source, row: int, unpacked: Columns, span_us: tuple[int, int], patience: Patience
    ) -> None:
        self._source, self._row, self._patience = source, row, patience
        self.hold_us = source.hold_us(row)
        self._first_us = span_us[0]
        self._unpacked = of_times(unpacked).between(*span_us)
        self._cells = source.cells(row, HOUR_US, *span_us)
        recent, counts = np.unique(self.unpacked_us // HOUR_US * HOUR_US, return_counts=True)
        self._hours, which = np.unique(np.concatenate([recent, self._cells["t0_us"]]), return_inverse=True)
        n = np.bincount(which, np.concatenate([counts, self._cells["n"]]), len(self._hours))
        self._counted = np.append(0, np.cumsum(n.astype(np.int64)))
        self._before: dict[Chooses, tuple[int, Samples]] = {}
        self._after: dict[Chooses, Samples] = {}

    @property
    def unpacked_us(self) -> Times:
        """When there are samples that aren't packed."""
        return self._unpacked.times_us

    def cells(self, level_us: int, start_us: int, end_us: int) -> Cells:
        """Return the cells of packed hours that begin in [start, end), in order."""
        if level_us != HOUR_US:
            return self._source.cells(self._row, level_us, start_us, end_us)
        low, high = np.searchsorted(self._cells["t0_us"], [start_us, end_us]).tolist()
        return self._cells[low:high]

    def now_us(self) -> int:
        """Return the present time."""
        return self._source.now_us()

    def most_before(self, times_us: Times) -> Times:
        """Return how many samples there may be up to the end of the hour of each time."""
        return np.asarray(self._counted[np.searchsorted(self._hours, times_us, "right")], np.int64)

    def samples(self, start_us: int, end_us: int) -> Samples:
        """Return the samples in [start, end), in the order of their times.

        Raises:
            ValueError: there are too many to be worked with.
        """
        low, high = np.searchsorted(self._hours, [start_us - HOUR_US + 1, end_us]).tolist()
        if low == high:
            return NONE
        most = int(self._counted[high] - self._counted[low])
        if most > MAX_SAMPLES:
            raise ValueError(f"an interval of up to {most} samples; ask for shorter ones, {MAX_SAMPLES} at most")
        first, last = max(int(self._hours[low]), start_us), min(int(self._hours[high - 1]) + HOUR_US, end_us)
        packed = of_times(self._source.packed(self._row, first, last))
        return merge([packed, self._unpacked.between(first, last)]).between(first, last)

    def last_before(self, at_us: int, chosen: Chooses) -> Samples:
        """Return the last sample before a time that is chosen, however old it is, or none."""
        known_us, known = self._before.get(chosen, (0, NONE))
        if chosen not in self._before:
            known_us = self._first_us
            known = last_before(self._source, self._row, known_us, chosen, self._patience)
        low, high = np.searchsorted(self._hours, [known_us - HOUR_US + 1, at_us]).tolist()
        how = chosen, self._patience
        found = last_of_hours(self._source, self._row, self._hours[low:high], (known_us, at_us), how)
        self._before[chosen] = at_us, found if len(found) else known
        return self._before[chosen][1]

    def note(self, found: Samples, until_us: int, chosen: Chooses) -> None:
        """Remember what was found up to a time, for what is asked next; what was there before it is known."""
        rows = np.flatnonzero(chosen(found.between(0, until_us)))
        self._before[chosen] = until_us, found.take(rows[-1:])

    def first_from(self, at_us: int, chosen: Chooses) -> Samples:
        """Return the first sample at or after a time that is chosen, or none."""
        known = self._after.get(chosen)
        if known is None or (known.times_us < at_us).any():
            self._after[chosen] = first_from(self._source, self._row, at_us, chosen, self._patience)
        return self._after[chosen]
