"""One tag in one question: it is known from the start in which hours there is anything. Worker threads of the station.

So a year that is mostly silence costs little, and what lies before one piece is remembered for the next.
"""

import numpy as np

from history.chunks.cells import HOUR_US
from history.chunks.samples import Samples, Times
from history.queries.limits import MAX_SAMPLES, Patience
from history.queries.neighbours import NONE, Chooses, first_from, full_hour, last_before, last_of_hours
from history.queries.source import Source


class Past:
    """The samples of a tag in [start, end) and its hold time around it (µs UTC). Ask from the past to the present.

    Every method may raise:

        DatabaseError: what is on disk can't be read.
        AbandonedError: nobody waits any more.
    """

    def __init__(self, source: Source, row: int, span_us: tuple[int, int], patience: Patience) -> None:
        self._source, self._row, self._patience = source, row, patience
        self.hold_us = source.hold_us(row)
        self._first_us = full_hour(span_us[0] - self.hold_us)
        end_us = full_hour(span_us[1] + self.hold_us + HOUR_US - 1)
        self._hours, counts = source.hours(row, self._first_us, end_us)
        self._counted = np.append(0, np.cumsum(counts))
        self._before: dict[Chooses, tuple[int, Samples]] = {}
        self._after: dict[Chooses, Samples] = {}

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
        return self._source.samples(self._row, first, last)

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
