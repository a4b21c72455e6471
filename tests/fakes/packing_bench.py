"""A history that is recorded and packed under a test's hand, without threads."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from history.chunks.cells import HOUR_US, Cells, Rule
from history.chunks.samples import Samples
from history.columns import Columns
from history.packer import Packer
from history.store.archive import Archive
from history.store.frames import FrameStore
from history.store.months import Months
from history.store.packed import read_cells
from history.store.segments import Segments
from tests.fakes.clock import ManualClock

NAMES = ("A", "B", "C")
HOLD_US = 90_000_000
RULE = Rule(is_stepped=True, hold_us=HOLD_US)
LAST_HOUR = 1_701_388_800_000_000  # 2023-12-01 00:00 UTC: a month begins
BEGIN = LAST_HOUR - 3 * HOUR_US


class Bench:
    """Three tags, a clock, and what was recorded of them: (tag, time) → (value, quality)."""

    def __init__(self, folder: Path, names: Sequence[str] = NAMES, start_us: int = LAST_HOUR - 2 * HOUR_US) -> None:
        self.clock = ManualClock()
        self.clock.advance((start_us - self.clock.wall_us()) / 1e6)
        self.frames = FrameStore(folder, names)
        self.frames.open(start_us)
        self.months = Months(folder)
        self.segments = Segments(self.frames)
        self.packer = Packer(self.segments, self.months, lambda tag: RULE, HOLD_US, self.clock)
        self.archive = Archive(self.frames, self.months)
        self.expected: dict[tuple[int, int], tuple[float, int]] = {}

    def close(self) -> None:
        self.months.close()
        self.frames.close()

    def record(self, *samples: tuple[int, int, float, int]) -> None:
        """Write one frame of (row, time, value, quality)."""
        rows, times, values, qualities = (np.array(column) for column in zip(*samples, strict=True))
        times = times.astype(np.int64)
        columns = Columns(
            rows.astype(np.int64), values.astype(np.float64), qualities.astype(np.uint16), times, times, times
        )
        self.frames.append(columns, self.clock.wall_us())
        for row, time, value, quality in samples:
            self.expected[row, time] = value, quality

    def pack(self) -> int:
        """Pack all that is due; return the number of steps."""
        steps = 0
        while self.packer.step():
            steps += 1
        return steps

    def samples(self, row: int) -> Samples:
        """Return what the disk has of a tag, as a query sees it: of equal times the last counts."""
        found = self.archive.read([row], 0, 2**62, 2**62)
        order = np.argsort(found.time_us, kind="stable")
        times = found.time_us[order]
        is_last = np.append(times[1:] != times[:-1], True)[: len(times)]
        rows = order[is_last]
        return Samples(found.time_us[rows], found.values[rows], found.qualities[rows])

    def check(self) -> None:
        for row in range(3):
            found = self.samples(row)
            wanted = sorted((time, *rest) for (tag, time), rest in self.expected.items() if tag == row)
            assert found.times_us.tolist() == [time for time, _, _ in wanted]
            bits = np.array([value for _, value, _ in wanted], np.float64).view(np.uint64)
            assert found.values.view(np.uint64).tolist() == bits.tolist()
            assert found.qualities.tolist() == [quality for _, _, quality in wanted]

    def cells(self, row: int, level_us: int) -> Cells:
        tag = int(self.frames.place().ids[row])
        parts = []
        for month in self.months.between(0, 2**60):
            with self.months.reading(month) as connection:
                parts.append(read_cells(connection, tag, level_us, 0, 2**60))
        cells: Cells = np.concatenate(parts)
        return cells

    def count(self, table: Any) -> int:
        with self.frames.place().engine.connect() as connection:
            return len(connection.execute(table.select()).all())


@contextmanager
def bench(folder: Path, names: Sequence[str] = NAMES) -> Iterator[Bench]:
    made = Bench(folder, names)
    try:
        yield made
    finally:
        made.close()


def shift(one: Bench, hours: int, step_s: int = 20) -> None:
    """Record a value of each tag every few seconds for some hours, packing as time goes by."""
    random = np.random.default_rng(hours)
    for _ in range(hours * 3600 // step_s):
        now_us = one.clock.wall_us()
        one.record(*((row, now_us - int(random.integers(0, 1000)), float(random.normal()), 0) for row in range(3)))
        one.clock.advance(step_s)
