"""All that is on the disk, read as one: packed hours, minutes, frames. Any thread.

The newest is read first: what the packer moves meanwhile is then found in both places, and counts once.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from history.chunks.cells import Cells, join_cells
from history.chunks.chunk import Chunk
from history.chunks.samples import Samples
from history.columns import Columns, concatenate
from history.store.frames import FrameStore, columns_of, no_data
from history.store.months import Months, span_of
from history.store.packed import read_cells, read_hour_of, read_hours


class Archive:
    """The frames of a station and the months beside them. Ids in what comes out are rows of the table of tags."""

    def __init__(self, frames: FrameStore, months: Months) -> None:
        self._frames = frames
        self._months = months

    def read(self, rows: Sequence[int], start_us: int, end_us: int, until_seq: int) -> Columns:
        """Return the samples of some tags that touch [start_us, end_us), frames up to number `until_seq`.

        They come in the order in which they were recorded. What can't be read says of its tags: no data from here.
        Before the file is open: nothing.

        Raises:
            DatabaseError: a file can't be read.
        """
        newest = self.newest(rows, start_us, end_us, until_seq)
        return concatenate([self.packed(rows, start_us, end_us), newest])

    def newest(self, rows: Sequence[int], start_us: int, end_us: int, until_seq: int) -> Columns:
        """Return what isn't packed into hours yet, as `read` does."""
        return self._frames.read(rows, start_us, end_us, until_seq)

    def packed(self, rows: Sequence[int], start_us: int, end_us: int) -> Columns:
        """Return what is packed into hours, as `read` does."""
        if not self._frames.is_open:
            return concatenate([])
        ids = self._frames.place().ids
        return concatenate([part for row in rows for part in self._packed(row, int(ids[row]), start_us, end_us)])

    def cells(self, row: int, level_us: int, start_us: int, end_us: int) -> Cells:
        """Return the cells of packed hours of a tag that begin in [start, end), in order.

        Raises:
            DatabaseError: a file can't be read.
        """
        parts = []
        if self._frames.is_open:
            tag = int(self._frames.place().ids[row])
            for month in self._months.between(start_us, end_us):
                first_us, last_us = span_of(month)
                with self._months.reading(month) as connection:
                    span = max(start_us, first_us), min(end_us, last_us)
                    parts.append(read_cells(connection, tag, level_us, *span))
        return join_cells(parts)

    def hour(self, rows: Sequence[int], hour_us: int) -> Iterator[tuple[int, Samples]]:
        """Return rows and their samples of one packed hour; they aren't all in memory at once.

        Of what can't be read: no data from the beginning of the hour.

        Raises:
            DatabaseError: a file can't be read.
        """
        if not self._frames.is_open:
            return
        ids = self._frames.place().ids
        rows_of = {int(ids[row]): row for row in rows}
        for month in self._months.between(hour_us, hour_us + 1):
            with self._months.reading(month) as connection:
                for tag, samples in read_hour_of(connection, hour_us, list(rows_of)):
                    yield rows_of[tag], samples

    def _packed(self, row: int, tag: int, start_us: int, end_us: int) -> Iterator[Columns]:
        for month in self._months.between(start_us, end_us):
            with self._months.reading(month) as connection:
                for hour in read_hours(connection, tag, start_us, end_us):
                    if isinstance(hour, Chunk):
                        yield columns_of(np.full(len(hour.samples), row, np.int64), hour.samples)
                    else:
                        yield no_data(np.array([row], np.int64), [hour.t0_us])
