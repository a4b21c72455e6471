"""Packing frames to minutes, hours, days and months: nothing is lost, doubled or changed, wherever it is cut short."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from database.errors import DatabaseError
from history.chunks.cells import HOUR_US, MINUTE_US, Cells, Rule, coarsen, make_cells
from history.chunks.samples import Samples
from history.columns import Columns
from history.packer import DAY_US, Packer
from history.store.archive import Archive
from history.store.frames import FrameStore
from history.store.months import Months
from history.store.packed import read_cells
from history.store.segments import Segments
from history.store.tables import FRAME, SEGMENT
from tests.fakes.clock import ManualClock

HOLD_US = 90_000_000
RULE = Rule(is_stepped=True, hold_us=HOLD_US)
LAST_HOUR = 1_701_388_800_000_000  # 2023-12-01 00:00 UTC: a month begins
BEGIN = LAST_HOUR - 3 * 3_600_000_000


class Bench:
    """Three tags, a clock, and what was recorded of them: (tag, time) → (value, quality)."""

    def __init__(self, folder: Path, start_us: int = LAST_HOUR - 2 * HOUR_US) -> None:
        self.clock = ManualClock()
        self.clock.advance((start_us - self.clock.wall_us()) / 1e6)
        self.frames = FrameStore(folder, ["A", "B", "C"])
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
def bench(folder: Path) -> Iterator[Bench]:
    made = Bench(folder)
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


def test_frames_become_minutes_hours_days_and_months(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        shift(one, 3, 60)
        assert one.pack() > 0
        one.check()
        one.clock.advance(DAY_US / 1e6)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        assert one.pack() > 0
        one.check()
        assert one.count(FRAME) == 1  # the newest says where the run ended
        assert one.count(SEGMENT) == 0
        assert one.months.between(0, 2**60) == ["2023-11", "2023-12"]
        assert one.pack() == 0


def test_cells_are_those_of_all_samples_at_once(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        shift(one, 3, 20)
        for hours in (0, 30, 24 * 32):
            one.clock.advance(hours * 3600.0)
            one.record((0, one.clock.wall_us(), 1.0, 0))
            one.pack()
            for row in range(3):
                whole = one.samples(row)
                packed_us = (one.clock.wall_us() - HOLD_US) // HOUR_US * HOUR_US
                minutes = make_cells(whole, RULE, MINUTE_US, BEGIN, packed_us)
                assert_equal(one.cells(row, MINUTE_US), minutes)
                assert_equal(one.cells(row, HOUR_US), coarsen(minutes, HOUR_US))


def test_late_samples_change_the_cells_of_their_hour_and_of_its_neighbours(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        shift(one, 2, 60)
        one.clock.advance(3 * DAY_US / 1e6)
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.pack()
        start_us = LAST_HOUR - 2 * HOUR_US
        one.record((0, start_us + HOUR_US - 5_000_000, 99.0, 0), (0, start_us + HOUR_US + 1, -99.0, 0))
        one.record((0, start_us + 60_000_000, 7.0, 0x8000), (2, start_us - 30_000_000, 3.0, 0))
        one.clock.advance(120)
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.pack()
        one.check()
        for row in range(3):
            whole = one.samples(row)
            minutes = make_cells(whole, RULE, MINUTE_US, BEGIN, LAST_HOUR)
            assert_equal(one.cells(row, MINUTE_US), minutes)
            assert_equal(one.cells(row, HOUR_US), coarsen(minutes, HOUR_US))


def assert_equal(found: Cells, wanted: Cells) -> None:
    found = found[found["t0_us"] <= wanted["t0_us"][-1]]
    assert found["t0_us"].tolist() == wanted["t0_us"].tolist()
    for name in found.dtype.names or ():
        np.testing.assert_allclose(found[name], wanted[name], rtol=1e-9, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("place", ["before the minutes are let go of", "before the month is written", "while merging"])
def test_a_packing_that_is_cut_short_is_done_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    with bench(tmp_path) as one:
        shift(one, 3, 60)
        one.clock.advance(2 * DAY_US / 1e6)
        one.record((0, one.clock.wall_us(), 1.0, 0))

        def fail(*_: object, **__: object) -> None:
            raise DatabaseError("cut short")

        targets: dict[str, tuple[Any, str]] = {
            "before the minutes are let go of": (one.segments, "done"),
            "before the month is written": (one.months, "writing"),
        }
        with monkeypatch.context() as patch:
            if place in targets:
                patch.setattr(*targets[place], fail)
            else:
                patch.setattr("history.packer.merge_rows", fail)
            with pytest.raises(DatabaseError):
                one.pack()
        one.check()
        one.pack()
        one.check()
        minutes = make_cells(one.samples(0), RULE, MINUTE_US, BEGIN, LAST_HOUR + HOUR_US)
        assert_equal(one.cells(0, MINUTE_US), minutes)


TIMES = st.integers(LAST_HOUR - 3 * HOUR_US, LAST_HOUR + HOUR_US - 1)
VALUES = st.floats(allow_nan=True, allow_infinity=True, width=64)
ACTIONS = st.one_of(
    st.lists(
        st.tuples(st.integers(0, 2), TIMES, VALUES, st.sampled_from([0, 0x8000, 0x40D2])),
        min_size=1,
        max_size=4,
        unique_by=lambda sample: sample[:2],
    ),
    st.sampled_from([1.0, 70.0, 3700.0, 90_000.0]),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(ACTIONS, min_size=1, max_size=8))
def test_any_order_of_recording_and_packing_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory, actions: list[Any]
) -> None:
    with bench(tmp_path_factory.mktemp("history")) as one:
        for action in actions:
            if isinstance(action, float):
                one.clock.advance(action)
                one.pack()
            else:
                one.record(*action)
            one.check()
