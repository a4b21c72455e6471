"""Trends so wide that pixels come from cells: they say what samples would say."""

from pathlib import Path

import numpy as np
import pytest

from history.aggregates.spans import Stretch
from history.chunks.cells import HOUR_US, MINUTE_US
from history.memory import Memory
from history.packer import DAY_US
from history.pixels import draw
from history.plan import level_of, stretches
from history.query import HistoryReader
from history.series import NO_DATA, HistoryQuery, HistorySeries
from tests.fakes.packing_bench import HOLD_US, LAST_HOUR, Bench, bench, shift

START = LAST_HOUR - 2 * HOUR_US


def reader(one: Bench) -> HistoryReader:
    memory = Memory()
    memory.start_after(2**62)  # it has nothing, and everything is on the disk
    return HistoryReader({"A": 0, "B": 1, "C": 2}, np.full(3, HOLD_US), memory, one.archive, one.clock)


def from_samples(one: Bench, query: HistoryQuery) -> HistorySeries:
    found = one.archive.read([0], 0, 2**57, 2**62)
    return draw("A", found, query, one.clock.wall_us(), HOLD_US)


def assert_alike(found: HistorySeries, wanted: HistorySeries) -> None:
    assert found.t0_us.tolist() == wanted.t0_us.tolist()
    for name in ("min", "max", "first", "last"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name), err_msg=name)
    np.testing.assert_allclose(found.mean, wanted.mean, rtol=1e-9, atol=1e-9)
    assert (found.quality >> 14).tolist() == (wanted.quality >> 14).tolist()


@pytest.mark.parametrize("width_us", [MINUTE_US, 4 * MINUTE_US, HOUR_US, 2 * HOUR_US])
def test_pixels_of_whole_cells_are_those_of_all_samples(tmp_path: Path, address: str, width_us: int) -> None:
    with bench(tmp_path, address) as one:
        shift(one, 3, 60 if address else 20)
        one.record((0, one.clock.wall_us(), 5.0, 0x8000))
        one.clock.advance(1800)
        one.record((0, one.clock.wall_us(), 6.0, 0))
        for later_s in (0.0, 2 * HOUR_US / 1e6, 2 * DAY_US / 1e6, 40 * DAY_US / 1e6):
            one.clock.advance(later_s)
            one.pack()
            query = HistoryQuery(("A",), START, START + 4 * HOUR_US, 4 * HOUR_US // width_us)
            assert level_of(query) == (HOUR_US if width_us >= HOUR_US else MINUTE_US)
            (found,) = reader(one).answer(query)
            wanted = from_samples(one, query)
            quiet = slice(0, 3 * HOUR_US // width_us)  # afterwards cells and samples differ by how long a value holds
            assert_alike(_part(found, quiet), _part(wanted, quiet))
            assert found.gaps[-1].end_us == START + 4 * HOUR_US


def test_late_samples_show_before_they_are_packed(tmp_path: Path, address: str) -> None:
    with bench(tmp_path, address) as one:
        shift(one, 3, 20)
        one.clock.advance(2 * DAY_US / 1e6)
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.pack()
        one.record((0, START + HOUR_US + 5 * MINUTE_US + 1, 1e6, 0))
        query = HistoryQuery(("A",), START, START + 3 * HOUR_US, 3)
        for _ in range(2):
            (found,) = reader(one).answer(query)
            assert found.max[1] == 1e6
            before_the_last_hold = slice(0, 2)
            assert_alike(_part(found, before_the_last_hold), _part(from_samples(one, query), before_the_last_hold))
            one.clock.advance(120)
            one.record((1, one.clock.wall_us(), 1.0, 0))
            one.pack()


def test_a_time_without_history_is_a_gap(tmp_path: Path, address: str) -> None:
    with bench(tmp_path, address) as one:
        shift(one, 1, 60)
        year_us = 365 * DAY_US
        (found,) = reader(one).answer(HistoryQuery(("A",), START - year_us, START + year_us, 800))
        assert found.gaps[0].quality == NO_DATA
        assert found.gaps[0].start_us == START - year_us
        assert 1 <= np.isfinite(found.mean).sum() <= 2


def test_runs_of_packed_and_unpacked_hours_fill_the_span() -> None:
    span = Stretch(10 * HOUR_US, 16 * HOUR_US)
    runs = list(stretches(span, np.array([12 * HOUR_US, 12 * HOUR_US + 5, 15 * HOUR_US + 1, 99 * HOUR_US], np.int64)))
    assert [(run.start_us // HOUR_US, run.end_us // HOUR_US, is_packed) for run, is_packed in runs] == [
        (10, 12, True),
        (12, 13, False),
        (13, 15, True),
        (15, 16, False),
    ]


def _part(series: HistorySeries, rows: slice) -> HistorySeries:
    columns = (getattr(series, name)[rows] for name in ("t0_us", "min", "max", "first", "last", "mean", "quality"))
    return HistorySeries(series.tag, *columns, series.gaps)
