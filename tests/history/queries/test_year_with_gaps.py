"""A year with outages on real files: every question gets what all of its samples, looked through, would say."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from history.aggregates.buckets import Period
from history.aggregates.counter import CounterRule, counter_totals
from history.aggregates.flow import FlowRule, flow_totals
from history.aggregates.part13 import aggregate
from history.aggregates.results import Aggregate, Bits, Result
from history.aggregates.samples import Times
from history.aggregates.settings import AggregateSettings
from history.aggregates.totals import Totals
from history.chunks.cells import HOUR_US
from history.pixels import draw
from history.queries import past, tag_samples
from history.queries.aggregates import OF_CELLS, AggregateQuery
from history.queries.instants import InstantQuery
from history.queries.intervals import Intervals
from history.queries.samples import SampleQuery
from history.queries.totals import TotalQuery
from history.series import NO_DATA, HistoryQuery
from plant_models.quality import Quality
from tests.fakes.gappy_year import BEGIN_US, END_US, MINUTE_US, MODULUS, RECORDED, TAGS, GappyYear, gappy_year, utc
from tests.fakes.packing_bench import HOLD_US

DAY_US = 24 * HOUR_US
BERLIN, LORD_HOWE, KOLKATA = "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"
STARTS = st.sampled_from([start for start, _ in RECORDED])
FEW = settings(max_examples=12, deadline=None)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GappyYear]:
    with pytest.MonkeyPatch.context() as patched, gappy_year(tmp_path_factory.mktemp("year")) as made:
        patched.setattr(tag_samples, "_AT_ONCE", 700)  # so that many pieces follow each other
        yield made


def times_of(stretch: int, minutes: int, more_us: int) -> int:
    return stretch + minutes * MINUTE_US + more_us


TIMES = st.builds(times_of, STARTS, st.integers(-200, 32 * 60), st.sampled_from([0, 0, 1, 1_234_567]))


def assert_results(found: Result, wanted: Result, is_extreme: bool) -> None:
    np.testing.assert_allclose(found.values, wanted.values, rtol=1e-9, atol=1e-9)
    assert found.qualities.tolist() == wanted.qualities.tolist()
    assert found.times_us.tolist() == wanted.times_us.tolist()
    if not is_extreme:  # cells don't say whether there are several, or a sample at the very start
        assert found.bits.tolist() == wanted.bits.tolist()


def check_aggregates(year: GappyYear, intervals: Intervals, wanted: tuple[Aggregate, ...], zone: str = "UTC") -> Times:
    chosen = AggregateSettings(treat_uncertain_as_bad=len(wanted) % 2 == 0)
    reader = year.reader(zone, time(6) if zone == BERLIN else time(0))
    for series in reader.aggregates(AggregateQuery(TAGS, intervals, wanted, chosen)):
        expected = aggregate(year.samples(series.tag), series.edges_us, wanted, chosen)
        assert set(series.results) == set(wanted)
        for each in wanted:
            assert_results(series.results[each], expected[each], "imum" in each)
    return series.edges_us


def check_totals(found: Totals, wanted: Totals) -> None:
    np.testing.assert_allclose(found.values, wanted.values, rtol=1e-9, atol=1e-9)
    for name in ("qualities", "missing_us", "resets"):
        assert getattr(found, name).tolist() == getattr(wanted, name).tolist()


@pytest.mark.parametrize("zone", ["UTC", BERLIN, LORD_HOWE, KOLKATA])
@pytest.mark.parametrize("wanted", [tuple(sorted(OF_CELLS)), tuple(Aggregate)], ids=["of cells", "all"])
def test_days_of_a_year_are_those_of_all_its_samples(year: GappyYear, zone: str, wanted: tuple[Aggregate, ...]) -> None:
    edges = check_aggregates(year, Intervals(BEGIN_US, END_US, period=Period.DAY), wanted, zone)
    widths = set(np.diff(edges).tolist())
    half = HOUR_US // 2
    moved = {BERLIN: {23 * HOUR_US, 25 * HOUR_US}, LORD_HOWE: {DAY_US - half, DAY_US + half}}.get(zone, set())
    assert widths == {DAY_US} | moved


@FEW
@given(
    TIMES,
    st.integers(1, 40),
    st.sampled_from([1, 7_000_001, MINUTE_US, 5 * MINUTE_US, HOUR_US, 6 * HOUR_US]),
    st.sets(st.sampled_from(list(Aggregate)), min_size=1),
)
def test_any_intervals_are_those_of_all_samples(
    year: GappyYear, start_us: int, n: int, width_us: int, wanted: set[Aggregate]
) -> None:
    check_aggregates(year, Intervals(start_us, start_us + n * width_us, width_us=width_us), tuple(sorted(wanted)))


def test_the_two_hours_that_have_the_same_name_in_autumn_are_two(year: GappyYear) -> None:
    night = Intervals(utc(2023, 10, 29), utc(2023, 10, 29, 2), period=Period.HOUR)  # 02:00 to 03:00, twice
    wanted = (Aggregate.TIME_AVERAGE_2, Aggregate.COUNT)
    assert check_aggregates(year, night, wanted, BERLIN).tolist() == [utc(2023, 10, 29) + n * HOUR_US for n in range(3)]
    (series,) = year.reader(BERLIN).aggregates(AggregateQuery(("C",), night, wanted))
    first, second = series.results[Aggregate.TIME_AVERAGE_2].values.tolist()
    assert first != second
    assert series.results[Aggregate.COUNT].values.tolist() == [60, 60]


def check_all_totals(year: GappyYear, intervals: Intervals, zone: str = "UTC") -> None:
    found = year.reader(zone, time(6)).totals(TotalQuery(TAGS, intervals))
    assert [series.unit for series in found] == ["m³", "m³", "m³"]
    for series, factor in zip(found, (1 / 3600, 1.0, 0.001), strict=True):
        samples = year.samples(series.tag, None)
        if series.tag == "B":
            wanted = counter_totals(samples, series.edges_us, CounterRule(factor, HOLD_US, modulus=MODULUS))
        else:
            wanted = flow_totals(samples, series.edges_us, FlowRule(factor, HOLD_US))
        check_totals(series.totals, wanted)


@pytest.mark.parametrize("zone", [BERLIN, LORD_HOWE, KOLKATA])
@pytest.mark.parametrize("period", [Period.DAY, Period.MONTH])
def test_totals_of_a_year_are_those_of_all_its_samples(year: GappyYear, zone: str, period: Period) -> None:
    check_all_totals(year, Intervals(BEGIN_US, END_US, period=period), zone)


@FEW
@given(TIMES, st.integers(1, 9), st.sampled_from([20_000_000, MINUTE_US, 1_000_000_007, HOUR_US, 9 * DAY_US]))
def test_totals_of_any_intervals_are_those_of_all_samples(
    year: GappyYear, start_us: int, n: int, width_us: int
) -> None:
    check_all_totals(year, Intervals(start_us, start_us + n * width_us, width_us=width_us))


def test_a_steady_flow_makes_a_23rd_less_and_more_on_the_days_on_which_the_clock_is_moved(year: GappyYear) -> None:
    days = [Intervals(utc(2023, 3, 26, 5), utc(2023, 3, 26, 6), period=Period.DAY)]
    days.append(Intervals(utc(2023, 10, 29, 5), utc(2023, 10, 29, 6), period=Period.DAY))
    for day, hours in zip(days, (23, 25), strict=True):
        (series,) = year.reader(BERLIN).totals(TotalQuery(("C",), day))
        (mean,) = year.reader(BERLIN).aggregates(AggregateQuery(("C",), day, (Aggregate.TIME_AVERAGE_2,)))
        assert series.totals.missing_us.tolist() == [0]
        assert series.totals.qualities.tolist() == [Quality.GOOD]
        average = float(mean.results[Aggregate.TIME_AVERAGE_2].values[0])
        assert series.totals.values[0] == pytest.approx(average * hours * 3600 * 0.001)


@FEW
@given(st.one_of(TIMES, st.integers(END_US - 5 * MINUTE_US, END_US + HOUR_US)))
def test_at_any_time_the_sample_in_force_is_found(year: GappyYear, at_us: int) -> None:
    instant = year.reader().at(InstantQuery(at_us))
    assert instant.tags == TAGS
    now_us = year.bench.clock.wall_us()
    for n, tag in enumerate(TAGS):
        times, rows = year.rows(tag)
        at = bisect_right(times, at_us) - 1
        found = float(instant.values[n]), int(instant.qualities[n])
        end_us = min(times[at] + HOLD_US, max(times[at], now_us) + 1) if at >= 0 else 0
        if end_us > at_us:
            assert int(instant.times_us[n]) == times[at]
            np.testing.assert_equal(found, rows[at])
        else:
            np.testing.assert_equal(found, (np.nan, NO_DATA))
            assert int(instant.times_us[n]) in (0, end_us)


@FEW
@given(TIMES, st.integers(1, 40 * 60), st.integers(1, 5), st.booleans())
def test_pages_of_samples_are_all_samples(
    year: GappyYear, start_us: int, minutes: int, pages: int, has_bound: bool
) -> None:
    end_us = start_us + minutes * MINUTE_US
    for tag in TAGS:
        times, rows = year.rows(tag)
        low, high = np.searchsorted(times, [start_us, end_us]).tolist()
        low -= has_bound and low > 0 and times[low : low + 1] != [start_us]
        found_times, found_rows, from_us = list[int](), list[tuple[float, int]](), start_us
        is_more, is_first = True, True
        while is_more:
            query = SampleQuery((tag,), from_us, end_us, minutes // pages + 1, has_bound and is_first)
            (page,) = year.reader().samples(query)
            found_times += page.times_us.tolist()
            found_rows += zip(page.values.tolist(), page.qualities.tolist(), strict=True)
            is_more, is_first, from_us = page.more_from_us is not None, False, page.more_from_us or 0
        assert found_times == times[low:high]
        np.testing.assert_equal(found_rows, rows[low:high])


@FEW
@given(TIMES, st.integers(1, 400), st.integers(10_000_000, 20 * HOUR_US))
def test_trends_of_any_part_are_those_of_all_samples(year: GappyYear, start_us: int, pixels: int, width: int) -> None:
    query = HistoryQuery(TAGS, start_us, start_us + max(width, pixels), pixels)
    if (query.end_us - query.start_us) // pixels >= MINUTE_US:
        return  # there pixels come from cells, whose edges differ: see tests of wide trends
    for series in year.reader().answer(query):
        wanted = draw(series.tag, year.columns(series.tag), query, year.bench.clock.wall_us(), HOLD_US)
        for name in ("min", "max", "first", "last", "quality"):
            np.testing.assert_array_equal(getattr(series, name), getattr(wanted, name))
        np.testing.assert_allclose(series.mean, wanted.mean, rtol=1e-9, atol=1e-9)
        assert series.gaps == wanted.gaps


def test_the_sample_before_an_outage_of_months_bounds_what_comes_after_it(year: GappyYear) -> None:
    (page,) = year.reader().samples(SampleQuery(("C",), utc(2023, 9, 1), utc(2023, 9, 2), has_bound=True))
    times, _ = year.rows("C")
    assert page.times_us.tolist() == [times[bisect_right(times, utc(2023, 9, 1)) - 1]]
    (before,) = year.reader().samples(SampleQuery(("C",), 0, BEGIN_US, has_bound=True))
    assert len(before.times_us) == 0


def test_steady_hours_come_from_cells_and_say_which_bits_they_cannot_know(year: GappyYear) -> None:
    hours = Intervals(utc(2023, 4, 1, 10), utc(2023, 4, 1, 12), width_us=HOUR_US)
    wanted = (Aggregate.MAXIMUM_ACTUAL_TIME_2,)
    (cells,) = year.reader().aggregates(AggregateQuery(("C",), hours, wanted))
    (samples,) = year.reader().aggregates(AggregateQuery(("C",), hours, (*wanted, Aggregate.START)))
    assert not (cells.results[wanted[0]].bits & Bits.MULTIPLE_VALUES).any()
    assert (samples.results[wanted[0]].bits & Bits.MULTIPLE_VALUES).all()


def test_an_interval_whose_samples_would_fill_the_memory_is_refused(
    year: GappyYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "MAX_SAMPLES", 4_000)
    start_us, _ = RECORDED[2]
    query = AggregateQuery(TAGS, Intervals(start_us, start_us + 30 * DAY_US, width_us=30 * DAY_US), (Aggregate.START,))
    year.reader().aggregates(query)
    monkeypatch.setattr(past, "MAX_SAMPLES", 1_000)
    with pytest.raises(ValueError, match="ask for shorter ones, 1000 at most"):
        year.reader().aggregates(query)
