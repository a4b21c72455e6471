"""A history that is recorded and packed under a test's hand, without threads: in files, or on a server."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from history.chunks.cells import HOUR_US, Cells, Rule
from history.chunks.samples import Samples
from history.columns import Columns
from history.packer import Packer
from history.places import Far, Places
from history.store.frames import FrameStore
from history.store.months import span_of
from history.store.packed import read_cells
from history.store.segments import Segments
from tests.fakes.clock import ManualClock
from tests.fakes.forwarding import Forwarding, OnlyWriter, empty

NAMES = ("A", "B", "C")
HOLD_US = 90_000_000
RULE = Rule(is_stepped=True, hold_us=HOLD_US)
LAST_HOUR = 1_701_388_800_000_000  # 2023-12-01 00:00 UTC: a month begins
BEGIN = LAST_HOUR - 3 * HOUR_US


class Bench:
    """Three tags, a clock, and what was recorded of them: (tag, time) → (value, quality).

    With the address of a server frames are sent there before they are packed. `classes` are keeping classes by
    row.
    """

    def __init__(
        self,
        folder: Path,
        address: str = "",
        names: Sequence[str] = NAMES,
        start_us: int = LAST_HOUR - 2 * HOUR_US,
    ) -> None:
        self.clock = ManualClock()
        self.clock.advance((start_us - self.clock.wall_us()) / 1e6)
        self.writer = OnlyWriter()
        self.frames = FrameStore(folder, names)
        self.places = Places(folder, self.frames, self.clock, Far(address, self.writer) if address else None)
        self.home, self.parts = self.places.home, self.places.parts
        self.frames.open(start_us)
        if address:
            empty(address)
        self.forwarding = Forwarding(self.frames, address) if address else None
        self.segments = Segments(self.home)
        self.classes: dict[int, str] = {}
        self.packer = Packer(self.segments, self.parts, lambda tag: RULE, HOLD_US, self.clock, self._keeping_of)
        self.archive = self.places.whole
        self.expected: dict[tuple[int, int], tuple[float, int]] = {}

    def _keeping_of(self, tag: int) -> str:
        row = self.home.row_of(tag)
        return "" if row is None else self.classes.get(row, "")

    def close(self) -> None:
        self.places.close()
        self.frames.close()
        if self.forwarding is not None:
            self.forwarding.close()

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
        if self.forwarding is not None:
            self.forwarding.send()
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
        parts = []
        for part in self.parts.between(0, 2**60):
            with self.parts.reading(part) as connection:
                parts.append(read_cells(connection, self.tag(row), level_us, *span_of(part)))
        cells: Cells = np.concatenate(parts)
        return cells

    def tag(self, row: int) -> int:
        """Return the id by which the place knows a row."""
        return next(tag for tag in range(1, 1000) if self.home.row_of(tag) == row)

    def count(self, table: Any) -> int:
        with self.home.place().reading() as connection:
            return len(connection.execute(table.select()).all())


MakeBench = Callable[[], AbstractContextManager[Bench]]


@contextmanager
def bench(folder: Path, address: str = "", names: Sequence[str] = NAMES) -> Iterator[Bench]:
    made = Bench(folder, address, names)
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
