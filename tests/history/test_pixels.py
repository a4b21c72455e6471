"""What a trend draws, against a plain loop over the same rule; and the situations that matter by name."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from history.pixels import draw
from history.series import NO_DATA, Gap, HistoryQuery, HistorySeries
from plant_models.quality import Quality, is_bad, severity
from tests.fakes.samples import columns

HOLD = 90
GOOD, UNSURE, DEAD = Quality.GOOD, Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED, Quality.BAD_NO_COMMUNICATION
STALE = Quality.UNCERTAIN_LAST_USABLE
Row = tuple[int, float, int]


def series(rows: list[Row], start: int, end: int, pixels: int, now: int = 10**9) -> HistorySeries:
    times, values, qualities = zip(*rows, strict=True) if rows else ((), (), ())
    samples = columns([1] * len(rows), values, times, list(qualities))
    return draw("T", samples, HistoryQuery(("T",), start, end, pixels), now, HOLD)


def seen_until(rows: list[Row], end: int, now: int) -> int:
    return max([now, *(time + 1 for time, _, _ in rows if time < end)])


def states(rows: list[Row], start: int, end: int, now: int) -> list[tuple[float, int]]:
    """The value and quality in force in each µs of the query, the slow way."""
    newest = dict[int, tuple[float, int]]()
    for time, value, quality in rows:
        newest[time] = (value, quality)
    now = seen_until(rows, end, now)
    found = []
    for at in range(start, end):
        before = [time for time in newest if time <= at]
        silent = not before or at - max(before) >= HOLD or at >= now
        found.append((math.nan, NO_DATA) if silent else newest[max(before)])
    return found


def is_usable(value: float, quality: int) -> bool:
    return not is_bad(quality) and quality != STALE and math.isfinite(value)


def expected_pixel(part: list[tuple[float, int]]) -> tuple[list[float], int]:
    usable = [value for value, quality in part if is_usable(value, quality)]
    worst = max((quality for _, quality in part), key=lambda quality: (severity(quality), quality))
    if not usable:
        return [math.nan] * 5, worst
    return [min(usable), max(usable), usable[0], usable[-1], sum(usable) / len(usable)], worst


VALUES = st.one_of(st.integers(-100, 100).map(float), st.sampled_from([math.nan, math.inf, -math.inf, -0.0]))
SAMPLES = st.lists(
    st.tuples(st.integers(-150, 350), VALUES, st.sampled_from([GOOD, UNSURE, STALE, DEAD, 0xC000])), max_size=12
)


@given(SAMPLES, st.integers(0, 20), st.integers(30, 300), st.integers(1, 30), st.integers(-10, 400))
def test_any_samples_are_drawn_as_the_rule_says(rows: list[Row], start: int, width: int, pixels: int, now: int) -> None:
    answer = series(rows, start, start + width, pixels, now)
    all_states = states(rows, start, start + width, now)
    edges = [start + width * pixel // pixels for pixel in range(pixels + 1)]
    assert answer.t0_us.tolist() == edges[:-1]
    for pixel in range(pixels):
        begin, end = edges[pixel] - start, edges[pixel + 1] - start
        has_been = min(end, seen_until(rows, start + width, now) - start)  # what is to come makes no pixel worse
        numbers, worst = expected_pixel(all_states[begin : has_been if has_been > begin else end])
        got = [float(column[pixel]) for column in (answer.min, answer.max, answer.first, answer.last, answer.mean)]
        np.testing.assert_allclose(got, numbers, rtol=0, atol=1e-6)
        assert answer.quality[pixel] == worst
    in_gap = [at for gap in answer.gaps for at in range(gap.start_us, gap.end_us)]
    unusable = [at for at, (value, code) in enumerate(all_states, start) if not is_usable(value, code)]
    assert in_gap == unusable


def test_a_value_from_before_the_window_holds_in_its_first_pixel() -> None:
    answer = series([(-50, 3.0, GOOD), (15, 7.0, GOOD)], 0, 20, 2)
    assert (answer.first.tolist(), answer.last.tolist()) == ([3.0, 3.0], [3.0, 7.0])
    assert (answer.min.tolist(), answer.max.tolist()) == ([3.0, 3.0], [3.0, 7.0])
    assert answer.mean.tolist() == pytest.approx([3.0, 5.0])
    assert answer.gaps == ()


def test_a_sample_exactly_on_an_edge_belongs_to_the_pixel_that_begins_there() -> None:
    answer = series([(0, 1.0, GOOD), (10, 2.0, GOOD)], 0, 20, 2)
    assert (answer.max.tolist(), answer.min.tolist()) == ([1.0, 2.0], [1.0, 2.0])


def test_bad_quality_is_a_gap_to_the_microsecond_and_never_a_line() -> None:
    answer = series([(0, 5.0, GOOD), (7, 5.0, DEAD), (13, 6.0, GOOD)], 0, 20, 4)
    assert answer.gaps == (Gap(7, 13, DEAD),)
    assert answer.quality.tolist() == [GOOD, DEAD, DEAD, GOOD]
    assert answer.max[1] == 5.0
    assert answer.min[2] == 6.0


def test_bad_codes_that_follow_each_other_are_one_gap() -> None:
    answer = series([(0, 5.0, DEAD), (7, 5.0, Quality.BAD), (13, 6.0, GOOD)], 5, 20, 1)
    assert answer.gaps == (Gap(5, 13, DEAD),)


def test_uncertain_values_are_drawn_and_told() -> None:
    answer = series([(0, 5.0, GOOD), (5, 5.0, UNSURE)], 0, 10, 1)
    assert (answer.gaps, answer.quality.tolist(), answer.max.tolist()) == ((), [UNSURE], [5.0])


def test_a_value_that_is_only_the_last_usable_one_is_a_gap() -> None:
    answer = series([(0, 5.0, GOOD), (7, 5.0, STALE), (13, 6.0, GOOD)], 0, 20, 1)
    assert answer.gaps == (Gap(7, 13, STALE),)


def test_silence_longer_than_the_heartbeat_is_a_gap() -> None:
    answer = series([(0, 5.0, GOOD), (300, 6.0, GOOD)], 0, 400, 4, now=350)
    assert answer.gaps == (Gap(HOLD, 300, NO_DATA), Gap(350, 400, NO_DATA))
    assert answer.max.tolist()[1:3] != [5.0, 5.0]


def test_the_sample_that_came_last_wins() -> None:
    assert series([(5, 1.0, GOOD), (5, 2.0, GOOD)], 0, 10, 1).max.tolist() == [2.0]


def test_nothing_at_all() -> None:
    answer = series([], 0, 10, 2)
    assert np.isnan(answer.min).all()
    assert answer.gaps == (Gap(0, 10, NO_DATA),)
    assert answer.quality.tolist() == [NO_DATA, NO_DATA]


def test_a_device_whose_clock_is_ahead_is_seen_at_once() -> None:
    assert series([(50, 4.0, GOOD)], 0, 100, 10, now=40).last[5] == 4.0


def test_a_pixel_that_is_not_over_yet_tells_of_what_has_been() -> None:
    answer = series([(0, 4.0, GOOD), (20, 5.0, GOOD)], 0, 90, 3, now=40)
    assert (answer.quality.tolist(), answer.last.tolist()[:2]) == ([GOOD, GOOD, NO_DATA], [5.0, 5.0])
    assert answer.gaps == (Gap(40, 90, NO_DATA),)


def test_small_movements_of_a_large_number_keep_their_mean() -> None:
    rows = [(second * 10, 1e12 + second % 2, GOOD) for second in range(1_000)]
    assert series(rows, 0, 10_000, 1, now=10_000).mean[0] == pytest.approx(1e12 + 0.5, abs=1e-3)


def test_the_largest_numbers_have_extremes_but_no_mean() -> None:
    answer = series([(0, 1.7e308, GOOD), (3, 1.7e308, GOOD), (5, -1.7e308, GOOD)], 0, 10, 1)
    assert not np.isfinite(answer.mean[0])
    assert (answer.max[0], answer.min[0]) == (1.7e308, -1.7e308)


@pytest.mark.parametrize(
    ("start", "end", "pixels", "words"),
    [(10, 10, 1, "is empty"), (10, 5, 1, "is empty"), (0, 10, 0, "0 pixels"), (0, 10, 11, "at least 1 µs wide")],
)
def test_a_query_that_makes_no_sense(start: int, end: int, pixels: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        HistoryQuery(("T",), start, end, pixels)


def test_neighbouring_queries_meet(subtests: pytest.Subtests) -> None:
    rows = [(n * 3, float(n), GOOD) for n in range(100)]
    whole = series(rows, 0, 200, 20)
    parts = [series(rows, 0, 100, 10), series(rows, 100, 200, 10)]
    for name in ("t0_us", "min", "max", "first", "last", "quality"):
        with subtests.test(column=name):
            joined = np.concatenate([getattr(part, name) for part in parts])
            assert joined.tolist() == getattr(whole, name).tolist()
