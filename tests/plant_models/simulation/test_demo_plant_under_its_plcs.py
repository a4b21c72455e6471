"""The demo plant's own PLC programs on its real physics: what is written changes the water."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from plant_models.paths import RESOURCES
from plant_models.simulation.drive import Command, Mode
from plant_models.simulation.filter_program import FilterCommand
from plant_models.simulation.process import Process
from plant_models.simulation.simulation import Simulation
from tests.fakes.clock import ManualClock

MODEL = RESOURCES / "plants" / "netherby" / "model"


class Bench:
    """The plant without sockets, moved on by hand."""

    def __init__(self) -> None:
        self._clock = ManualClock()
        self.simulation = Simulation(MODEL, Process(MODEL), 600, self._clock)

    def run(self, minutes: float) -> None:
        """Let plant time pass, a minute per tick."""

        async def ticks() -> None:
            for _ in range(round(minutes)):
                self._clock.advance(0.1)
                await self.simulation.tick()

        asyncio.run(ticks())

    def run_until(self, condition: Callable[[], bool], minutes: int) -> None:
        for _ in range(minutes):
            if condition():
                return
            self.run(1)
        pytest.fail(f"it did not come true within {minutes} min of plant time")

    def get(self, variable: str) -> float:
        plc = self.simulation.find_plc(lambda each: each.knows(variable))
        assert plc is not None, variable
        return plc.truth(variable)

    def write(self, variable: str, value: float) -> None:
        plc = self.simulation.find_plc(lambda each: each.is_writable(variable))
        assert plc is not None, variable
        plc.write(variable, value)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    asyncio.run(made.simulation.stop())


def test_the_programs_keep_every_tank_for_half_a_day(bench: Bench) -> None:
    levels: dict[str, list[float]] = {name: [] for name in ("TK1.level", "TK2.level", "TK3.level", "CLW.level")}
    bench.simulation.speed = 3600  # a tick is 6 min of plant time
    for _ in range(120):
        bench.run(1)
        for name, series in levels.items():
            series.append(bench.get(name))
    assert all(min(series) > 20 and max(series) < 97 for series in levels.values()), levels
    assert bench.simulation.sensors.failure == ""
    assert all(bench.get(f"{pump}.fault") == 0 for pump in ("LPS.P1", "LPS.P2", "RPS.P1", "RPS.P2"))


def test_a_stop_takes_the_flow_away_and_the_standby_brings_it_back(bench: Bench) -> None:
    bench.run_until(lambda: bench.get("RPS.flow") > 1000, 60)
    duty, standby = ("RPS.P1", "RPS.P2") if bench.get("RPS.P1.run") else ("RPS.P2", "RPS.P1")
    bench.write(f"{standby}.mode", Mode.OFF)
    bench.write(f"{duty}.cmd", Command.STOP)
    bench.run_until(lambda: bench.get("RPS.flow") < 10, 10)
    assert bench.get(f"{duty}.mode") == Mode.MANUAL
    bench.write(f"{duty}.cmd", Command.START)
    bench.run_until(lambda: bench.get(f"{duty}.flow") > 1000, 10)


def test_a_slower_pump_moves_less_water(bench: Bench) -> None:
    bench.run_until(lambda: bench.get("RPS.flow") > 1000, 60)
    duty = "RPS.P1" if bench.get("RPS.P1.run") else "RPS.P2"
    before, power = bench.get("RPS.flow"), bench.get(f"{duty}.power")
    bench.write(f"{duty}.speed_sp", 45)
    bench.run(5)
    assert bench.get("RPS.flow") < 0.95 * before
    assert bench.get(f"{duty}.power") < 0.9 * power


def test_a_closed_control_valve_lets_nothing_through(bench: Bench) -> None:
    bench.write("CV1.position_sp", 0)
    bench.run(10)
    assert bench.get("CV1.closed") == 1
    assert abs(bench.get("CV1.flow")) < 1


def test_the_prv_follows_its_setpoint(bench: Bench) -> None:
    bench.run(5)
    before = bench.get("PRV1.downstream")
    bench.write("PRV1.pressure_sp", before - 0.5)
    bench.run(5)
    assert bench.get("PRV1.downstream") == pytest.approx(before - 0.5, abs=0.1)


def test_a_backwash_runs_through_and_the_filter_returns_to_service(bench: Bench) -> None:
    bench.run_until(lambda: bench.get("FLT.washing") == 0, 120)
    bench.write("FLT.F3.cmd", FilterCommand.BACKWASH)
    bench.run_until(lambda: bench.get("FLT.F3.state") == 1, 60)
    assert bench.get("FLT.washing") == 3
    bench.run_until(lambda: bench.get("FLT.F3.washing") == 0, 35)
    bench.run(2)
    assert (bench.get("FLT.F3.state"), bench.get("FLT.F3.run")) == (0, 1)
    assert bench.get("FLT.F3.headloss") < 1.0


def test_dosing_stops_when_the_raw_water_pumps_are_off(bench: Bench) -> None:
    bench.run_until(lambda: bench.get("DOS.CL2.run") == 1, 120)
    for pump in ("RAW.P1", "RAW.P2"):
        bench.write(f"{pump}.mode", Mode.OFF)
    bench.run_until(lambda: bench.get("DOS.CL2.run") == 0, 30)
    assert bench.get("DOS.CL2.no_flow") == 1
