"""What may be asked at most, and that an answer ends when nobody waits for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from history.aggregates.buckets import Period
from history.aggregates.results import Aggregate
from history.chunks.cells import HOUR_US, MINUTE_US
from history.queries.aggregates import AggregateQuery
from history.queries.instants import InstantQuery
from history.queries.intervals import Intervals
from history.queries.limits import LATEST_US, AbandonedError, Patience
from history.queries.samples import SampleQuery
from history.queries.totals import TotalQuery
from history.query import NOWHERE
from tests.fakes.packing_bench import LAST_HOUR, bench
from tests.history.test_wide_trends import reader

DAY_US = 86_400_000_000
DAYS = Intervals(0, 10_000 * DAY_US, width_us=DAY_US)


@pytest.mark.parametrize(
    ("ask", "problem"),
    [
        (lambda: SampleQuery(("A",), 5, 5), "whose end is later"),
        (lambda: SampleQuery(("A",), -1, 5), "1970 to 9000"),
        (lambda: SampleQuery(("A",), 0, LATEST_US + 1), "1970 to 9000"),
        (lambda: SampleQuery(("A",), 0, 5, limit=0), "ask for 1 at least"),
        (lambda: SampleQuery(("A",), 0, 5, limit=1_000_001), "ask for 1000000 at most"),
        (lambda: SampleQuery(("A",) * 1_001, 0, 5, limit=1), "1001 tags; ask for 1000 at most"),
        (lambda: InstantQuery(-1), "1970 to 9000"),
        (lambda: InstantQuery(LATEST_US), "1970 to 9000"),
        (lambda: Intervals(0, 5), "either the width"),
        (lambda: Intervals(0, 5, width_us=1, period=Period.DAY), "either the width"),
        (lambda: Intervals(0, 5, width_us=0), "at least 1 µs"),
        (lambda: Intervals(0, LATEST_US, width_us=33 * DAY_US), "at most 32 days"),
        (lambda: Intervals(0, 20_001, width_us=1), "up to 20001 intervals; ask for 20000 at most"),
        (lambda: Intervals(0, LATEST_US, period=Period.DAY), "ask for 20000 at most"),
        (lambda: AggregateQuery(("A",), DAYS, ()), "no aggregate"),
        (lambda: AggregateQuery(("A",) * 101, DAYS, (Aggregate.COUNT,)), "ask for 1000000 at most"),
        (lambda: TotalQuery(("A",) * 101, DAYS), "101 tags of 10000 results each"),
    ],
)
def test_what_is_too_much_or_nothing_is_refused(ask: Callable[[], object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        ask()


def test_the_last_interval_of_a_width_ends_with_the_span() -> None:
    intervals = Intervals(100, 350, width_us=100)
    assert intervals.most == 3
    assert intervals.edges_us(NOWHERE).tolist() == [100, 200, 300, 350]


@pytest.mark.parametrize(
    "query",
    [
        SampleQuery(("A",), LAST_HOUR - 3 * 3_600_000_000, LAST_HOUR),
        InstantQuery(LAST_HOUR - 1_800_000_000),
        AggregateQuery(("A",), Intervals(LAST_HOUR - DAY_US, LAST_HOUR, width_us=DAY_US), (Aggregate.START,)),
        AggregateQuery(("A",), Intervals(LAST_HOUR - DAY_US, LAST_HOUR, width_us=DAY_US), (Aggregate.COUNT,)),
    ],
)
def test_an_answer_that_nobody_waits_for_ends_at_each_step(tmp_path: Path, query: object) -> None:
    with bench(tmp_path) as one:
        for hour_us in range(LAST_HOUR - 2 * HOUR_US, LAST_HOUR, HOUR_US):
            one.record(*((0, at_us, 1.0, 0) for at_us in range(hour_us, hour_us + HOUR_US, MINUTE_US)))
        one.clock.advance(6 * 3600)
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.clock.advance(120)
        one.pack()
        asked = reader(one)
        answer = {SampleQuery: asked.samples, InstantQuery: asked.at}.get(type(query), asked.aggregates)
        steps = Steps(10**9)
        answer(query, Patience(steps))  # type: ignore[operator,arg-type]
        assert steps.taken > 1
        for allowed in range(steps.taken):
            with pytest.raises(AbandonedError):
                answer(query, Patience(Steps(allowed)))  # type: ignore[operator,arg-type]


class Steps:
    """Wants an answer for so many steps."""

    def __init__(self, allowed: int) -> None:
        self.taken, self._allowed = 0, allowed

    def __call__(self) -> bool:
        self.taken += 1
        return self.taken <= self._allowed
