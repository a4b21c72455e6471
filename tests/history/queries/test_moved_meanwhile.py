"""Samples that are packed while a question is answered are neither lost nor counted twice."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from history.aggregates.results import Aggregate
from history.chunks.cells import HOUR_US, MINUTE_US
from history.columns import Columns
from history.memory import Memory
from history.queries.aggregates import AggregateQuery
from history.queries.instants import InstantQuery
from history.queries.intervals import Intervals
from history.queries.samples import SampleQuery
from history.queries.site import Site
from history.queries.totals import TotalQuery
from history.query import HistoryReader
from history.series import HistoryQuery
from plant_models.tag import Tag
from tests.fakes.packing_bench import HOLD_US, LAST_HOUR, Bench, bench

START = LAST_HOUR - 2 * HOUR_US
HOURS = Intervals(START, LAST_HOUR, width_us=HOUR_US)


class PackingArchive:
    """The archive of a bench, which packs all that is due as soon as what isn't packed was read."""

    def __init__(self, one: Bench) -> None:
        self._one = one

    def newest(self, rows: Sequence[int], start_us: int, end_us: int, until_seq: int) -> Columns:
        found = self._one.archive.newest(rows, start_us, end_us, until_seq)
        self._one.pack()
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._one.archive, name)


def recorded(one: Bench, is_packed: bool) -> HistoryReader:
    for hour_us in range(START, LAST_HOUR, HOUR_US):
        times = range(hour_us, hour_us + HOUR_US, MINUTE_US)
        one.record(*((0, at_us, float(at_us // MINUTE_US % 97), 0) for at_us in times))
    one.clock.advance(2 * HOUR_US / 1e6 + 600)
    one.record((1, one.clock.wall_us(), 1.0, 0))
    one.clock.advance(120)
    if is_packed:
        one.pack()
    memory = Memory()
    memory.start_after(2**62)
    site = Site(tags={"A": Tag(name="A", unit="m³/h"), "B": Tag(name="B", unit="m³")})
    archive: Any = PackingArchive(one)
    return HistoryReader({"A": 0, "B": 1}, np.full(2, HOLD_US), memory, archive, one.clock, site)


@pytest.fixture(params=[True, False], ids=["packed before", "packed meanwhile"])
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HistoryReader]:
    with bench(tmp_path) as one:
        yield recorded(one, request.param)


VALUES = [float(at_us // MINUTE_US % 97) for at_us in range(START, LAST_HOUR, MINUTE_US)]


def test_samples(asked: HistoryReader) -> None:
    (page,) = asked.samples(SampleQuery(("A",), START, LAST_HOUR))
    assert page.values.tolist() == VALUES


def test_an_instant(asked: HistoryReader) -> None:
    assert asked.at(InstantQuery(START + 90 * MINUTE_US + 5)).values[0] == VALUES[90]


def test_aggregates(asked: HistoryReader) -> None:
    (series,) = asked.aggregates(AggregateQuery(("A",), HOURS, (Aggregate.COUNT, Aggregate.TIME_AVERAGE_2)))
    assert series.results[Aggregate.COUNT].values.tolist() == [60, 60]
    assert series.results[Aggregate.TIME_AVERAGE_2].values[0] == pytest.approx(np.mean(VALUES[:60]))


def test_totals(asked: HistoryReader) -> None:
    (series,) = asked.totals(TotalQuery(("A",), HOURS))
    assert series.totals.values[0] == pytest.approx(sum(VALUES[:60]) / 60)


def test_trends(asked: HistoryReader) -> None:
    (series,) = asked.answer(HistoryQuery(("A",), START, LAST_HOUR, 2))
    assert series.max.tolist() == [max(VALUES[:60]), max(VALUES[60:])]
    assert series.mean[0] == pytest.approx(np.mean(VALUES[:60]))
