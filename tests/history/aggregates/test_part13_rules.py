"""Aggregates against the rules worked out µs by µs, and the situations that matter by name."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from history.aggregates.part13 import aggregate
from history.aggregates.results import Aggregate, Bits, Result
from history.aggregates.samples import TagSamples
from history.aggregates.settings import AggregateSettings
from plant_models.quality import Quality, Severity, is_bad
from tests.history.aggregates.slow import NAN, Row, Slow, severity_of, tag_samples

GOOD, UNSURE, DEAD = Quality.GOOD, Quality.UNCERTAIN, Quality.BAD_NO_COMMUNICATION
DOUBT, NO_DATA = Quality.UNCERTAIN_DATA_SUB_NORMAL, Quality.BAD_NO_DATA
VALUES = st.one_of(st.integers(-8, 8).map(float), st.sampled_from([math.nan, math.inf]))
ROWS = st.dictionaries(
    st.integers(0, 120), st.tuples(VALUES, st.sampled_from([GOOD, GOOD, GOOD, UNSURE, DEAD])), min_size=1, max_size=14
).map(lambda rows: [(time, *rows[time]) for time in sorted(rows)])
EDGES = st.sets(st.integers(-10, 150), min_size=2, max_size=8).map(sorted)
SETTINGS = st.builds(
    AggregateSettings,
    treat_uncertain_as_bad=st.booleans(),
    percent_data_good=st.sampled_from([60, 100]),
    percent_data_bad=st.sampled_from([40, 100]),
    use_sloped_extrapolation=st.booleans(),
)


def near(found: float, expected: float) -> bool:
    return (math.isnan(found) and math.isnan(expected)) or abs(found - expected) < 1e-7


def row_of(result: Result, n: int) -> tuple[float, int, int, int]:
    return float(result.values[n]), int(result.qualities[n]), int(result.times_us[n]), int(result.bits[n])


@settings(max_examples=60, deadline=None)
@given(ROWS, EDGES, st.booleans(), st.tuples(st.integers(1, 40), st.sampled_from([None, 5, 20])), SETTINGS)
def test_any_samples_give_what_the_rules_say(
    rows: list[Row], edges: list[int], is_stepped: bool, until: tuple[int, int | None], chosen: AggregateSettings
) -> None:
    ends, hold = rows[-1][0] + until[0], until[1]
    slow = Slow(rows, is_stepped, ends, chosen, hold)
    found = aggregate(tag_samples(rows, is_stepped, ends, hold), np.array(edges, np.int64), list(Aggregate), chosen)
    for n, (start, end) in enumerate(pairwise(edges)):
        answers = {each: row_of(result, n) for each, result in found.items()}
        if slow.is_outside(start, end):
            assert {(*row[1:],) for row in answers.values()} == {(NO_DATA, start, 0)}
            continue
        check_timed(slow, answers, start, end)
        check_counted(slow, answers, start, end)
        for _, quality, _, bits in answers.values():
            assert bool(bits & Bits.PARTIAL) == (slow.is_partial(start, end) and quality != NO_DATA)


def check_timed(slow: Slow, found: dict[Aggregate, tuple[float, int, int, int]], start: int, end: int) -> None:
    average, status, total = slow.average(start, end)
    for wanted, expected in ((Aggregate.TIME_AVERAGE_2, average), (Aggregate.TOTAL_2, total)):
        assert near(found[wanted][0], NAN if is_bad(status) else expected)
        assert found[wanted][1:3] == (status, start)
    good, bad = slow.durations_ms(start, end)
    width = (min(end, slow.ends) - start) / 1e3
    assert found[Aggregate.DURATION_GOOD][:2] == (good, GOOD)
    assert found[Aggregate.DURATION_BAD][:2] == (bad, GOOD)
    assert near(found[Aggregate.PERCENT_GOOD][0], 100 * good / width)
    if is_bad(status):
        return
    choices = slow.extremes(start, end)
    for choose, plain, actual in (
        (min, Aggregate.MINIMUM_2, Aggregate.MINIMUM_ACTUAL_TIME_2),
        (max, Aggregate.MAXIMUM_2, Aggregate.MAXIMUM_ACTUAL_TIME_2),
    ):
        extreme = choose(value for value, _ in choices)
        close = [time for value, time in choices if near(value, extreme)]
        assert near(found[plain][0], extreme)
        assert near(found[actual][0], extreme)
        assert (found[plain][1:3], found[actual][1]) == ((status, start), status)
        assert found[actual][2] in close


def check_counted(slow: Slow, found: dict[Aggregate, tuple[float, int, int, int]], start: int, end: int) -> None:
    inside = slow.inside(start, end)
    good = [row[1] for row in inside if severity_of(row) is Severity.GOOD]
    judged = [severity_of(row) if slow.is_usable(row) else Severity.BAD for row in inside]
    status = slow.status(judged)
    counted = (Quality.BAD if status == NO_DATA else status) if inside else GOOD
    assert found[Aggregate.COUNT][:3] == (len(good), counted, start)
    mean = sum(good) / len(good) if good else NAN
    status = status if good else NO_DATA
    assert found[Aggregate.AVERAGE][1] == found[Aggregate.STANDARD_DEVIATION][1] == status
    if not is_bad(status):
        spread = math.sqrt(sum((value - mean) ** 2 for value in good) / max(len(good) - 1, 1))
        assert near(found[Aggregate.AVERAGE][0], mean)
        assert near(found[Aggregate.STANDARD_DEVIATION][0], spread)
    check_ends(found, inside, good)
    transitions = found[Aggregate.NUMBER_OF_TRANSITIONS]
    assert is_bad(transitions[1]) or transitions[0] == slow.transitions(start, end)


def check_ends(found: dict[Aggregate, tuple[float, int, int, int]], inside: list[Row], good: list[float]) -> None:
    for wanted, at in ((Aggregate.START, 0), (Aggregate.END, -1)):
        if inside:
            time, value, quality = inside[at]
            is_nothing = quality == NO_DATA
            assert near(found[wanted][0], NAN if severity_of(inside[at]) is Severity.BAD else value)
            assert found[wanted][1] == quality
            assert is_nothing or found[wanted][2] == time
        else:
            assert found[wanted][1] == NO_DATA
    if not good:
        assert found[Aggregate.DELTA][1] == found[Aggregate.RANGE][1] == NO_DATA
        return
    is_skipped = any(severity_of(inside[at]) is not Severity.GOOD for at in (0, -1))
    assert found[Aggregate.DELTA][:2] == (good[-1] - good[0], DOUBT if is_skipped else GOOD)
    assert found[Aggregate.RANGE][:2] == (max(good) - min(good), DOUBT if len(good) < len(inside) else GOOD)


def one(samples: TagSamples, edges: list[int], wanted: Aggregate) -> Result:
    return aggregate(samples, np.array(edges, np.int64), [wanted], AggregateSettings())[wanted]


def test_a_tag_without_any_sample_has_no_data() -> None:
    for wanted in Aggregate:
        result = one(tag_samples([], is_stepped=True), [0, 10, 20], wanted)
        assert result.qualities.tolist() == [NO_DATA, NO_DATA]
        assert np.isnan(result.values).all()
        assert result.bits.tolist() == [0, 0]


def test_a_sample_on_an_edge_belongs_to_the_interval_that_begins_there() -> None:
    samples = tag_samples([(0, 1.0, GOOD), (10, 5.0, GOOD)], True, 20)
    assert one(samples, [0, 10, 20], Aggregate.COUNT).values.tolist() == [1, 1]
    assert one(samples, [0, 10, 20], Aggregate.MAXIMUM_2).values.tolist() == [1, 5]


def test_an_interval_between_two_samples_has_a_mean_but_no_samples() -> None:
    samples = tag_samples([(0, 0.0, GOOD), (30, 30.0, GOOD)], False)
    assert one(samples, [10, 20], Aggregate.TIME_AVERAGE_2).values.tolist() == [15]
    assert one(samples, [10, 20], Aggregate.START).qualities.tolist() == [NO_DATA]
    assert (
        one(samples, [10, 20], Aggregate.COUNT).values[0],
        one(samples, [10, 20], Aggregate.COUNT).qualities[0],
    ) == (0, 0)


def test_an_interval_that_is_not_over_yet_is_judged_by_what_has_been() -> None:
    samples = tag_samples([(0, 4.0, GOOD), (50, 6.0, GOOD)], True, 100)
    average, share = (one(samples, [0, 1000], each) for each in (Aggregate.TIME_AVERAGE_2, Aggregate.PERCENT_GOOD))
    assert (average.values[0], average.qualities[0]) == (5, GOOD)
    assert (share.values[0], average.bits[0]) == (100, Bits.CALCULATED | Bits.PARTIAL)


def test_small_movements_of_a_large_number_keep_their_mean() -> None:
    samples = tag_samples([(n * 10, 1e12 + n % 2, GOOD) for n in range(1_000)], True)
    assert one(samples, [0, 9_990], Aggregate.TIME_AVERAGE_2).values[0] == pytest.approx(1e12 + 0.5, abs=1e-2)
    assert one(samples, [0, 9_990], Aggregate.AVERAGE).values[0] == pytest.approx(1e12 + 0.5, abs=1e-2)


def test_the_largest_numbers_do_not_overflow_between_two_samples() -> None:
    samples = tag_samples([(0, 1.7e308, GOOD), (10, -1.7e308, GOOD)], False)
    assert one(samples, [5, 10], Aggregate.MAXIMUM_2).values[0] == 0


@pytest.mark.parametrize("edges", [[], [5], [5, 5], [5, 4]])
def test_edges_that_make_no_intervals(edges: list[int]) -> None:
    with pytest.raises(ValueError, match="at least two edges that rise"):
        one(tag_samples([(0, 1.0, GOOD)], True), edges, Aggregate.COUNT)


def test_samples_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="don't rise"):
        tag_samples([(5, 1.0, GOOD), (5, 2.0, GOOD)], True)
    with pytest.raises(ValueError, match="the last sample is at 5"):
        tag_samples([(5, 1.0, GOOD)], True, 5)
    with pytest.raises(ValueError, match="needs all three"):
        TagSamples(np.arange(3), np.zeros(3), np.zeros(2, np.uint16), True)


@pytest.mark.parametrize(
    ("good", "bad", "words"), [(101, 100, "0 to 100"), (100, -1, "0 to 100"), (40, 50, "at least")]
)
def test_settings_that_make_no_sense(good: float, bad: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        AggregateSettings(percent_data_good=good, percent_data_bad=bad)
