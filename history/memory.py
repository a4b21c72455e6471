"""The newest samples, on disk already or not yet. The recorder thread writes it, queries read it from any thread.

A query takes the blocks first and then asks the disk only for older frames, so that a sample that is being written in
that moment is seen once: neither twice nor not at all.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.columns import Columns, concatenate

ROWS: Final = 1_000_000
"""Stored samples that are kept at most, about 50 MB."""
SPAN_US: Final = 600_000_000
"""Stored samples older than this are let go."""
FRAME_ROWS: Final = 65_536
"""A frame has no more rows than this, unless they came at once."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Samples that are not on disk yet; `marks` of them are history's own."""

    columns: Columns
    marks: int


@dataclass(frozen=True, slots=True)
class Recollection:
    """What memory holds, in order of arrival. What came before stands in the frames up to number `stored_until`."""

    blocks: tuple[Columns, ...]
    stored_until: int

    def of(self, rows: Sequence[int], start_us: int, end_us: int) -> Columns:
        """Return the samples of some rows in [start, end), in order of arrival."""
        is_asked = np.zeros(max(rows, default=0) + 1, np.bool_)
        is_asked[list(rows)] = True
        parts = []
        for block in self.blocks:
            is_inside = (block.time_us >= start_us) & (block.time_us < end_us)
            if is_inside.any():
                is_inside &= is_asked[np.minimum(block.ids, len(is_asked) - 1)] & (block.ids < len(is_asked))
                parts.append(block.take(is_inside))
        return concatenate(parts)


@dataclass(frozen=True, slots=True)
class _Stored:
    columns: Columns
    first_seq: int


class Memory:
    """Blocks of samples: those that are stored, then those that wait for the disk."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stored: deque[_Stored] = deque()
        self._waiting: deque[Waiting] = deque()
        self._stored_rows = self._waiting_rows = 0
        self._last_seq = 0

    def add(self, columns: Columns, marks: int = 0) -> None:
        """Take samples that are not on disk yet."""
        if len(columns):
            with self._lock:
                self._waiting.append(Waiting(columns, marks))
                self._waiting_rows += len(columns)

    def next_frame(self) -> Waiting | None:
        """Return the oldest samples that are not on disk, as many as fit in a frame; None if there is none."""
        with self._lock:
            parts: list[Waiting] = []
            rows = 0
            while self._waiting and (not parts or rows + len(self._waiting[0].columns) <= FRAME_ROWS):
                parts.append(self._waiting.popleft())
                rows += len(parts[-1].columns)
            if not parts:
                return None
            frame = Waiting(concatenate([part.columns for part in parts]), sum(part.marks for part in parts))
            self._waiting.appendleft(frame)
            return frame

    def note_stored(self, first_seq: int, last_seq: int) -> None:
        """What `next_frame` returned is on disk now, in frames of these numbers."""
        with self._lock:
            columns = self._waiting.popleft().columns
            self._waiting_rows -= len(columns)
            self._stored.append(_Stored(columns, first_seq))
            self._stored_rows += len(columns)
            self._last_seq = last_seq
            oldest_us = int(columns.received_us[-1]) - SPAN_US
            while self._stored and (self._stored_rows > ROWS or self._stored[0].columns.received_us[-1] < oldest_us):
                self._stored_rows -= len(self._stored.popleft().columns)

    def start_after(self, last_seq: int) -> None:
        """The newest frame of a file that was just opened has this number; none of its frames are in memory."""
        with self._lock:
            self._stored.clear()
            self._stored_rows = 0
            self._last_seq = last_seq

    def recall(self) -> Recollection:
        """Return all blocks, and where the frames on disk end that are not among them."""
        with self._lock:
            until = self._stored[0].first_seq - 1 if self._stored else self._last_seq
            waiting = (part.columns for part in self._waiting)
            return Recollection((*(block.columns for block in self._stored), *waiting), until)

    @property
    def stored_until(self) -> int:
        """The number of the newest frame that is not held here: see `recall`."""
        with self._lock:
            return self._stored[0].first_seq - 1 if self._stored else self._last_seq

    def thin(self, stays_of: Callable[[Columns], NDArray[np.bool_]]) -> tuple[int, int]:
        """Leave only some of what is not on disk yet; return how many samples and marks are gone. Recorder thread.

        Marks aren't told from samples here: samples are counted first.
        """
        with self._lock:
            parts = list(self._waiting)
        columns, marks = concatenate([part.columns for part in parts]), sum(part.marks for part in parts)
        kept = columns.take(stays_of(columns))
        lost = len(columns) - len(kept)
        samples = min(lost, len(columns) - marks)
        with self._lock:
            self._waiting = _in_frames(kept, marks - (lost - samples))
            self._waiting_rows = len(kept)
        return samples, lost - samples

    @property
    def waiting_rows(self) -> int:
        """How many rows are not on disk yet, marks included."""
        return self._waiting_rows

    @property
    def waiting_since_us(self) -> int | None:
        """When the oldest row that is not on disk was received, None if all are."""
        with self._lock:
            return int(self._waiting[0].columns.received_us[0]) if self._waiting else None


def _in_frames(columns: Columns, marks: int) -> deque[Waiting]:
    """Return samples in parts of no more than a frame."""
    parts: deque[Waiting] = deque()
    for start in range(0, len(columns), FRAME_ROWS):
        part = columns.take(np.arange(start, min(start + FRAME_ROWS, len(columns))))
        parts.append(Waiting(part, min(marks, len(part))))
        marks -= parts[-1].marks
    return parts
