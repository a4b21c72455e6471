"""The virtual plant as a whole, tick by tick under a clock of the test's own."""

import asyncio
import math
import re
from pathlib import Path

import pytest

from plant_models.simulation.model_file import ModelError
from plant_models.simulation.simulation import Simulation
from tests.fakes.clock import ManualClock
from tests.fakes.model_folder import write_model
from tests.fakes.process import FakeProcess


@pytest.fixture
def process() -> FakeProcess:
    return FakeProcess()


def simulated(folder: Path, process: FakeProcess, clock: ManualClock, speed: float = 1.0) -> Simulation:
    return Simulation(write_model(folder), process, speed, clock)


def ticked(simulation: Simulation, clock: ManualClock, seconds: float, tick_s: float = 0.1) -> None:
    async def run() -> None:
        for _ in range(round(seconds / tick_s)):
            clock.advance(tick_s)
            await simulation.tick()

    asyncio.run(run())


@pytest.mark.parametrize("speed", [0.5, 1.0, 60.0, 3600.0])
def test_plant_time_runs_speed_times_as_fast_as_the_wall(
    tmp_path: Path, process: FakeProcess, clock: ManualClock, speed: float
) -> None:
    simulation = simulated(tmp_path, process, clock, speed)
    ticked(simulation, clock, 10)
    assert simulation.plant_s == pytest.approx(10 * speed)
    assert process.elapsed_s == pytest.approx(10 * speed)


def test_a_step_is_at_most_a_second_of_plant_time_up_to_speed_200(
    tmp_path: Path, process: FakeProcess, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[float] = []
    monkeypatch.setattr(process, "step", steps.append)
    for speed in (1, 200):
        ticked(simulated(tmp_path, process, clock, speed), clock, 1)
    assert max(steps) <= 1.0 + 1e-9


def test_a_pause_stops_the_plant_but_not_its_heartbeat(
    tmp_path: Path, process: FakeProcess, clock: ManualClock
) -> None:
    simulation = simulated(tmp_path, process, clock, speed=0)
    ticked(simulation, clock, 5)
    assert simulation.plant_s == 0
    assert simulation.plcs["LPS_PLC"].read("LPS.heartbeat") == pytest.approx(5, abs=1)


def test_heartbeats_count_wall_seconds_at_any_speed(tmp_path: Path, process: FakeProcess, clock: ManualClock) -> None:
    simulation = simulated(tmp_path, process, clock, speed=600)
    ticked(simulation, clock, 12.5, tick_s=0.25)
    assert simulation.plcs["LPS_PLC"].read("LPS.heartbeat") == 12


def test_timers_of_the_plcs_run_with_the_plant(tmp_path: Path, process: FakeProcess, clock: ManualClock) -> None:
    simulation = simulated(tmp_path, process, clock, speed=60)
    simulation.plcs["LPS_PLC"].write("CV1.position_sp", 0)
    ticked(simulation, clock, 0.5)
    assert process.orders["CV1.opening_ref"] == pytest.approx(50)
    ticked(simulation, clock, 0.5)
    assert process.orders["CV1.opening_ref"] == pytest.approx(0)


def test_a_suspended_machine_does_not_leap_ahead(tmp_path: Path, process: FakeProcess, clock: ManualClock) -> None:
    simulation = simulated(tmp_path, process, clock)
    ticked(simulation, clock, 3600, tick_s=3600)
    assert simulation.plant_s == pytest.approx(1)


def test_the_level_band_control_keeps_a_tank_within_its_band(
    tmp_path: Path, process: FakeProcess, clock: ManualClock
) -> None:
    simulation = simulated(tmp_path, process, clock, speed=3600)
    levels = []
    for _ in range(100):
        ticked(simulation, clock, 0.1)
        levels.append(process.values["TK1.level"])
    assert 59 < min(levels[40:]) < 62
    assert 83 < max(levels[40:]) < 88
    assert simulation.plcs["LPS_PLC"].read("LPS.P2.starts") >= 1


def test_failing_physics_are_said_and_never_shown_as_good(
    tmp_path: Path, process: FakeProcess, clock: ManualClock
) -> None:
    simulation = simulated(tmp_path, process, clock)
    plc = simulation.plcs["LPS_PLC"]
    process.failure = "EPANET error 110: cannot solve"
    ticked(simulation, clock, 0.1)
    assert math.isnan(plc.read("TK1.level"))
    assert plc.message() == "Simulation stopped: EPANET error 110: cannot solve"
    assert plc.read("LPS.P1.mode") == 2
    process.failure = None
    ticked(simulation, clock, 0.1)
    assert plc.read("TK1.level") == pytest.approx(50, abs=1)
    assert plc.message() == "Normal"


@pytest.mark.parametrize("speed", [-1, 3601, math.nan, math.inf])
def test_a_speed_out_of_range_is_refused(
    tmp_path: Path, process: FakeProcess, clock: ManualClock, speed: float
) -> None:
    with pytest.raises(ValueError, match="it must lie within 0 and 3600"):
        simulated(tmp_path, process, clock, speed)


def test_a_program_for_equipment_that_the_process_lacks_is_refused(
    tmp_path: Path, process: FakeProcess, clock: ManualClock
) -> None:
    folder = write_model(tmp_path)
    text = (folder / "plcs.toml").read_text(encoding="utf-8")
    (folder / "plcs.toml").write_text(text.replace('"LPS.P1"', '"XPS.P1"'), encoding="utf-8")
    with pytest.raises(ModelError, match=re.escape("plcs.toml: LPS_PLC: the process has no 'XPS.P1.speed_ref'")):
        Simulation(folder, process, 1.0, clock)


def test_stopping_closes_the_physics(tmp_path: Path, process: FakeProcess, clock: ManualClock) -> None:
    simulation = simulated(tmp_path, process, clock)
    asyncio.run(simulation.stop())
    assert process.is_closed
