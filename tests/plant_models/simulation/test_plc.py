"""One virtual PLC: its variables, its heartbeat and message, and maps that don't fit it."""

import math
from pathlib import Path

import pytest

from plant_models.simulation.address_map import load_map
from plant_models.simulation.model_file import ModelError
from plant_models.simulation.plc import Plc
from plant_models.simulation.plc_config import load_plcs
from plant_models.simulation.sensors import Sensors
from tests.fakes.model_folder import write_model
from tests.fakes.process import FakeProcess


@pytest.fixture
def process() -> FakeProcess:
    return FakeProcess()


@pytest.fixture
def sensors(process: FakeProcess) -> Sensors:
    return Sensors(process)


@pytest.fixture
def plc(tmp_path: Path, process: FakeProcess, sensors: Sensors) -> Plc:
    return Plc(load_plcs(write_model(tmp_path))[0], sensors, process.variables)


def test_a_write_reaches_the_process(plc: Plc, process: FakeProcess) -> None:
    plc.write("LPS.P1.mode", 1)
    plc.write("LPS.P1.speed_sp", 40)
    plc.write("LPS.P1.cmd", 1)
    plc.step(1)
    assert (process.orders["LPS.P1.on"], process.orders["LPS.P1.speed_ref"]) == (1, 40)


def test_a_write_to_a_read_only_variable_or_of_no_number_changes_nothing(plc: Plc) -> None:
    plc.write("LPS.P1.run", 1)
    plc.write("TK1.level", 99)
    plc.write("LPS.start_sp", math.nan)
    assert [plc.read(name) for name in ("LPS.P1.run", "TK1.level", "LPS.start_sp")] == [0, 50, 60]


def test_the_heartbeat_counts_whole_seconds_of_wall_time_and_wraps(plc: Plc) -> None:
    said = []
    for wall_s in (0.0, 0.9, 1.0, 65535.5, 65536.0):
        plc.beat(wall_s)
        said.append(plc.read("LPS.heartbeat"))
    assert said == [0, 0, 1, 65535, 0]


def test_a_sick_sensor_misleads_the_program_too(plc: Plc, sensors: Sensors, process: FakeProcess) -> None:
    sensors.fail("TK1.level", "value", 99, 50)
    process.values["TK1.level"] = 5
    plc.step(1)
    assert process.orders["LPS.P1.on"] == 0
    assert (plc.read("TK1.level"), plc.truth("TK1.level")) == (99, 5)


def test_a_sensor_fault_on_the_plcs_own_variable_changes_only_what_is_shown(plc: Plc, sensors: Sensors) -> None:
    sensors.fail("LPS.P1.hours", "value", 1234, 0)
    assert (plc.read("LPS.P1.hours"), plc.truth("LPS.P1.hours")) == (1234, 0)


def test_the_message_names_everything_that_is_not_normal(plc: Plc, sensors: Sensors) -> None:
    assert plc.message() == "Normal"
    assert plc.trip("LPS.P2")
    assert plc.message() == "LPS.P2 tripped"
    sensors.failure = "EPANET error 110"
    assert plc.message() == "Simulation stopped: EPANET error 110"


def test_a_trip_of_an_unknown_drive_is_refused(plc: Plc) -> None:
    assert not plc.trip("RPS.P1")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("hr:0,f32,r,,LPS.P1.colour", "knows no variable 'LPS.P1.colour'; it has LPS.P1.avail, LPS.P1.cmd"),
        ("hr:0,f32,r,,MOON.level", "it has nothing of MOON"),
        ("hr:0,f32,rw,,TK1.level", "TK1.level is read-only; write access r"),
        ("hr:0,u16,rw,,LPS.P1.run", "LPS.P1.run is read-only"),
        ("hr:0,u16,r,,LPS.message", "type u16 for LPS.message"),
    ],
)
def test_a_map_that_does_not_fit_the_plc_is_refused(plc: Plc, tmp_path: Path, row: str, problem: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text("address,type,access,scale,variable\n" + row + "\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"wrong\.csv:2: ") as caught:
        plc.check(load_map(path, "modbus"))
    assert problem in str(caught.value)


def test_the_maps_of_the_fake_model_fit(plc: Plc, tmp_path: Path) -> None:
    entries = load_map(tmp_path / "lps.csv", "modbus")
    plc.check(entries)
    assert len(entries) == 19
