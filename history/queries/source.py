"""The samples of tags, wherever they are now: memory, frames, minutes and hours as one. Worker threads of the station.

Memory is asked first and the disk then only for older frames: see history.memory. Of equal times the sample that was
recorded last counts.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from history.chunks.cells import HOUR_US, Cells
from history.chunks.samples import Samples, Times, merge
from history.columns import Columns, concatenate
from history.memory import Memory
from history.store.archive import Archive
from plant_models.clock import Clock


class Source:
    """Tags are rows of the table of tags; times are µs UTC."""

    def __init__(
        self, rows: Mapping[str, int], holds: NDArray[np.int64], memory: Memory, store: Archive, clock: Clock
    ) -> None:
        self._rows, self._holds, self._memory, self._store, self._clock = rows, holds, memory, store, clock

    def rows(self, tags: Sequence[str]) -> list[int]:
        """Return the row of each tag.

        Raises:
            KeyError: there is no such tag.
        """
        return [self._rows[tag] for tag in tags]

    @property
    def names(self) -> tuple[str, ...]:
        """All tags, in the order of their rows."""
        return tuple(sorted(self._rows, key=lambda name: self._rows[name]))

    def hold_us(self, row: int) -> int:
        """Return for how long a sample of a tag holds at most."""
        return int(self._holds[row])

    def holds_us(self, rows: Sequence[int]) -> NDArray[np.int64]:
        """Return for how long a sample of each tag holds at most."""
        return self._holds[np.array(rows, np.intp)]

    def now_us(self) -> int:
        """Return the present time."""
        return self._clock.wall_us()

    def recorded(self, rows: Sequence[int], start_us: int, end_us: int) -> Columns:
        """Return the samples that touch [start, end), and more, in the order in which they were recorded.

        Raises:
            DatabaseError: what is on disk can't be read.
        """
        recollection = self._memory.recall()
        stored = self._store.read(rows, start_us, end_us, recollection.stored_until)
        return concatenate([stored, recollection.of(rows, start_us, end_us)])

    def unpacked(self, rows: Sequence[int], start_us: int, end_us: int) -> Columns:
        """Return those that aren't packed into hours yet, as `recorded` does."""
        recollection = self._memory.recall()
        stored = self._store.newest(rows, start_us, end_us, recollection.stored_until)
        return concatenate([stored, recollection.of(rows, start_us, end_us)])

    def cells(self, row: int, level_us: int, start_us: int, end_us: int) -> Cells:
        """Return the cells of packed hours of a tag that begin in [start, end), in order.

        They are those of the hours that hold no sample of `unpacked`, which must be asked first.
        """
        return self._store.cells(row, level_us, start_us, end_us)

    def hour(self, rows: Sequence[int], hour_us: int) -> Iterator[tuple[int, Samples]]:
        """Return rows and their samples of one packed hour, one after the other; `unpacked` must be asked first."""
        return self._store.hour(rows, hour_us)

    def samples(self, row: int, start_us: int, end_us: int) -> Samples:
        """Return the samples of a tag in [start, end) in the order of their times, no two of them equal."""
        return of_times(self.recorded([row], start_us, end_us)).between(start_us, end_us)

    def hours(self, row: int, start_us: int, end_us: int) -> Times:
        """Return the hours of [start, end), full hours, that may have samples of a tag."""
        unpacked = self.unpacked([row], start_us, end_us).time_us
        cells = self.cells(row, HOUR_US, start_us, end_us)
        hours = np.union1d(unpacked // HOUR_US * HOUR_US, cells["t0_us"])
        return hours[(hours >= start_us) & (hours < end_us)]

    def packed(self, row: int, start_us: int, end_us: int) -> Columns:
        """Return those of packed hours; `unpacked` must be asked first."""
        return self._store.packed([row], start_us, end_us)


def of_times(recorded: Columns) -> Samples:
    """Return samples of one tag in the order of their times; of equal times the last counts."""
    return merge([Samples(recorded.time_us, recorded.values, recorded.qualities)])
