"""Dosing: with flow, without, and by hand."""

import math

import pytest

from plant_models.simulation.dosing import Dosing
from plant_models.simulation.drive import Command, Mode
from plant_models.simulation.plc_config import DosingConfig
from tests.fakes.plant_io import FakePlantIO, write


@pytest.fixture
def plant() -> FakePlantIO:
    return FakePlantIO({"RAW.flow": 500.0})


@pytest.fixture
def dosing() -> Dosing:
    return Dosing(DosingConfig(name="D", flow="RAW.flow", no_flow=50, dose=1.5, dose_high=4))


def test_it_doses_its_setpoint_while_water_flows(dosing: Dosing, plant: FakePlantIO) -> None:
    dosing.step(1, plant)
    assert plant.orders["D.dose_ref"] == 1.5
    assert write(dosing, "D.dose_sp", 2.5) == 2.5
    dosing.step(1, plant)
    assert plant.orders["D.dose_ref"] == 2.5


@pytest.mark.parametrize("flow", [0.0, 49.0, math.nan])
def test_it_stops_without_flow_and_starts_again_with_it(dosing: Dosing, plant: FakePlantIO, flow: float) -> None:
    dosing.step(1, plant)
    plant.values["RAW.flow"] = flow
    dosing.step(1, plant)
    assert (plant.orders["D.dose_ref"], dosing.variables()["D.no_flow"].value) == (0, 1)
    assert list(dosing.remarks()) == ["D without flow"]
    plant.values["RAW.flow"] = 500
    dosing.step(1, plant)
    assert (plant.orders["D.dose_ref"], dosing.variables()["D.no_flow"].value) == (1.5, 0)


def test_a_start_by_hand_without_flow_is_refused(dosing: Dosing, plant: FakePlantIO) -> None:
    plant.values["RAW.flow"] = 0
    write(dosing, "D.mode", Mode.MANUAL)
    dosing.step(1, plant)
    assert write(dosing, "D.cmd", Command.START) == Command.NONE


def test_a_tripped_pump_doses_nothing_until_it_is_reset(dosing: Dosing, plant: FakePlantIO) -> None:
    assert dosing.trip("D")
    assert not dosing.trip("E")
    dosing.step(1, plant)
    assert plant.orders["D.dose_ref"] == 0
    write(dosing, "D.cmd", Command.RESET)
    dosing.step(1, plant)
    assert plant.orders["D.dose_ref"] == 1.5


def test_a_dose_beyond_its_limits_takes_the_limit(dosing: Dosing) -> None:
    assert write(dosing, "D.dose_sp", 99) == 4
    assert write(dosing, "D.dose_sp", -1) == 0
