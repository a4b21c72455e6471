"""Values over time: history and live as one, gaps with exact edges, values looked up on the data."""

import math

import numpy as np
import pytest

from history.columns import Columns
from history.pixels import draw
from history.series import HistoryQuery
from hmi.trends.from_history import trace_of
from hmi.trends.gaps import NamedGap, named_gaps
from hmi.trends.live_tail import KEPT, LiveTail
from hmi.trends.trace import Gap, Trace, not_loaded, statistics, trace_of_samples
from plant_models.quality import Quality
from tests.fakes.clock import ManualClock
from tests.fakes.drawn_plant import drawn_plant
from tests.fakes.station import FakeStation

S = 1_000_000
BAD = int(Quality.BAD_NO_COMMUNICATION)
STALE = int(Quality.UNCERTAIN_LAST_USABLE)


def _samples(*rows: tuple[int, float, int], end_s: int) -> Trace:
    t_s, values, quality = zip(*rows, strict=True)
    times = np.array(t_s, np.int64) * S
    return trace_of_samples(times, np.array(values, float), np.array(quality, np.uint16), end_s * S)


def _history(values: np.ndarray, quality: np.ndarray, end_s: int, pixels: int) -> Trace:
    times = np.arange(len(values), dtype=np.int64) * S
    columns = Columns(times, values, quality.astype(np.uint16), times, times, times)
    query = HistoryQuery(("A",), 0, end_s * S, pixels)
    return trace_of(draw("A", columns, query, end_s * S, 10**15), end_s * S)


def test_a_value_holds_until_the_next_sample() -> None:
    trace = _samples((10, 1.0, 0), (20, 2.0, 0), end_s=30)
    assert [trace.at(at * S).value for at in (10, 19, 20, 30)] == [1.0, 1.0, 2.0, 2.0]


def test_before_the_first_sample_and_after_the_end_nothing_is_known() -> None:
    trace = _samples((10, 1.0, 0), end_s=30)
    assert math.isnan(trace.at(9 * S).value)
    assert math.isnan(trace.at(31 * S).value)
    assert math.isnan(not_loaded().at(0).value)


@pytest.mark.parametrize(("value", "quality"), [(5.0, BAD), (5.0, STALE), (math.nan, 0), (math.inf, 0)])
def test_what_is_not_usable_is_a_gap_and_never_a_value(value: float, quality: int) -> None:
    trace = _samples((0, 1.0, 0), (10, value, quality), (20, 3.0, 0), end_s=30)
    assert trace.gaps() == (Gap(10 * S, 20 * S, quality),)
    assert trace.runs() == [slice(0, 1), slice(2, 3)]
    assert math.isnan(trace.at(15 * S).value)
    assert trace.at(15 * S).quality == quality
    assert statistics(trace, 0, 30 * S).high == 3.0


def test_a_value_outside_its_range_is_drawn_and_keeps_its_quality() -> None:
    outside = int(Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED)
    trace = _samples((0, 1.0, 0), (10, 900.0, outside), end_s=30)
    assert trace.gaps() == ()
    assert trace.at(20 * S) == (900.0, outside)


def test_the_mean_is_weighted_by_time_and_leaves_gaps_out() -> None:
    trace = _samples((0, 10.0, 0), (30, 20.0, 0), (40, 99.0, BAD), (60, 20.0, 0), end_s=70)
    found = statistics(trace, 0, 70 * S)
    assert (found.low, found.high) == (10.0, 20.0)
    assert found.mean == pytest.approx((30 * 10 + 10 * 20 + 10 * 20) / 50)


def test_statistics_of_nothing_are_none() -> None:
    found = statistics(_samples((0, 1.0, BAD), end_s=9), 0, 9 * S)
    assert all(math.isnan(number) for number in (found.low, found.high, found.mean))


def test_history_and_live_join_without_a_seam() -> None:
    history = _samples((0, 1.0, 0), (10, 2.0, 0), (20, 2.0, 0), end_s=30)
    live = _samples((25, 2.0, 0), (28, 3.0, 0), end_s=40)
    joined = history.followed_by(live)
    assert joined.gaps() == ()
    assert joined.t_us.tolist() == [0, 10 * S, 20 * S, 25 * S, 28 * S]
    assert joined.at(35 * S).value == 3.0


def test_between_what_is_loaded_nothing_is_claimed_neither_value_nor_gap() -> None:
    joined = _samples((0, 1.0, 0), end_s=10).followed_by(_samples((50, 2.0, 0), end_s=60))
    assert math.isnan(joined.at(30 * S).value)
    assert joined.gaps() == ()
    assert len(joined.runs()) == 2


def test_history_without_live_and_live_without_history_stand_alone() -> None:
    trace = _samples((0, 1.0, 0), end_s=10)
    assert trace.followed_by(not_loaded()) is trace
    assert not_loaded().followed_by(trace).at(5 * S).value == 1.0


