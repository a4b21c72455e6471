"""Sensor faults: what a sick sensor says of a healthy plant."""

import math
import statistics

import pytest

from plant_models.simulation.sensors import Sensors
from tests.fakes.process import FakeProcess


@pytest.fixture
def process() -> FakeProcess:
    return FakeProcess()


@pytest.fixture
def sensors(process: FakeProcess) -> Sensors:
    return Sensors(process)


def test_a_healthy_sensor_says_the_truth(sensors: Sensors) -> None:
    assert sensors.read("TK1.level") == 50
    assert sensors.faults == {}


def test_a_stuck_sensor_says_what_it_said(sensors: Sensors, process: FakeProcess) -> None:
    sensors.fail("TK1.level", "stuck", 0, 50)
    process.values["TK1.level"] = 60
    assert (sensors.read("TK1.level"), sensors.truth("TK1.level")) == (50, 60)
    sensors.clear("TK1.level")
    assert sensors.read("TK1.level") == 60


def test_a_drifting_sensor_goes_astray_by_the_minute_of_plant_time(sensors: Sensors) -> None:
    sensors.advance(1000)
    sensors.fail("TK1.level", "drift", 2.0, 50)
    assert sensors.read("TK1.level") == 50
    sensors.advance(90)
    assert sensors.read("TK1.level") == pytest.approx(53)


def test_a_dead_sensor_says_nan(sensors: Sensors) -> None:
    sensors.fail("TK1.level", "nan", 0, 50)
    assert math.isnan(sensors.read("TK1.level"))
    assert sensors.faults == {"TK1.level": "nan"}


def test_an_overflowing_sensor_says_infinity(sensors: Sensors) -> None:
    sensors.fail("TK1.level", "inf", 0, 50)
    assert sensors.read("TK1.level") == math.inf


def test_a_noisy_sensor_scatters_around_the_truth(sensors: Sensors) -> None:
    sensors.fail("TK1.level", "noisy", 2.0, 50)
    said = [sensors.read("TK1.level") for _ in range(2000)]
    assert statistics.mean(said) == pytest.approx(50, abs=0.2)
    assert statistics.stdev(said) == pytest.approx(2, abs=0.2)


def test_a_given_value_is_said_whatever_is_true(sensors: Sensors) -> None:
    sensors.fail("TK1.level", "value", 12.5, 50)
    assert sensors.read("TK1.level") == 12.5


def test_an_unknown_fault_is_refused(sensors: Sensors) -> None:
    with pytest.raises(ValueError, match="stuck, drift, nan, inf, noisy, value"):
        sensors.fail("TK1.level", "shy", 0, 50)


def test_mending_a_healthy_sensor_does_nothing(sensors: Sensors) -> None:
    sensors.clear("TK1.level")
    assert sensors.read("TK1.level") == 50


def test_every_sensor_says_nan_while_the_physics_fails(sensors: Sensors, process: FakeProcess) -> None:
    sensors.failure = "EPANET error 110"
    assert math.isnan(sensors.read("TK1.level"))
    sensors.set("CV1.opening_ref", 40)
    assert process.orders["CV1.opening_ref"] == 40
    sensors.failure = ""
    assert sensors.read("TK1.level") == 50
