"""Rates of change, and tags that don't move: what is judged over a window of readings."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from alarms.watchers.windows import POINTS, Windows
from plant_models.alarm_definition import AlarmKind
from plant_models.quality import Quality
from tests.fakes.condition_bench import ConditionBench, alarm

RATE, STUCK, HIGH = AlarmKind.RATE, AlarmKind.STUCK, AlarmKind.HIGH


def rate(limit: float | None = 60.0, **settings: Any) -> ConditionBench:
    """A rate over 10 s: a limit of 60 per minute is 1 per second."""
    return ConditionBench([alarm(RATE, limit=limit, window_s=10.0, **settings)])


def test_a_rise_is_too_fast_when_it_is_over_the_whole_window() -> None:
    bench = rate()
    assert bench.poll(0, [2.0 * second for second in range(10)]) == []  # twice too fast, but for 9 s only
    assert bench.poll(0, [20.0]) == ["ALM T0.rate"]


def test_a_rise_at_the_limit_is_not_too_fast() -> None:
    bench = rate()
    assert bench.poll(0, [1.0 * second for second in range(60)]) == []


def test_a_fall_is_watched_by_a_limit_below_zero() -> None:
    bench = rate(-60.0)
    assert bench.poll(0, [2.0 * second for second in range(30)]) == []
    assert bench.poll(0, [58.0 - 2.0 * second for second in range(30)]) == ["ALM T0.rate"]


def test_a_rate_clears_below_its_deadband() -> None:
    bench = rate(deadband=30.0)
    bench.poll(0, [2.0 * second for second in range(12)])
    assert bench.poll(0, [22.0 + 0.6 * second for second in range(1, 30)]) == []  # 36 a minute: within the deadband
    assert bench.poll(0, [39.4 + 0.4 * second for second in range(1, 30)]) == ["RTN T0.rate"]


def test_a_value_that_stays_is_no_rate_though_no_batch_says_so() -> None:
    """The table hands on what changed only; that it is read and stays the same is known by its time."""
    bench = rate()
    bench.poll(0, [2.0 * second for second in range(12)])
    assert bench.poll(0, [22.0] * 12) == ["RTN T0.rate"]


def test_a_step_after_a_long_rest_is_reckoned_over_the_window_only() -> None:
    bench = rate()
    bench.poll(0, [0.0] * 300)
    assert bench.poll(0, [20.0]) == ["ALM T0.rate"]


def test_a_rate_is_exact_however_irregular_the_readings_are() -> None:
    chance = np.random.default_rng(3)
    bench = ConditionBench([alarm(RATE, limit=60.1, window_s=10.0), alarm(RATE, id="2", limit=59.9, window_s=10.0)])
    at = 0.0
    events = []
    for pause in chance.uniform(0.05, 9.0, size=300).tolist():
        at += pause
        events += bench.poll(0, [at], every_s=pause)  # rises by exactly 60 a minute
    assert events == ["ALM T0.rate.2"]


@pytest.mark.parametrize("gap", ["long", "bad", "stale"])
def test_after_a_gap_nothing_is_judged_until_there_is_a_whole_window(gap: str) -> None:
    bench = rate()
    bench.poll(0, [0.0] * 20)
    if gap == "long":
        bench.clock.advance(10.1)
    else:
        bench.read((0, 0.0), quality=Quality.BAD if gap == "bad" else Quality.UNCERTAIN_LAST_USABLE)
    assert bench.poll(0, [100.0] * 9) == []
    assert bench.poll(0, [119.0]) == []
    assert bench.poll(0, [120.0]) == ["ALM T0.rate"]


def test_a_gap_no_longer_than_the_window_breaks_nothing() -> None:
    bench = rate()
    bench.poll(0, [0.0] * 20)
    bench.clock.advance(8)
    assert bench.poll(0, [100.0]) == ["ALM T0.rate"]


def test_a_rate_freezes_with_its_tag_and_with_its_limit() -> None:
    bench = ConditionBench([alarm(RATE, limit_tag="T1", window_s=10.0)])
    bench.read((1, 60.0))
    bench.poll(0, [2.0 * second for second in range(12)])
    assert bench.read((1, math.nan), quality=Quality.BAD) == ["BADQ T0.rate"]
    assert bench.poll(0, [22.0] * 20) == []
    assert bench.read((1, 60.0)) == ["RTN T0.rate", "GOODQ T0.rate"]
    assert bench.limit("T0.rate") == 60.0


def test_a_limit_of_a_rate_that_moves_alone_is_judged_again() -> None:
    bench = ConditionBench([alarm(RATE, limit_tag="T1", window_s=10.0)])
    bench.read((1, 200.0))
    bench.poll(0, [2.0 * second for second in range(12)])
    assert bench.read((1, 100.0)) == ["ALM T0.rate"]
    assert bench.read((1, -100.0)) == ["RTN T0.rate"]


def test_a_calculated_tag_is_read_when_its_inputs_are() -> None:
    stuck = replace(alarm(STUCK, window_s=10.0), tag="SUM")
    bench = ConditionBench([stuck], formulas=[("SUM", "{T0} + {T1}")])
    bench.read((1, 1.0))
    assert bench.poll(0, [1.0] * 30) == []  # T1 is not read
    events = []
    for _ in range(12):
        bench.clock.advance(1)
        events += bench.read((0, 1.0), (1, 1.0)) + bench.wait(0)
    assert events == ["ALM SUM.stuck"]


def test_a_tag_is_stuck_when_it_is_read_and_stays_the_same() -> None:
    bench = ConditionBench([alarm(STUCK, window_s=10.0)])
    assert bench.poll(0, [5.0] * 10) == []
    assert bench.poll(0, [5.0]) == ["ALM T0.stuck"]
    assert bench.poll(0, [5.001]) == ["RTN T0.stuck"]


def test_a_tag_that_is_not_read_is_not_stuck() -> None:
    bench = ConditionBench([alarm(STUCK, window_s=10.0)])
    bench.poll(0, [5.0] * 5)
    assert bench.wait(60) == []


def test_a_sign_of_life_of_its_source_is_a_reading() -> None:
    bench = ConditionBench([alarm(STUCK, window_s=10.0)])
    bench.read((0, 5.0))
    events = []
    for _ in range(11):
        bench.clock.advance(1)
        bench.alive(0)
        events += bench.wait(0)
    assert events == ["ALM T0.stuck"]


def test_a_tag_that_moves_less_than_the_limit_is_stuck_until_it_moves_further_than_the_deadband() -> None:
    bench = ConditionBench([alarm(STUCK, limit=1.0, deadband=0.5, window_s=10.0)])
    assert bench.poll(0, [5.0, 5.9] * 6) == ["ALM T0.stuck"]
    assert bench.poll(0, [6.2]) == []
    assert bench.poll(0, [6.5]) == ["RTN T0.stuck"]


def test_a_slow_drift_is_no_movement_and_a_bump_within_the_window_is() -> None:
    bench = ConditionBench([alarm(STUCK, limit=1.0, window_s=10.0)])
    assert bench.poll(0, [0.05 * second for second in range(200)]) == ["ALM T0.stuck"]
    assert bench.poll(0, [12.0, 10.0, 10.0, 10.0]) == ["RTN T0.stuck"]
    assert bench.poll(0, [10.0] * 7) == []
    assert bench.poll(0, [10.0]) == ["ALM T0.stuck"]


def test_bad_readings_are_not_readings_and_freeze_a_stuck_tag() -> None:
    bench = ConditionBench([alarm(STUCK, window_s=10.0)])
    bench.poll(0, [5.0] * 12)
    assert bench.read((0, 6.0), quality=Quality.BAD) == ["BADQ T0.stuck"]
    assert bench.wait(60) == []
    assert bench.poll(0, [6.0] * 2) == ["GOODQ T0.stuck"]
    assert bench.poll(0, [7.0]) == ["RTN T0.stuck"]


def test_a_stuck_tag_may_have_a_limit_that_a_tag_holds() -> None:
    bench = ConditionBench([alarm(STUCK, limit_tag="T1", window_s=10.0)])
    bench.read((1, 0.1))
    assert bench.poll(0, [5.0, 5.5] * 7) == []
    assert bench.read((1, 1.0)) == ["ALM T0.stuck"]


@pytest.mark.parametrize("kind", [RATE, STUCK])
def test_without_a_window_nothing_is_judged(kind: AlarmKind) -> None:
    bench = ConditionBench([alarm(kind, limit=1.0)])
    bench.read((0, 1.0), (0, 50.0), (0, 50.0))
    assert bench.poll(0, [1.0, 1.0, 90.0, 90.0]) == []


def test_a_new_engine_waits_for_a_whole_window_and_keeps_what_stands() -> None:
    bench = ConditionBench([alarm(STUCK, window_s=10.0), alarm(RATE, 1, limit=60.0, window_s=10.0)])
    bench.poll(0, [5.0] * 12)
    bench.poll(1, [2.0 * second for second in range(12)])
    assert bench.rebuild() == []
    assert {row.name: row.state.value for row in bench.engine.rows} == {"T0.stuck": "UNACK", "T1.rate": "UNACK"}
    assert bench.poll(1, [22.0] * 9) == []
    assert bench.poll(1, [22.0] * 2) == ["RTN T1.rate"]
    assert bench.read((0, 6.0)) == []  # nobody read it since the new engine began: that is no movement within a window
    assert bench.poll(0, [7.0]) == ["RTN T0.stuck"]


def test_a_window_is_covered_however_often_a_tag_is_read() -> None:
    """Ten thousand readings in a window of fixed points: the past is never less than a window, nor a thirtieth more."""
    windows, which = Windows(np.array([10.0])), np.array([0])
    for number in range(10_000):
        at = np.array([10**9 + number * 5_000_000])
        windows.add(which, np.array([float(number)]), at)
        past = windows.past(which, at)
        age_s = (at - past.at_ns)[0] / 1e9
        assert bool(past.is_whole[0]) == (number >= 2000)
        if past.is_whole[0]:
            assert 10.0 <= age_s <= 10.0 * (1 + 1 / (POINTS - 2)) + 0.005
            assert past.values[0] == number - round(age_s / 0.005)
            assert past.moved[0] == number - past.values[0]


def test_a_rate_shows_the_rate_that_tripped_with_its_unit_and_the_present_one() -> None:
    bench = rate(deadband=30.0)
    bench.poll(0, [2.0 * second for second in range(12)])
    row, (entry,) = bench.row("T0.rate"), bench.entries
    assert (row.trip_value, row.limit, row.unit) == (120.0, 60.0, "m/min")
    assert (entry.value, entry.trip_value, entry.limit, entry.unit) == (120.0, 120.0, 60.0, "m/min")
    assert bench.engine.measured == {"T0.rate": 120.0}
    bench.poll(0, [22.0 + 0.6 * second for second in range(1, 12)])
    assert bench.engine.measured == {"T0.rate": pytest.approx(36.0)}
    bench.poll(0, [28.6] * 12)
    assert (bench.entries[-1].event, bench.entries[-1].value) == ("RTN", pytest.approx(26.4, abs=4.0))
    bench.acknowledge("T0.rate")
    assert bench.engine.measured == {}


def test_a_fall_that_tripped_is_a_rate_below_zero() -> None:
    bench = rate(-60.0)
    bench.poll(0, [100.0 - 2.0 * second for second in range(12)])
    assert bench.row("T0.rate").trip_value == -120.0


def test_a_rate_that_nobody_knows_is_missing() -> None:
    bench = rate()
    bench.poll(0, [2.0 * second for second in range(12)])
    bench.read((0, 24.0), quality=Quality.BAD)
    assert bench.engine.measured == {}
    assert bench.entries[-1].event == "BADQ"
    assert bench.entries[-1].value is None
    bench.poll(0, [26.0] * 3)  # no whole window yet
    assert bench.engine.measured == {}


def test_a_rate_over_its_on_delay_shows_that_of_its_last_reading() -> None:
    bench = rate(on_delay_s=3.0)
    bench.poll(0, [2.0 * second for second in range(11)])
    bench.poll(0, [20.0 + 3.0 * second for second in range(1, 4)])
    assert bench.row("T0.rate").trip_value == pytest.approx(138.0, abs=6.0)


def test_a_rate_that_came_often_shows_the_rate() -> None:
    bench = rate(on_delay_s=60.0, count=1, count_s=60.0)
    bench.poll(0, [2.0 * second for second in range(11)])
    assert bench.row("T0.rate").trip_value == 120.0


def test_what_is_stuck_shows_how_far_it_moved() -> None:
    bench = ConditionBench([alarm(STUCK, limit=1.0, window_s=10.0)])
    bench.poll(0, [5.0 + 0.25 * (second % 2) for second in range(12)])
    row = bench.row("T0.stuck")
    assert (row.trip_value, row.limit, row.unit) == (0.25, 1.0, "m")
    assert bench.engine.measured == {"T0.stuck": 0.25}
    bench.poll(0, [8.0])
    assert bench.entries[-1].value == 3.0


def test_a_value_from_before_in_another_unit_is_not_taken_up() -> None:
    bench = rate()
    bench.poll(0, [2.0 * second for second in range(12)])
    for unit, value in (("m/min", 120.0), ("m", None)):
        again = rate()
        again.engine.restore([replace(bench.entries[0], unit=unit)], again.now)
        assert again.row("T0.rate").trip_value == value
        assert again.engine.measured == {}
