"""Time to consequence: when a tank spills or runs empty, and when nobody can say."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pytest

from analytics.consequence import ConsequenceTime, consequence_time, rises_to
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.quality import Quality

SECOND_US: Final = 1_000_000
STEP_S: Final = 5
LAST_S: Final = 179 * STEP_S
"""When the newest of 180 samples stands: 15 minutes."""


def ask(
    course: Callable[[float], float],
    reached_at: float = 10.0,
    *,
    noise: float = 0.0,
    seed: int = 1,
    n: int = 180,
    spoil: Callable[[np.ndarray, np.ndarray], None] = lambda values, qualities: None,
    is_above: bool | None = None,
) -> ConsequenceTime | None:
    """Return the answer for a course (value by seconds), sampled each 5 s; times count from its first sample."""
    times = np.arange(n, dtype=np.int64) * STEP_S * SECOND_US
    values = np.array([course(second * STEP_S) for second in range(n)], np.float64)
    values += np.random.default_rng(seed).normal(0.0, 1.0, n) * noise
    qualities = np.full(n, int(Quality.GOOD), np.uint16)
    spoil(values, qualities)
    return consequence_time(times, values, qualities, reached_at, is_above=is_above)


def rising(at_s: float) -> float:
    """5 m at first, a millimetre more each second: 10 m after 5,000 s."""
    return 5.0 + 0.001 * at_s


class TestATrend:
    def test_a_straight_line_is_followed_to_the_second(self) -> None:
        assert ask(rising) == ConsequenceTime(5_000 * SECOND_US, 5_000 * SECOND_US, 5_000 * SECOND_US)

    def test_a_line_without_any_noise_is_the_surest(self) -> None:
        assert ask(lambda at_s: at_s, 10_000.0) == ConsequenceTime(*[10_000 * SECOND_US] * 3)

    def test_a_fall_is_followed_as_a_rise_is(self) -> None:
        found = ask(lambda at_s: 5.0 - 0.001 * at_s, 0.0)
        assert found == ConsequenceTime(5_000 * SECOND_US, 5_000 * SECOND_US, 5_000 * SECOND_US)

    def test_with_noise_the_truth_lies_within_the_bounds(self) -> None:
        found = [ask(rising, noise=0.1, seed=seed) for seed in range(100)]
        hits = [each for each in found if each and each.earliest_us <= 5_000 * SECOND_US <= each.latest_us]
        assert len(hits) >= 95
        assert all(each.earliest_us < each.at_us < each.latest_us for each in hits)

    def test_more_noise_makes_the_bounds_wider(self) -> None:
        calm, rough = ask(rising, noise=0.02), ask(rising, noise=0.15)
        assert calm is not None
        assert rough is not None
        assert rough.latest_us - rough.earliest_us > 3 * (calm.latest_us - calm.earliest_us)

    def test_a_few_wild_samples_change_little(self) -> None:
        def spoil(values: np.ndarray, _qualities: np.ndarray) -> None:
            values[::9] += 30.0

        found = ask(rising, noise=0.01, spoil=spoil)
        assert found is not None
        assert abs(found.at_us - 5_000 * SECOND_US) < 120 * SECOND_US

    @pytest.mark.parametrize(("factor", "shift"), [(1_000.0, 0.0), (0.001, 0.0), (1.8, 32.0), (-1.0, 0.0)])
    def test_units_change_nothing(self, factor: float, shift: float) -> None:
        def spoil(values: np.ndarray, _qualities: np.ndarray) -> None:
            values *= factor
            values += shift

        plain, other = ask(rising, noise=0.05), ask(rising, 10.0 * factor + shift, noise=0.05, spoil=spoil)
        assert plain is not None
        assert other is not None
        for name in ("at_us", "earliest_us", "latest_us"):
            assert getattr(other, name) == pytest.approx(getattr(plain, name), abs=1_000)

    def test_a_coarse_sensor_that_moves_in_steps_still_has_a_trend(self) -> None:
        found = ask(lambda at_s: round(rising(at_s), 1))
        assert found is not None
        assert found.earliest_us < 5_000 * SECOND_US < found.latest_us

    def test_a_rise_that_began_lately_counts_from_there(self) -> None:
        found = ask(lambda at_s: 5.0 + 0.004 * max(at_s - 580, 0), noise=0.005)
        assert found is not None
        assert found.at_us == pytest.approx((580 + 5 / 0.004) * SECOND_US, abs=30 * SECOND_US)

    def test_only_the_last_quarter_of_an_hour_counts(self) -> None:
        assert ask(lambda at_s: rising(at_s) if at_s > 900 else 50.0 - at_s / 100, 12.0, n=361) == ask(
            lambda at_s: rising(at_s), 12.0, n=361
        )

    def test_samples_at_odd_times(self) -> None:
        times = np.cumsum(np.random.default_rng(2).integers(1, 20, 60)) * SECOND_US
        found = consequence_time(times, rising(times / SECOND_US), np.zeros(60, np.uint16), 10.0)
        assert found is not None
        assert found.at_us == pytest.approx(5_000 * SECOND_US, abs=1_000)


class TestNoNumber:
    def test_a_level_that_stands_has_none(self) -> None:
        assert ask(lambda _: 5.0) is None
        assert [ask(lambda _: 5.0, noise=0.2, seed=seed) for seed in range(50)] == [None] * 50

    def test_a_level_that_moves_away_has_none(self) -> None:
        assert ask(lambda at_s: 5.0 - 0.001 * at_s) is None

    def test_a_trend_that_drowns_in_noise_has_none(self) -> None:
        assert ask(rising, noise=0.6) is None

    @pytest.mark.parametrize("at_step", [300, 450, 600, 800])
    @pytest.mark.parametrize("noise", [0.0, 0.02])
    def test_a_step_is_no_trend(self, at_step: int, noise: float) -> None:
        assert ask(lambda at_s: 5.0 + (at_s > at_step), noise=noise) is None

    @pytest.mark.parametrize("period_s", [30, 60, 120, 240, 300, 450, 600])
    def test_a_saw_tooth_goes_nowhere(self, period_s: int) -> None:
        assert ask(lambda at_s: 5.0 + at_s % period_s / period_s, noise=0.01) is None

    def test_a_rise_that_has_turned_has_none(self) -> None:
        assert ask(lambda at_s: 5.0 + 0.004 * min(at_s, 1_300 - at_s), noise=0.005) is None

    def test_a_few_samples_are_not_enough(self) -> None:
        assert ask(rising, n=11) is None
        assert ask(rising, n=12) is None, "less than a minute"
        assert ask(rising, n=13) is not None
        assert ask(rising, n=0) is None

    def test_further_ahead_than_a_day_nothing_is_said(self) -> None:
        assert ask(lambda at_s: 5.0 + 0.00001 * at_s) is None

    @pytest.mark.parametrize("quality", [Quality.BAD_TIMEOUT, Quality.UNCERTAIN_LAST_USABLE])
    def test_a_newest_sample_that_is_bad_or_stale_says_nothing(self, quality: int) -> None:
        def spoil(_values: np.ndarray, qualities: np.ndarray) -> None:
            qualities[-1] = quality

        assert ask(rising, spoil=spoil) is None

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_a_newest_sample_that_is_no_number_says_nothing(self, value: float) -> None:
        def spoil(values: np.ndarray, _qualities: np.ndarray) -> None:
            values[-1] = value

        assert ask(rising, spoil=spoil) is None

    def test_bad_samples_on_the_way_are_left_out(self) -> None:
        def spoil(values: np.ndarray, qualities: np.ndarray) -> None:
            values[20:60], qualities[20:60] = 99.0, Quality.BAD_SENSOR_FAILURE
            values[100] = np.nan

        assert ask(rising, spoil=spoil) == ask(rising)

    def test_a_consequence_that_is_no_number(self) -> None:
        assert ask(rising, float("nan")) is None


class TestReached:
    def test_what_has_come_is_now(self) -> None:
        now = ConsequenceTime(LAST_S * SECOND_US, LAST_S * SECOND_US, LAST_S * SECOND_US)
        assert ask(lambda _: 10.5, is_above=True) == now
        assert ask(lambda _: 10.0) == now
        assert ask(lambda _: 9.5, is_above=False) == now

    def test_the_line_is_what_counts_and_not_a_sample_that_sticks_out(self) -> None:
        def spoil(values: np.ndarray, _qualities: np.ndarray) -> None:
            values[-1] -= 0.2

        found = ask(rising, 5.8, noise=0.001, spoil=spoil)
        assert found is not None
        assert found.at_us == found.earliest_us == LAST_S * SECOND_US

    @pytest.mark.parametrize(
        ("kind", "is_above"),
        [
            (AlarmKind.HIGH, True),
            (AlarmKind.HIGH_HIGH, True),
            (AlarmKind.LOW, False),
            (AlarmKind.LOW_LOW, False),
            (AlarmKind.RATE, None),
        ],
    )
    def test_on_which_side_it_lies_goes_by_the_kind(self, kind: AlarmKind, is_above: bool | None) -> None:
        assert rises_to(AlarmDefinition(tag="T0", kind=kind)) is is_above
