"""An hour that can't be read is a gap in every answer, and told in the log; other tags and hours are read."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np

from history.aggregates.results import Aggregate
from history.chunks.cells import HOUR_US, MINUTE_US
from history.queries.aggregates import AggregateQuery
from history.queries.instants import InstantQuery
from history.queries.intervals import Intervals
from history.queries.samples import SampleQuery
from history.series import NO_DATA
from tests.fakes.packing_bench import LAST_HOUR, Bench, bench
from tests.history.test_wide_trends import reader

START = LAST_HOUR - 2 * HOUR_US
BROKEN_US = START + HOUR_US


def spoilt(one: Bench, folder: Path) -> None:
    """Pack three hours, and change bytes of the second one of tag A."""
    for hour_us in range(START, START + 3 * HOUR_US, HOUR_US):
        times = range(hour_us, hour_us + HOUR_US, MINUTE_US)
        one.record(*((row, at_us, 1.0, 0) for at_us in times for row in range(3)))
    one.clock.advance(6 * 3600)
    one.record((1, one.clock.wall_us(), 1.0, 0))
    one.pack()
    with closing(sqlite3.connect(folder / "history.sqlite")) as frames:
        (tag,) = frames.execute("SELECT id FROM hist_tag WHERE name = 'A'").fetchone()
    with closing(sqlite3.connect(folder / "history-2023-11.sqlite")) as month, month:
        hit = "UPDATE hist_chunk SET body = x'00112233' WHERE tag = ? AND t0_us = ?"
        assert month.execute(hit, (tag, BROKEN_US)).rowcount == 1


def test_an_hour_that_cannot_be_read_is_a_gap(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        spoilt(one, tmp_path)
        instant = reader(one).at(InstantQuery(BROKEN_US + HOUR_US // 2))
        assert (int(instant.qualities[0]), bool(np.isnan(instant.values[0]))) == (NO_DATA, True)
        assert instant.qualities[1:].tolist() == [0, 0]
        (page,) = reader(one).samples(SampleQuery(("A",), BROKEN_US, BROKEN_US + HOUR_US))
        assert (page.times_us.tolist(), page.qualities.tolist()) == ([BROKEN_US], [NO_DATA])
        hours = Intervals(START, START + 3 * HOUR_US, width_us=HOUR_US)
        (series,) = reader(one).aggregates(AggregateQuery(("A",), hours, (Aggregate.END,)))
        assert (series.results[Aggregate.END].qualities == NO_DATA).tolist() == [False, True, False]
