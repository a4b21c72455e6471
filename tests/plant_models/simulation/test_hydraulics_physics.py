"""Pumps, valves and noise: the pure functions."""

import math
from itertools import pairwise

import numpy as np
import pytest

from plant_models.simulation.noise import Wander
from plant_models.simulation.pump_physics import (
    PumpRating,
    PumpState,
    current,
    electric_power,
    ramped,
    rated_current,
    vibration,
    warmed,
)
from plant_models.simulation.valve_physics import loss_coefficient, travelled

RATING = PumpRating(best_flow=640.0, rated_kw=75.0)


def test_power_at_the_best_point_is_rho_g_q_h_over_both_efficiencies() -> None:
    hydraulic_kw = 1000.0 * 9.80665 * (640.0 / 3600.0) * 25.0 / 1000.0
    idle_kw = 0.03 * RATING.rated_kw
    assert electric_power(640.0, 25.0, 50.0, RATING) == pytest.approx(hydraulic_kw / (0.80 * 0.94) + idle_kw)


def test_power_follows_the_cube_of_the_speed() -> None:
    full, half = electric_power(640.0, 24.0, 50.0, RATING), electric_power(320.0, 6.0, 25.0, RATING)
    assert half == pytest.approx(full / 8.0)


def test_a_pump_against_a_closed_valve_still_takes_power_and_a_stopped_one_none() -> None:
    assert 10.0 < electric_power(0.0, 31.0, 50.0, RATING) < electric_power(640.0, 31.0, 50.0, RATING)
    assert electric_power(0.0, 31.0, 0.0, RATING) == 0.0
    assert current(0.0, 0.0, RATING) == 0.0
    assert vibration(0.0, 0.0, 3.0, RATING) == 0.0


def test_full_load_takes_the_rated_current() -> None:
    active_kw = RATING.rated_kw * 1.0
    amperes = current(active_kw, 50.0, RATING)
    assert rated_current(RATING) == pytest.approx(125.9, abs=0.1)
    assert amperes == pytest.approx(rated_current(RATING), rel=0.15)


def test_a_winding_comes_within_one_over_e_of_its_end_temperature_in_one_time_constant() -> None:
    state = PumpState(20.0, 50.0)
    for _ in range(int(RATING.thermal_s)):
        state = warmed(state, rated_current(RATING), 20.0, 1.0, RATING)
    assert state.temperature == pytest.approx(20.0 + RATING.temperature_rise * (1.0 - math.exp(-1.0)))
    once = warmed(PumpState(20.0, 50.0), rated_current(RATING), 20.0, RATING.thermal_s, RATING)
    assert once.temperature == pytest.approx(state.temperature), "the step doesn't matter"


def test_a_drive_ramps_and_stops_at_its_target() -> None:
    state = ramped(PumpState(20.0), 40.0, 2.0, RATING)
    assert state.speed == 10.0
    assert ramped(state, 40.0, 60.0, RATING).speed == 40.0
    assert ramped(state, 0.0, 1.0, RATING).speed == 5.0


def test_a_pump_shakes_more_away_from_its_best_point() -> None:
    best = vibration(640.0, 50.0, 0.0, RATING)
    assert vibration(64.0, 50.0, 0.0, RATING) > best
    assert vibration(320.0, 25.0, 0.0, RATING) < best


def test_a_valve_takes_its_stroke_time() -> None:
    assert travelled(100.0, 0.0, 15.0, 60.0) == 75.0
    assert travelled(100.0, 0.0, 90.0, 60.0) == 0.0
    assert travelled(0.0, 250.0, 600.0, 60.0) == 100.0


def test_an_equal_percentage_valve_multiplies_its_loss_by_the_same_factor_per_step_of_travel() -> None:
    losses = [loss_coefficient(position, 3.0) for position in (100.0, 75.0, 50.0, 25.0)]
    factors = [after / before for before, after in pairwise(losses)]
    assert losses[0] == 3.0
    assert factors == pytest.approx([30.0**0.5] * 3)


@pytest.mark.parametrize("dt_s", [1.0, 50.0])
def test_noise_has_the_same_spread_for_any_step_and_the_same_values_for_a_seed(dt_s: float) -> None:
    one, other = (Wander(200, 0.1, 20.0, np.random.default_rng(3)) for _ in range(2))
    seen = np.array([one.step(dt_s).copy() for _ in range(400)])
    assert np.array_equal(seen[-1], [other.step(dt_s) for _ in range(400)][-1])
    assert seen.std() == pytest.approx(0.1, rel=0.05)
    assert abs(seen.mean()) < 0.01
