"""The works as a whole, still as pure functions: no water is lost on its way, and quality answers to what is done."""

from dataclasses import replace

import pytest

from plant_models.simulation.convert_net3 import NETWORK_FILE
from plant_models.simulation.model_file import load_model
from plant_models.simulation.treatment import Orders, RawWater, WorksFlow, WorksState, initial_works, step_works

WORKS = load_model(NETWORK_FILE.with_name("model.toml")).works
RIVER = RawWater(surface=53.6, turbidity=14.0, ph=7.9, temperature=12.0, chlorine_demand=0.0)
IN_SERVICE = ((True, False),) * 4
NORMAL = Orders((1.0, 0.0), coagulant=25.0, chlorine=1.3, filters=IN_SERVICE, supply=2900.0)


def water(state: WorksState) -> float:
    """Return the m³ that are in the works."""
    filters = sum(one.level * WORKS.filters.area for one in state.filters)
    return state.intake.well_level * WORKS.intake.well_area + filters + state.clearwell.volume


def run(state: WorksState, orders: Orders, steps: int, dt_s: float = 10.0) -> tuple[WorksState, WorksFlow]:
    for _ in range(steps):
        state, flow = step_works(state, WORKS, RIVER, orders, dt_s)
    return state, flow


@pytest.mark.parametrize(
    "orders",
    [
        NORMAL,
        replace(NORMAL, raw_speeds=(1.0, 1.0), supply=0.0),
        replace(NORMAL, raw_speeds=(0.0, 0.0)),
        replace(NORMAL, filters=((True, True), (True, False), (False, False), (True, False))),
        replace(NORMAL, filters=((False, False),) * 4),
    ],
    ids=["normal day", "too much water", "too little water", "backwash", "no filter"],
)
@pytest.mark.parametrize("dt_s", [1.0, 60.0])
def test_what_comes_through_the_screen_is_stored_supplied_or_spilled(orders: Orders, dt_s: float) -> None:
    state = initial_works(WORKS, RIVER)
    for _ in range(round(6 * 3600 / 60)):
        before = water(state)
        state, flow = step_works(state, WORKS, RIVER, orders, dt_s)
        spilled = (
            flow.inlet_overflow + flow.clearwell_overflow + sum(one.overflow + one.drained for one in flow.filters)
        )
        kept = (flow.intake.screen - flow.supplied - flow.wash - spilled) * dt_s / 3600.0
        # Wash water leaves the clearwell for good: it goes to the sludge lagoon.
        assert water(state) - before == pytest.approx(kept, abs=1e-6)


def test_a_normal_day_gives_clear_chlorinated_water() -> None:
    state, flow = run(initial_works(WORKS, RIVER), replace(NORMAL, supply=2900.0), 720)
    assert state.clearwell.turbidity < 0.1
    assert 0.7 < state.clearwell.chlorine < 1.1
    assert 7.2 < state.clearwell.ph < 7.9
    assert flow.intake.total == pytest.approx(3000.0, rel=0.05)


def test_without_coagulant_the_filters_get_and_pass_more() -> None:
    dosed, _ = run(initial_works(WORKS, RIVER), NORMAL, 720)
    bare, _ = run(initial_works(WORKS, RIVER), replace(NORMAL, coagulant=0.0), 720)
    assert bare.settled > 3.0 * dosed.settled
    assert bare.filters[0].deposit > dosed.filters[0].deposit
    assert bare.clearwell.turbidity > 2.0 * dosed.clearwell.turbidity


def test_the_other_filters_take_the_share_of_one_in_backwash() -> None:
    state, before = run(initial_works(WORKS, RIVER), NORMAL, 60)
    washing = replace(NORMAL, filters=((True, True), *IN_SERVICE[1:]))
    _, during = run(state, washing, 60)
    assert during.filters[0].filtrate == 0.0
    assert during.filters[1].filtrate == pytest.approx(before.filters[1].filtrate * 4.0 / 3.0, rel=0.02)


def test_no_raw_water_means_no_dose() -> None:
    _, flow = run(initial_works(WORKS, RIVER), replace(NORMAL, raw_speeds=(0.0, 0.0)), 60)
    assert flow.coagulant.rate == 0.0
    assert flow.chlorine.rate == pytest.approx(0.0, abs=1e-6)
    assert flow.filtrate.flow == pytest.approx(0.0, abs=1e-3)
