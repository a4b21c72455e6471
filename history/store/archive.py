"""All that is in one place, read as one: packed hours, minutes, frames. Any thread.

The newest is read first: what the packer moves meanwhile is then found in both places, and counts once. A part
that can't be read is a gap, "no data"; all else is read.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from history.chunks.cells import CELL, Cells, join_cells
from history.chunks.chunk import Chunk
from history.chunks.samples import MEASURED, Samples
from history.columns import Columns, concatenate
from history.store.months import span_of
from history.store.packed import nothing_from, read_cells, read_hour_of, read_hours
from history.store.parts import NoPartError, Parts, UnreadablePartError
from history.store.unpacked import columns_of, no_data

_Answer = TypeVar("_Answer")


class Newest(Protocol):
    """What isn't packed into hours yet, and the ids of tags: a `FrameStore`, or what a server has received."""

    def read(self, rows: Sequence[int], start_us: int, end_us: int, until_seq: int) -> Columns:
        """Return the samples of some rows of the table of tags that touch [start_us, end_us).

        They come in the order in which they were recorded. What can't be read says of its tags: no data from here.

        Raises:
            DatabaseError: it can't be read.
        """

    def tags_of(self, rows: Sequence[int]) -> list[tuple[int, int]]:
        """Return (row, id) of those of the rows that have an id.

        Raises:
            DatabaseError: it can't be found out.
        """


class Archive:
    """Frames and minutes, and the parts beside them. Ids in what comes out are rows of the table of tags.

    With `is_measured_only` rows that stand for what was left out of a thinned hour don't come out of `read`.
    """

    def __init__(self, newest: Newest, parts: Parts, *, is_measured_only: bool = False) -> None:
        self._newest = newest
        self._parts = parts
        self._is_measured_only = is_measured_only

    def read(self, rows: Sequence[int], start_us: int, end_us: int, until_seq: int) -> Columns:
        """Return the samples of some tags that touch [start_us, end_us), frames up to number `until_seq`.

        They come in the order in which they were recorded. What can't be read says of its tags: no data from here.
        Before the file is open: nothing.

        Raises:
            DatabaseError: a file or the server can't be read.
        """
        newest = self.newest(rows, start_us, end_us, until_seq)
        return concatenate([self.packed(rows, start_us, end_us), newest])

    def newest(self, rows: Sequence[int], start_us: int, end_us: int, until_seq: int) -> Columns:
        """Return what isn't packed into hours yet, as `read` does."""
        return self._newest.read(rows, start_us, end_us, until_seq)

    def packed(self, rows: Sequence[int], start_us: int, end_us: int) -> Columns:
        """Return what is packed into hours, as `read` does."""
        tags = self._newest.tags_of(rows)
        rows_with_id = np.array([row for row, _ in tags], np.int64)
        if not tags:
            return concatenate([])
        hours, gap = partial(_hours, tags, self._is_measured_only), partial(_gap, rows_with_id)
        return concatenate(self._asked(hours, gap, start_us, end_us))

    def cells(self, row: int, level_us: int, start_us: int, end_us: int) -> Cells:
        """Return the cells of packed hours of a tag that begin in [start, end), in order.

        Raises:
            DatabaseError: a file or the server can't be read.
        """
        parts = []
        for _, tag in self._newest.tags_of([row]):
            parts += self._asked(partial(_cells, tag, level_us), _no_cells, start_us, end_us)
        return one_of_each(parts)

    def hour(self, rows: Sequence[int], hour_us: int) -> Iterator[tuple[int, Samples]]:
        """Return rows and their samples of one packed hour; they aren't all in memory at once.

        A row may come twice: of equal times the later one counts. Of what can't be read: no data from the beginning
        of the hour.

        Raises:
            DatabaseError: a file or the server can't be read.
        """
        rows_of = {tag: row for row, tag in self._newest.tags_of(rows)}
        for part in self._parts.between(hour_us, hour_us + 1) if rows_of else ():
            try:
                with suppress(NoPartError), self._parts.reading(part) as connection:
                    for tag, samples in read_hour_of(connection, hour_us, list(rows_of)):
                        yield rows_of[tag], samples
            except UnreadablePartError:
                for row in rows_of.values():
                    yield row, nothing_from(hour_us)

    def _asked(
        self,
        ask: Callable[[Connection, int, int], _Answer],
        instead: Callable[[int], _Answer],
        start_us: int,
        end_us: int,
    ) -> list[_Answer]:
        """Return what each part answers about its share of [start, end), or what stands for one that can't be read."""
        answers = []
        for part in self._parts.between(start_us, end_us):
            first, last = span_of(part)
            begin, end = max(start_us, first), min(end_us, last)
            try:
                with suppress(NoPartError), self._parts.reading(part) as connection:  # its time may just be over
                    answers.append(ask(connection, begin, end))
            except UnreadablePartError:
                answers.append(instead(begin))
        return answers


def one_of_each(parts: Sequence[Cells]) -> Cells:
    """Return cells in order of their times; of those of the same time the one with most samples.

    A tag's cell stands in two parts only if one of them doesn't know what the other has.
    """
    joined = join_cells(parts)
    if (joined["t0_us"][1:] > joined["t0_us"][:-1]).all():
        return joined
    order = np.lexsort((joined["n"], joined["t0_us"]))
    times = joined["t0_us"][order]
    found: Cells = joined[order[np.append(times[1:] != times[:-1], True)[: len(times)]]]
    return found


def _hours(
    tags: list[tuple[int, int]], is_measured_only: bool, connection: Connection, start_us: int, end_us: int
) -> Columns:
    hours = []
    for row, tag in tags:
        for hour in read_hours(connection, tag, start_us, end_us):
            if isinstance(hour, Chunk):
                samples = hour.samples
                if is_measured_only and samples.filled is not None:
                    samples = samples.take(samples.filled == MEASURED)
                hours.append(columns_of(np.full(len(samples), row, np.int64), samples))
            else:
                hours.append(no_data(np.array([row], np.int64), [hour.t0_us]))
    return concatenate(hours)


def _cells(tag: int, level_us: int, connection: Connection, start_us: int, end_us: int) -> Cells:
    return read_cells(connection, tag, level_us, start_us, end_us)


def _gap(rows: NDArray[np.int64], start_us: int) -> Columns:
    return no_data(rows, [start_us])


def _no_cells(_start_us: int) -> Cells:
    return np.empty(0, CELL)
