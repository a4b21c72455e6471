"""What has flowed: integrals of a flow and steps of a counter, over gaps, roll-overs, resets, and days of 23 hours."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from history.aggregates.buckets import Period, buckets
from history.aggregates.counter import CounterRule, counter_totals
from history.aggregates.flow import FlowRule, flow_totals
from history.aggregates.totals import Totals
from plant_models.quality import Quality
from tests.history.aggregates.slow import Row, tag_samples

GOOD, UNSURE, DEAD = Quality.GOOD, Quality.UNCERTAIN, Quality.BAD_NO_COMMUNICATION
HELD, DOUBT, NO_DATA = Quality.UNCERTAIN_LAST_USABLE, Quality.UNCERTAIN_DATA_SUB_NORMAL, Quality.BAD_NO_DATA
SECOND = 1_000_000
M3_PER_H = FlowRule(per_second=1 / 3600, gap_us=3 * SECOND)


def flow(rows: list[Row], edges: list[int], is_stepped: bool = False, known_until_s: int | None = None) -> Totals:
    times = [(time * SECOND, value, code) for time, value, code in rows]
    known_until = None if known_until_s is None else known_until_s * SECOND
    return flow_totals(tag_samples(times, is_stepped, known_until), np.array(edges) * SECOND, M3_PER_H)


def counter(rows: list[Row], edges: list[int], rule: CounterRule, known_until_s: int | None = None) -> Totals:
    times = [(time * SECOND, value, code) for time, value, code in rows]
    known_until = None if known_until_s is None else known_until_s * SECOND
    return counter_totals(tag_samples(times, True, known_until), np.array(edges) * SECOND, rule)


def test_a_flow_in_cubic_metres_an_hour_becomes_cubic_metres() -> None:
    rows = [(n, 36.0, GOOD) for n in range(11)]
    totals = flow(rows, [0, 5, 10])
    assert totals.values.tolist() == pytest.approx([0.05, 0.05])
    assert (totals.qualities.tolist(), totals.missing_us.tolist()) == ([GOOD, GOOD], [0, 0])


def test_a_flow_that_rises_is_integrated_along_the_line_and_a_stepped_one_along_steps() -> None:
    rows = [(0, 0.0, GOOD), (2, 3600.0, GOOD)]
    assert flow(rows, [0, 1, 2]).values.tolist() == pytest.approx([0.25, 0.75])
    assert flow(rows, [0, 1, 2], is_stepped=True).values.tolist() == [0, 0]


def test_a_long_silence_is_missing_time_and_not_integrated() -> None:
    rows = [(0, 3600.0, GOOD), (2, 3600.0, GOOD), (8, 3600.0, GOOD), (10, 3600.0, GOOD)]
    totals = flow(rows, [0, 5, 10])
    assert totals.values.tolist() == pytest.approx([2, 2])
    assert totals.missing_us.tolist() == [3 * SECOND, 3 * SECOND]
    assert totals.qualities.tolist() == [DOUBT, DOUBT]


@pytest.mark.parametrize("code", [DEAD, HELD])
def test_a_bad_time_is_missing_and_so_is_one_in_which_only_the_last_value_stands(code: int) -> None:
    totals = flow([(0, 3600.0, GOOD), (2, 3600.0, code), (4, 3600.0, GOOD), (6, 3600.0, GOOD)], [0, 6])
    assert (totals.values.tolist(), totals.missing_us.tolist()) == ([pytest.approx(4)], [2 * SECOND])


def test_an_uncertain_flow_counts_and_makes_the_total_uncertain() -> None:
    totals = flow([(0, 3600.0, GOOD), (2, 3600.0, UNSURE), (4, 3600.0, GOOD)], [0, 4])
    assert (totals.values.tolist(), totals.qualities.tolist()) == ([pytest.approx(4)], [DOUBT])
    assert totals.missing_us.tolist() == [0]


def test_the_last_sample_of_a_flow_holds_until_now() -> None:
    totals = flow([(0, 3600.0, GOOD)], [0, 2, 4], known_until_s=3)
    assert totals.values.tolist() == pytest.approx([2, 1])
    assert (totals.qualities.tolist(), totals.missing_us.tolist()) == ([GOOD, DOUBT], [0, SECOND])


@pytest.mark.parametrize("rows", [[], [(0, 1.0, DEAD), (2, 1.0, DEAD)], [(100, 1.0, GOOD)]])
def test_of_what_was_never_seen_there_is_no_total(rows: list[Row]) -> None:
    for totals in (flow(rows, [0, 2]), counter(rows, [0, 2], CounterRule(1, 3 * SECOND))):
        assert np.isnan(totals.values).all()
        assert (totals.qualities.tolist(), totals.missing_us.tolist()) == ([NO_DATA], [2 * SECOND])


@pytest.mark.parametrize(
    ("day", "length"), [("2026-03-28", 23), ("2026-10-24", 25), ("2026-06-01", 24), ("2026-12-31", 24)]
)
def test_a_day_of_water_from_six_to_six(day: str, length: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    noon = round(datetime.fromisoformat(f"{day} 12:00").replace(tzinfo=zone).timestamp()) * SECOND
    edges = buckets(noon, noon + 1, Period.DAY, zone, time(6))
    times = np.arange(edges[0], edges[1] + 1, 60 * SECOND)
    rows = [(moment, 10.0, GOOD) for moment in times.tolist()]
    totals = flow_totals(tag_samples(rows, is_stepped=False), edges, FlowRule(1 / 3600, 180 * SECOND))
    assert totals.values.tolist() == pytest.approx([10.0 * length])
    assert totals.qualities.tolist() == [GOOD]


def test_a_counter_goes_on_by_its_steps_and_shares_one_at_an_edge() -> None:
    totals = counter([(0, 5.0, GOOD), (2, 7.0, GOOD), (4, 11.0, GOOD)], [0, 3, 4], CounterRule(0.1, 3 * SECOND))
    assert totals.values.tolist() == pytest.approx([0.4, 0.2])
    assert (totals.qualities.tolist(), totals.resets.tolist()) == ([GOOD, GOOD], [0, 0])


def test_a_counter_that_rolls_over_goes_on() -> None:
    totals = counter([(0, 998.0, GOOD), (2, 3.0, GOOD)], [0, 2], CounterRule(1, 3 * SECOND, modulus=1000))
    assert (totals.values.tolist(), totals.resets.tolist(), totals.qualities.tolist()) == ([5], [0], [GOOD])


def test_a_counter_that_was_set_back_counts_from_there_and_says_so() -> None:
    rule = CounterRule(1, 3 * SECOND, modulus=1_000_000)
    totals = counter([(0, 500.0, GOOD), (2, 3.0, GOOD), (4, 5.0, GOOD)], [0, 2, 4], rule)
    assert totals.values.tolist() == pytest.approx([3, 2])
    assert (totals.resets.tolist(), totals.qualities.tolist()) == ([0, 1], [GOOD, DOUBT])


def test_the_highest_rate_tells_a_roll_over_from_a_reset_and_a_new_counter_from_a_step() -> None:
    rule = CounterRule(1, 30 * SECOND, modulus=1000, highest_per_second=10)
    rolled = counter([(0, 990.0, GOOD), (2, 9.0, GOOD)], [0, 2], rule)
    assert (rolled.values.tolist(), rolled.resets.tolist()) == ([19], [0])
    reset = counter([(0, 900.0, GOOD), (2, 9.0, GOOD), (4, 9.0, GOOD)], [0, 4], rule)
    assert (reset.values.tolist(), reset.resets.tolist()) == ([9], [1])
    changed = counter([(0, 5.0, GOOD), (2, 700.0, GOOD), (4, 710.0, GOOD)], [0, 4], rule)
    assert (changed.values.tolist(), changed.resets.tolist()) == ([10], [1])
    assert (changed.missing_us.tolist(), changed.qualities.tolist()) == ([2 * SECOND], [DOUBT])


def test_over_a_long_silence_the_counter_has_counted_but_the_time_is_missing() -> None:
    totals = counter([(0, 0.0, GOOD), (10, 20.0, GOOD)], [0, 5, 10], CounterRule(1, 3 * SECOND))
    assert totals.values.tolist() == pytest.approx([10, 10])
    assert totals.missing_us.tolist() == [5 * SECOND, 5 * SECOND]
    assert totals.qualities.tolist() == [DOUBT, DOUBT]


def test_a_bad_sample_between_two_good_ones_loses_no_count() -> None:
    rows = [(0, 5.0, GOOD), (1, 0.0, DEAD), (2, 7.0, GOOD)]
    totals = counter(rows, [0, 2], CounterRule(1, 3 * SECOND))
    assert (totals.values.tolist(), totals.resets.tolist()) == ([2], [0])


def test_a_counter_that_stands_still_is_known_until_now() -> None:
    totals = counter([(0, 5.0, GOOD), (2, 7.0, GOOD)], [0, 4], CounterRule(1, 3 * SECOND), known_until_s=4)
    assert (totals.values.tolist(), totals.missing_us.tolist(), totals.qualities.tolist()) == ([2], [0], [GOOD])


def test_a_number_that_the_counter_cannot_show_is_no_count() -> None:
    rows = [(0, 5.0, GOOD), (1, 5000.0, GOOD), (2, -1.0, GOOD), (3, 7.0, GOOD)]
    totals = counter(rows, [0, 3], CounterRule(1, 3 * SECOND, modulus=1000))
    assert (totals.values.tolist(), totals.resets.tolist()) == ([2], [0])


@pytest.mark.parametrize("limits", [{"modulus": 0.0}, {"modulus": -1.0}, {"highest_per_second": 0.0}])
def test_limits_of_a_counter_that_make_no_sense(limits: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="give a positive number or none"):
        CounterRule(1, SECOND, **limits)


ROWS = st.dictionaries(
    st.integers(0, 60),
    st.tuples(st.integers(0, 99).map(float), st.sampled_from([GOOD, UNSURE, DEAD, HELD])),
    max_size=20,
).map(lambda rows: [(at, *rows[at]) for at in sorted(rows)])


@settings(max_examples=30, deadline=None)
@given(ROWS, st.sets(st.integers(-5, 70), min_size=2, max_size=9).map(sorted), st.booleans())
def test_the_totals_of_parts_add_up_to_that_of_the_whole(rows: list[Row], edges: list[int], is_stepped: bool) -> None:
    ends = [edges[0], edges[-1]]
    rule = CounterRule(1, 3 * SECOND, modulus=100)
    for parts, whole in (
        (flow(rows, edges, is_stepped), flow(rows, ends, is_stepped)),
        (counter(rows, edges, rule), counter(rows, ends, rule)),
    ):
        assert float(np.nansum(parts.values)) == pytest.approx(float(np.nansum(whole.values)), abs=1e-9)
        assert parts.missing_us.sum() == whole.missing_us[0]
        assert parts.resets.sum() == whole.resets[0]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=20))
def test_a_counter_that_rolls_over_shows_what_has_been_counted(steps: list[int]) -> None:
    shown = np.cumsum(steps) % 100
    rows = [(n, float(value), GOOD) for n, value in enumerate(shown.tolist())]
    totals = counter(rows, [0, len(steps) - 1], CounterRule(1, 3 * SECOND, modulus=100))
    assert totals.values[0] == pytest.approx(sum(steps[1:]))
    assert (totals.resets[0], totals.qualities[0]) == (0, GOOD)
