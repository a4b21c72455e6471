"""The parts of the treatment works, each alone: mass balance, decay, clogging, backwash, doses."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models.simulation.convert_net3 import NETWORK_FILE
from plant_models.simulation.model_file import load_model
from plant_models.simulation.treatment_clearwell import ClearwellState, Inflow, step_clearwell
from plant_models.simulation.treatment_dosing import (
    DosingState,
    best_coagulant,
    chlorine_residual,
    coagulated_ph,
    settled_share,
    step_dosing,
)
from plant_models.simulation.treatment_filter import (
    BACKWASH_S,
    SOLIDS_PER_NTU,
    FilterMode,
    FilterState,
    ordered,
    passing,
    step_filter,
)
from plant_models.simulation.treatment_intake import IntakeState, raw_flows, step_intake

WORKS = load_model(NETWORK_FILE.with_name("model.toml")).works
STEPS_S = st.floats(0.05, 60.0)
FLOWS = st.floats(0.0, 6000.0)


@given(level=st.floats(0.5, 5.0), blinded=st.floats(0.0, 0.97), speed=st.floats(0.0, 1.0), dt_s=STEPS_S)
@settings(max_examples=50, deadline=None)
def test_the_well_gains_exactly_what_passes_the_screen_less_what_is_pumped(
    level: float, blinded: float, speed: float, dt_s: float
) -> None:
    state = IntakeState(level, blinded)
    new, flow = step_intake(state, WORKS.intake, (53.5, 10.0), (speed, 0.0), dt_s)
    gained = (new.well_level - level) * WORKS.intake.well_area
    assert gained == pytest.approx((flow.screen - flow.total) * dt_s / 3600.0, abs=1e-6)


def test_two_raw_pumps_give_more_than_one_but_less_than_twice_as_much() -> None:
    (one, _), _ = raw_flows(WORKS.intake, (1.0, 0.0), 16.0)
    both, head = raw_flows(WORKS.intake, (1.0, 1.0), 16.0)
    assert one < sum(both) < 2.0 * one
    assert both[0] == pytest.approx(both[1])
    assert head == pytest.approx(16.0 + WORKS.intake.main * sum(both) ** 2, rel=1e-6)


def test_a_raw_pump_too_slow_to_lift_the_water_gives_none() -> None:
    assert raw_flows(WORKS.intake, (0.5, 0.0), 16.0)[0] == (0.0, 0.0)


def test_a_dry_well_gives_no_raw_water() -> None:
    _, flow = step_intake(IntakeState(0.3), WORKS.intake, (49.3, 10.0), (1.0, 0.0), 1.0)
    assert flow.total == 0.0


def test_a_blinded_screen_starts_the_rake_which_clears_it() -> None:
    state = IntakeState(4.5, blinded=0.7)
    drops = []
    for _ in range(900):
        state, flow = step_intake(state, WORKS.intake, (53.6, 10.0), (1.0, 0.0), 1.0)
        drops.append(flow.screen_dp)
    assert max(drops) > WORKS.intake.rake_at
    assert drops[-1] < WORKS.intake.rake_at
    assert state.blinded < 0.1


@given(
    volume=st.floats(0.0, 8000.0), chlorine=st.floats(0.0, 4.0), inflow=FLOWS, outflow=FLOWS, dt_s=STEPS_S,
    dosed=st.floats(0.0, 4.0),
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_the_clearwell_loses_no_water_and_no_chlorine_but_by_decay(
    volume: float, chlorine: float, inflow: float, outflow: float, dt_s: float, dosed: float
) -> None:
    hours = dt_s / 3600.0
    state = ClearwellState(volume, chlorine, 0.1, 7.5)
    new, out, over = step_clearwell(state, WORKS, Inflow(inflow, dosed, 0.1, 7.5), outflow, dt_s)
    assert new.volume == pytest.approx(volume + (inflow - out - over) * hours, abs=1e-6)
    assert 0.0 <= new.volume <= WORKS.area * WORKS.max_level
    decayed = WORKS.decay * new.volume * new.chlorine * hours
    held = volume * chlorine + inflow * dosed * hours - (out + over) * new.chlorine * hours - decayed
    if new.volume > 1e-6:
        assert new.volume * new.chlorine == pytest.approx(held, rel=1e-6, abs=1e-6)
        assert new.turbidity == pytest.approx(0.1), "what doesn't react only mixes"


@pytest.mark.parametrize("dt_s", [1.0, 10.0, 60.0])
def test_chlorine_in_still_water_decays_by_the_first_order_law(dt_s: float) -> None:
    state = ClearwellState(5000.0, 1.0, 0.1, 7.5)
    for _ in range(round(24 * 3600 / dt_s)):
        state, _, _ = step_clearwell(state, WORKS, Inflow(0.0, 0.0, 0.0, 7.0), 0.0, dt_s)
    assert state.chlorine == pytest.approx(math.exp(-24.0 * WORKS.decay), rel=1e-3)
    assert state.volume == 5000.0


def test_an_empty_clearwell_gives_only_what_comes_in() -> None:
    state, out, over = step_clearwell(
        ClearwellState(0.0, 0.0, 0.0, 7.0), WORKS, Inflow(100.0, 1.0, 0.1, 7.5), 900.0, 10.0
    )
    assert (out, over, state.volume) == (pytest.approx(100.0), 0.0, 0.0)


@given(level=st.floats(0.2, 2.6), deposit=st.floats(0.0, 3.0), inflow=st.floats(0.0, 3000.0), dt_s=STEPS_S)
@settings(max_examples=80, deadline=None)
def test_a_filter_loses_no_water_and_keeps_the_solids_it_holds_back(
    level: float, deposit: float, inflow: float, dt_s: float
) -> None:
    hours, area = dt_s / 3600.0, WORKS.filters.area
    new, flow = step_filter(FilterState(level, deposit), WORKS.filters, inflow, 2.5, dt_s)
    assert (new.level - level) * area == pytest.approx((inflow - flow.filtrate - flow.overflow) * hours, abs=1e-6)
    caught = flow.filtrate * hours * (2.5 - flow.turbidity) * SOLIDS_PER_NTU / 1000.0
    assert (new.deposit - deposit) * area == pytest.approx(caught, abs=1e-9)


def test_head_loss_grows_until_a_backwash_and_is_gone_after_it() -> None:
    state = FilterState(WORKS.filters.level)
    losses = []
    for _ in range(30 * 360):
        state, flow = step_filter(state, WORKS.filters, 760.0, 2.2, 10.0)
        losses.append(flow.headloss)
    assert losses == sorted(losses)
    assert 1.5 < losses[-1] < 3.0, "a run of 30 h ends near the usual limit of 2 m"
    state = ordered(state, in_service=True, backwash=True)
    seen, washed = [], 0.0
    while state.mode is FilterMode.BACKWASH:
        seen.append(state.wash_step)
        state, flow = step_filter(state, WORKS.filters, 0.0, 2.2, 10.0)
        washed += flow.wash * 10.0 / 3600.0
    assert sorted(set(seen)) == [1, 2, 3, 4]
    assert len(seen) * 10.0 == BACKWASH_S
    assert washed == pytest.approx(WORKS.filters.wash_rate * WORKS.filters.area * 480.0 / 3600.0)
    _, flow = step_filter(replace(state, level=WORKS.filters.level), WORKS.filters, 760.0, 2.2, 10.0)
    assert flow.headloss < 0.6
    assert flow.turbidity > 2.2 * passing(flow.headloss, 4 * 3600.0), "a washed filter first has to ripen"


@pytest.mark.parametrize("dt_s", [0.1, 7.0, 60.0])
def test_a_backwash_drains_and_washes_the_same_for_any_step(dt_s: float) -> None:
    state, drained, washed = ordered(FilterState(1.8), True, True), 0.0, 0.0
    while state.mode is FilterMode.BACKWASH:
        state, flow = step_filter(state, WORKS.filters, 0.0, 2.0, dt_s)
        drained += flow.drained * dt_s / 3600.0
        washed += flow.wash * dt_s / 3600.0
    assert drained == pytest.approx(1.6 * WORKS.filters.area)
    assert washed == pytest.approx(384.0)


def test_an_order_that_stays_does_not_start_a_second_backwash_and_taking_it_away_breaks_it_off() -> None:
    state = ordered(FilterState(1.8), True, True)
    while state.mode is FilterMode.BACKWASH:
        state, _ = step_filter(state, WORKS.filters, 0.0, 2.0, 10.0)
    assert ordered(state, True, True).mode is FilterMode.SERVICE
    again = ordered(ordered(state, True, False), True, True)
    assert again.mode is FilterMode.BACKWASH
    broken_off = ordered(again, True, False)
    assert broken_off.mode is FilterMode.SERVICE
    assert broken_off.run_s == 0.0
    assert ordered(state, False, False).mode is FilterMode.OFF


def test_a_filter_run_too_long_lets_turbidity_through() -> None:
    assert passing(3.2, 1e6) > 5.0 * passing(1.0, 1e6)


def test_a_dose_is_proportional_to_flow_and_comes_out_of_the_tank() -> None:
    dosing = WORKS.chlorine
    state, dose = step_dosing(DosingState(300.0), dosing, 1.5, 2000.0, 3600.0)
    assert dose.rate == pytest.approx(3.0)
    assert dose.dose == pytest.approx(1.5)
    assert state.stock == pytest.approx(297.0)


def test_dosing_is_limited_by_its_pump_and_by_what_is_left() -> None:
    _, dose = step_dosing(DosingState(300.0), WORKS.chlorine, 100.0, 3000.0, 1.0)
    assert dose.rate == WORKS.chlorine.max_rate
    state, dose = step_dosing(DosingState(0.001), WORKS.chlorine, 2.0, 3000.0, 10.0)
    assert state.stock >= 0.0
    assert dose.rate == pytest.approx(0.36)
    assert step_dosing(DosingState(300.0), WORKS.chlorine, 2.0, 0.0, 10.0)[1].dose == 0.0, "no flow, no dose"


def test_a_low_tank_is_delivered_to_until_it_is_full() -> None:
    state = DosingState(WORKS.chlorine.capacity * 0.24)
    for _ in range(3600):
        state, _ = step_dosing(state, WORKS.chlorine, 1.0, 3000.0, 1.0)
    assert not state.delivering
    assert state.stock > 0.9 * WORKS.chlorine.capacity


def test_the_best_coagulant_dose_settles_best() -> None:
    best = best_coagulant(15.0)
    shares = {dose: settled_share(dose, 15.0) for dose in (0.0, best / 3.0, best, 4.0 * best)}
    assert shares[0.0] == 1.0
    assert shares[best] == min(shares.values())
    assert shares[best] < 0.2
    assert coagulated_ph(7.9, best) < 7.9


def test_a_contamination_takes_chlorine_but_never_more_than_there_is() -> None:
    assert chlorine_residual(1.3, 0.05, 0.0) == pytest.approx(1.02)
    assert chlorine_residual(1.3, 0.05, 0.8) == pytest.approx(0.22)
    assert chlorine_residual(1.3, 0.05, 5.0) == 0.0
