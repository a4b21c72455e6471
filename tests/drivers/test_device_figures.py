"""Round trips, rate and clock of a device, worked out of many samples."""

import numpy as np
import pytest

from drivers.figures import CLOCK_SAMPLES, ROUND_TRIPS, Samples

SECOND = 1_000_000_000


@pytest.mark.parametrize("count", [1, 2, 99, 100, 101, ROUND_TRIPS])
def test_percentiles_are_round_trips_that_really_were(count: int) -> None:
    samples, times = Samples(0), np.random.default_rng(count).permutation(np.arange(1.0, count + 1))
    for time_ms in times:
        samples.add_round_trip(float(time_ms))
    figures = samples.figures(0, count)
    assert figures.p50_ms == np.percentile(times, 50, method="inverted_cdf")
    assert figures.p99_ms == np.percentile(times, 99, method="inverted_cdf")


def test_only_the_newest_round_trips_count() -> None:
    samples = Samples(0)
    for _ in range(ROUND_TRIPS):
        samples.add_round_trip(900.0)
    for _ in range(ROUND_TRIPS):
        samples.add_round_trip(2.0)
    figures = samples.figures(0, 2 * ROUND_TRIPS)
    assert (figures.p50_ms, figures.p99_ms) == (2.0, 2.0)


def test_nothing_is_made_up_before_the_first_sample() -> None:
    figures = Samples(0).figures(SECOND // 2, 0)
    assert (figures.p50_ms, figures.p99_ms, figures.skew_s, figures.requests_per_s) == (None, None, None, None)


def test_the_rate_is_of_the_last_ten_seconds() -> None:
    samples = Samples(0)
    rates = [samples.figures(second * SECOND, 5 * second).requests_per_s for second in range(1, 21)]
    assert rates == pytest.approx([5.0] * 20)
    quiet = [samples.figures(second * SECOND, 100).requests_per_s for second in range(21, 32)]
    assert quiet[0] == pytest.approx(4.5)
    assert quiet[-1] == 0.0


def test_whoever_did_not_look_for_a_minute_gets_the_mean_of_that_minute() -> None:
    samples = Samples(0)
    samples.figures(SECOND, 10)
    assert samples.figures(61 * SECOND, 610).requests_per_s == pytest.approx(10.0)
    assert samples.figures(62 * SECOND, 620).requests_per_s == pytest.approx(10.0)


def test_figures_are_worked_out_once_a_second_however_often_somebody_looks() -> None:
    samples = Samples(0)
    samples.add_round_trip(5.0)
    first = samples.figures(SECOND, 1)
    samples.add_round_trip(50.0)
    assert samples.figures(SECOND + SECOND // 2, 2) is first
    assert samples.figures(2 * SECOND, 2).p99_ms == 50.0


def test_one_late_answer_does_not_make_a_clock_wrong() -> None:
    samples = Samples(0)
    for _ in range(4):
        samples.add_skew(0.1)
    samples.add_skew(-9.0)
    assert samples.figures(SECOND, 0).skew_s == 0.1
    for _ in range(CLOCK_SAMPLES):
        samples.add_skew(12.0)
    assert samples.figures(2 * SECOND, 0).skew_s == 12.0