def test_a_gap_in_history_keeps_its_edges_and_the_pixel_goes_on_after_it() -> None:
    values, quality = np.arange(100.0), np.zeros(100)
    quality[33:57] = BAD
    trace = _history(values, quality, 100, pixels=10)
    assert trace.gaps() == (Gap(33 * S, 57 * S, BAD),)
    assert trace.at(32 * S).value == 32.0
    assert math.isnan(trace.at(33 * S).value)
    assert trace.at(58 * S).value == 59.0
    assert trace.at(65 * S).quality == 0
    assert bool((np.diff(trace.t_us) > 0).all())


def test_history_that_begins_late_and_ends_early_has_gaps_at_its_ends() -> None:
    values, quality = np.arange(100.0), np.zeros(100)
    quality[:20] = BAD
    quality[80:] = BAD
    trace = _history(values, quality, 100, pixels=10)
    assert [(gap.start_us, gap.end_us) for gap in trace.gaps()] == [(0, 20 * S), (80 * S, 100 * S)]


def test_a_million_samples_become_as_many_columns_as_pixels_and_keep_their_spikes() -> None:
    values = np.zeros(1_000_000)
    values[777_777] = 1e6
    trace = _history(values, np.zeros(1_000_000), 1_000_000, pixels=1500)
    assert len(trace) == 1500
    assert float(trace.high.max()) == 1e6
    assert statistics(trace, 0, 10**6 * S).mean == pytest.approx(1.0)


def test_a_part_keeps_the_value_that_holds_at_its_beginning() -> None:
    part = _samples((0, 1.0, 0), (10, 2.0, 0), (20, 3.0, 0), end_s=30).part(15 * S, 18 * S)
    assert part.t_us.tolist() == [10 * S]
    assert part.at(16 * S).value == 2.0


def test_a_stretch_of_a_gap_names_just_the_pens_that_have_no_value_in_it() -> None:
    gaps = [("B", Gap(5, 15, BAD)), ("A", Gap(0, 10, STALE)), ("A", Gap(40, 90, STALE)), ("C", Gap(100, 200, BAD))]
    assert named_gaps(gaps, 2, 60) == (
        NamedGap(2, 5, ("A",), STALE),
        NamedGap(5, 10, ("A", "B"), STALE),
        NamedGap(10, 15, ("B",), BAD),
        NamedGap(40, 60, ("A",), STALE),
    )


def test_gaps_that_are_the_same_for_all_pens_or_follow_each_other_are_one() -> None:
    same = [(name, Gap(0, 10, BAD)) for name in "BA"]
    assert named_gaps(same, 0, 60) == (NamedGap(0, 10, ("A", "B"), BAD),)
    following = [("A", Gap(0, 10, BAD)), ("A", Gap(10, 20, BAD)), ("A", Gap(20, 30, STALE))]
    assert named_gaps(following, 0, 60) == (NamedGap(0, 20, ("A",), BAD), NamedGap(20, 30, ("A",), STALE))


def _tail(clock: ManualClock) -> tuple[FakeStation, LiveTail]:
    station = FakeStation(drawn_plant(), clock)
    return station, LiveTail(station.table.index["TK.LEVEL"])


def _follow(station: FakeStation, tail: LiveTail, clock: ManualClock, value: float, quality: int = 0) -> None:
    station.put({"TK.LEVEL": value}, quality)
    tail.read(station.table, clock.wall_us())


def test_live_samples_hold_until_now_and_follow_the_quality(clock: ManualClock) -> None:
    station, tail = _tail(clock)
    start = clock.wall_us()
    for value, quality in ((1.0, 0), (2.0, 0), (2.0, BAD), (4.0, 0)):
        _follow(station, tail, clock, value, quality)
        clock.advance(10)
    trace = tail.trace(start, clock.wall_us(), 1e6)
    assert [trace.at(start + at * S).value for at in (5, 15, 35, 40)] == [1.0, 2.0, 4.0, 4.0]
    assert trace.gaps() == (Gap(start + 20 * S, start + 30 * S, BAD),)


def test_a_clock_of_the_source_that_steps_back_does_not_turn_time_round(clock: ManualClock) -> None:
    station, tail = _tail(clock)
    _follow(station, tail, clock, 1.0)
    clock.step_wall(-3600)
    _follow(station, tail, clock, 2.0)
    clock.step_wall(3610)
    trace = tail.trace((tail.begins_us or 0) - S, clock.wall_us(), 1e6)
    assert bool((np.diff(trace.t_us) > 0).all())
    assert trace.at(clock.wall_us()).value == 2.0


def test_what_history_has_is_forgotten_but_not_the_value_that_holds(clock: ManualClock) -> None:
    station, tail = _tail(clock)
    for value in (1.0, 2.0, 3.0):
        _follow(station, tail, clock, value)
        clock.advance(10)
    tail.forget(clock.wall_us() - 5 * S)
    assert len(tail) == 1
    assert tail.trace(clock.wall_us() - 5 * S, clock.wall_us(), 1e6).at(clock.wall_us() - S).value == 3.0


def test_the_tail_is_bounded(clock: ManualClock) -> None:
    station, tail = _tail(clock)
    for _ in range(KEPT + 10):
        tail.read(station.table, clock.wall_us())
        clock.advance(1)
    assert len(tail) == KEPT
