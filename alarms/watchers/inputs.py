"""When conditions of several tags must be judged, and what their tags said then. Station thread.

What was received together is judged together: setpoint and value that come in one reading never meet as new and old.
So does what is calculated from them, which the table hands on with the time of its oldest input. A sample that was
received later, or a second one of a tag, begins a new look.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alarms.verdicts import Flags, Indices, Times
from alarms.watchers.samples import Latest, Samples
from plant_models.batch import Values


@dataclass(frozen=True, slots=True)
class Look:
    """e occasions to judge conditions. `which` are positions in the watcher's list, `places` those in the batch.

    `values` and `is_usable` have shape (e, inputs); an input that a condition doesn't have is NaN and usable.
    `read_ns` is when the first input was last read, `at_us` and `at_ns` when what is judged now was.
    """

    which: Indices
    places: Indices
    values: Values
    is_usable: Flags
    read_ns: Times
    at_us: Times
    at_ns: Times

    @property
    def is_known(self) -> Flags:
        """Which conditions can be judged: all their inputs are usable."""
        is_known: Flags = np.logical_and.reduce(self.is_usable, axis=1)
        return is_known

    def part(self, chosen: Indices) -> "Look":
        """Return some of the occasions."""
        return Look(
            self.which[chosen],
            self.places[chosen],
            self.values[chosen],
            self.is_usable[chosen],
            self.read_ns[chosen],
            self.at_us[chosen],
            self.at_ns[chosen],
        )


class Inputs:
    """The tags that m conditions need: `rows`, shape (m, most inputs), -1 where one has fewer."""

    def __init__(self, rows: Sequence[Sequence[int]], n_tags: int) -> None:
        most = max((len(each) for each in rows), default=0)
        padded = [[*each, *[-1] * (most - len(each))] for each in rows]
        self.rows = np.array(padded, np.intp).reshape(len(rows), most)
        pairs = np.unique(
            np.array([(row, at) for at, each in enumerate(rows) for row in each if row >= 0], np.intp).reshape(-1, 2),
            axis=0,
        )
        self._of_tags = pairs[:, 1]
        self._count = np.bincount(pairs[:, 0], minlength=n_tags)
        self._first = np.cumsum(self._count) - self._count

    @property
    def tags(self) -> Indices:
        """The rows of all tags that are needed."""
        return np.flatnonzero(self._count)

    def looks(self, samples: Samples, latest: Latest) -> Look | None:
        """Return the occasions that samples give, by condition and in order of arrival; None if there are none.

        `latest` is what the tags had brought before.
        """
        hits = np.flatnonzero(self._count[samples.tags])
        if not len(hits):
            return None
        counts = self._count[samples.tags[hits]]
        ends = np.cumsum(counts)
        which = self._of_tags[np.arange(ends[-1]) + np.repeat(self._first[samples.tags[hits]] - ends + counts, counts)]
        places = np.repeat(hits, counts)
        order = np.lexsort((places, which))
        which, places = which[order], places[order]
        first, last, newest = _together(which, places, samples)
        return self._look(which[last], places[last], samples, latest, (samples.at_us[places[first]], newest))

    def now(self, which: Indices, latest: Latest, read_ns: Times, at_us: Times) -> Look:
        """Return the occasion that a reading without a change gives to some conditions."""
        rows = self.rows[which]
        is_usable = latest.is_usable[rows] | (rows < 0)
        return Look(which, which, latest.values[rows], is_usable, read_ns, at_us, read_ns)

    def _look(
        self, which: Indices, places: Indices, samples: Samples, latest: Latest, times: tuple[Times, Times]
    ) -> Look:
        rows = self.rows[which]
        found = samples.newest(rows, places[:, None])
        is_new = found >= 0
        values = np.where(is_new, samples.values[found], latest.values[rows])
        is_usable = np.where(is_new, samples.is_usable[found], latest.is_usable[rows]) | (rows < 0)
        own = found[:, 0]
        read_ns = np.where(own >= 0, samples.received_ns[own], latest.received_ns[rows[:, 0]])
        return Look(which, places, values, is_usable, read_ns, *times)


def _together(which: Indices, places: Indices, samples: Samples) -> tuple[Indices, Indices, Times]:
    """Cut samples, in order for each condition, into those that are judged together.

    Returns the first and the last of each, and when the newest of them and those before was received.
    """
    n = len(which)
    positions = np.arange(n)
    is_other = np.r_[True, which[1:] != which[:-1]]
    if bool(is_other.all()):
        return positions, positions, samples.received_ns[places]
    order, rank = np.unique(samples.received_ns[places], return_inverse=True)
    key = which * len(order) + rank
    newest = np.maximum.accumulate(key)
    is_later = np.r_[True, key[1:] > newest[:-1]]
    since = np.maximum.accumulate(np.where(is_later, positions, 0))
    is_again = samples.before[places] >= places[since]
    first = np.flatnonzero(is_later | is_again)
    last = np.r_[first[1:], n] - 1
    return first, last, samples.received_ns[places[since[first]]]
