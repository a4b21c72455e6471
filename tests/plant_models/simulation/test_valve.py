"""A control valve that takes time to travel, a PRV, and totals."""

import math

import pytest

from plant_models.simulation.plc_config import PrvConfig, ValveConfig
from plant_models.simulation.program import Totals
from plant_models.simulation.valve import ControlValve, PressureValve
from tests.fakes.plant_io import FakePlantIO, write


def test_a_control_valve_travels_to_its_setpoint_in_its_time() -> None:
    valve, plant = ControlValve(ValveConfig(name="CV", travel_s=60, position=100)), FakePlantIO()
    assert write(valve, "CV.position_sp", 40) == 40
    valve.step(30, plant)
    assert (plant.orders["CV.opening_ref"], valve.variables()["CV.moving"].value) == (50, 1)
    valve.step(30, plant)
    assert (plant.orders["CV.opening_ref"], valve.variables()["CV.moving"].value) == (40, 0)


def test_a_control_valve_shows_its_end_positions() -> None:
    valve, plant = ControlValve(ValveConfig(name="CV", travel_s=60, position=0)), FakePlantIO()
    ends = [valve.variables()[f"CV.{name}"] for name in ("closed", "opened")]
    valve.step(1, plant)
    assert [end.value for end in ends] == [1, 0]
    assert write(valve, "CV.position_sp", 150) == 100
    valve.step(30, plant)
    assert [end.value for end in ends] == [0, 0]
    valve.step(30, plant)
    assert [end.value for end in ends] == [0, 1]
    assert not valve.trip("CV")


def test_a_prv_keeps_its_setpoint_within_its_limits() -> None:
    valve, plant = PressureValve(PrvConfig(name="PRV", setpoint=3, low=1, high=6)), FakePlantIO()
    valve.step(1, plant)
    assert plant.orders["PRV.pressure_ref"] == 3
    assert write(valve, "PRV.pressure_sp", 9) == 6
    valve.step(1, plant)
    assert plant.orders["PRV.pressure_ref"] == 6
    assert not valve.trip("PRV")


def test_a_total_integrates_signed_flow_and_leaves_out_what_is_no_number() -> None:
    totals, plant = Totals(("CV.flow",)), FakePlantIO({"CV.flow": 360.0})
    totals.step(100, plant)
    plant.values["CV.flow"] = math.nan
    totals.step(100, plant)
    plant.values["CV.flow"] = -36.0
    totals.step(100, plant)
    assert totals.variables()["CV.total"].value == pytest.approx(9.0)
    assert not totals.trip("CV")
