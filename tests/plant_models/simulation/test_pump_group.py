"""A duty/standby group at its level band, situation by situation."""

import math

import pytest

from plant_models.simulation.drive import Command, Mode
from plant_models.simulation.plc_config import PumpGroupConfig
from plant_models.simulation.pump_group import PumpGroup


class Bench:
    """A group of two pumps on a test bench: levels are set by hand, actuators are recorded."""

    def __init__(self, **changes: object) -> None:
        settings: dict[str, object] = {"start": 60, "stop": 85, "min_run_s": 100, "min_off_s": 100} | changes
        config = PumpGroupConfig.model_validate({"name": "G", "pumps": ["P1", "P2"], "level": "T.level", **settings})
        self.group = PumpGroup(config)
        self.values = {"T.level": 70.0, "S.level": 50.0}
        self.orders: dict[str, float] = {}

    def read(self, variable: str) -> float:
        return self.values[variable]

    def set(self, variable: str, value: float) -> None:
        self.orders[variable] = value

    def at(self, level: float, seconds: float = 1.0) -> list[str]:
        """Let time pass at a level in steps of 1 s; return the pumps that run then."""
        self.values["T.level"] = level
        for _ in range(round(seconds)):
            self.group.step(1.0, self)
        return [pump for pump in ("P1", "P2") if self.orders[f"{pump}.on"]]

    def write(self, variable: str, value: float) -> None:
        on_write = self.group.variables()[variable].on_write
        assert on_write is not None
        on_write(value)

    def get(self, variable: str) -> float:
        return self.group.variables()[variable].value


def test_below_start_the_duty_pump_runs_and_above_stop_none() -> None:
    bench = Bench()
    assert bench.at(59) == ["P1"]
    assert bench.at(84, 200) == ["P1"]
    assert bench.at(86) == []
    assert bench.at(61, 200) == []


def test_a_plant_that_starts_inside_its_band_begins_with_one_pump() -> None:
    assert Bench().at(70) == ["P1"]


def test_a_pump_is_kept_for_its_minimum_run_time() -> None:
    bench = Bench()
    bench.at(59)
    assert bench.at(90, 98) == ["P1"]
    assert bench.at(90, 3) == []


def test_a_pump_is_left_for_its_minimum_off_time() -> None:
    bench = Bench()
    bench.group.trip("P2")
    bench.at(59, 200)
    assert bench.at(90) == []
    assert bench.at(59, 99) == []
    assert bench.at(59, 2) == ["P1"]


def test_the_duty_turns_over_after_each_run() -> None:
    bench = Bench()
    bench.at(59, 200)
    bench.at(90, 200)
    assert (bench.get("P1.duty"), bench.get("P2.duty")) == (2, 1)
    assert bench.at(59, 200) == ["P2"]
    bench.at(90, 200)
    assert bench.at(59) == ["P1"]


def test_the_standby_takes_over_when_the_duty_pump_trips() -> None:
    bench = Bench()
    bench.at(59, 10)
    assert bench.group.trip("P1")
    assert bench.at(59) == ["P2"]
    assert (bench.get("P1.fault"), bench.get("P1.duty"), bench.get("P2.duty")) == (1, 2, 1)


def test_a_reset_pump_becomes_the_standby() -> None:
    bench = Bench()
    bench.at(59, 10)
    bench.group.trip("P1")
    bench.at(59, 200)
    bench.write("P1.cmd", Command.RESET)
    assert bench.at(59, 10) == ["P2"]


def test_with_both_pumps_tripped_none_runs() -> None:
    bench = Bench()
    bench.group.trip("P1")
    bench.group.trip("P2")
    assert bench.at(10, 10) == []


def test_a_trip_of_someone_elses_pump_is_not_taken() -> None:
    assert not Bench().group.trip("Q7")


def test_the_standby_takes_over_when_the_duty_pump_is_stopped_in_auto() -> None:
    bench = Bench()
    bench.at(59, 10)
    bench.write("P1.cmd", Command.STOP)
    assert bench.get("P1.mode") == Mode.MANUAL
    assert bench.at(59) == ["P2"]


def test_a_pump_in_manual_is_not_touched_by_the_level() -> None:
    bench = Bench()
    bench.write("P1.mode", Mode.MANUAL)
    bench.write("P2.mode", Mode.OFF)
    bench.write("P1.cmd", Command.START)
    assert bench.at(99, 300) == ["P1"]
    bench.write("P1.cmd", Command.STOP)
    assert bench.at(5, 300) == []


def test_a_pump_run_by_hand_counts_as_one_that_is_wanted() -> None:
    bench = Bench()
    bench.write("P1.mode", Mode.MANUAL)
    bench.write("P1.cmd", Command.START)
    assert bench.at(59, 300) == ["P1"]


def test_the_standby_helps_below_the_assist_level() -> None:
    bench = Bench(assist=40)
    assert bench.at(39, 3) == ["P1", "P2"]
    assert bench.at(50, 200) == ["P1", "P2"]
    assert bench.at(61, 5) == ["P1"]
    assert bench.get("G.running") == 1


def test_low_suction_stops_every_pump_and_refuses_a_start_by_hand() -> None:
    bench = Bench(suction="S.level", suction_min=20)
    bench.at(59, 5)
    bench.values["S.level"] = 19
    assert bench.at(59, 2) == []
    assert bench.get("G.inhibited") == 1
    assert list(bench.group.remarks()) == ["G held by low suction"]
    bench.write("P1.mode", Mode.MANUAL)
    bench.write("P1.cmd", Command.START)
    assert bench.get("P1.cmd") == Command.NONE
    bench.values["S.level"] = 21
    assert bench.at(59, 200) == []
    bench.values["S.level"] = 23
    assert bench.at(59, 200) == ["P2"]


def test_a_bad_level_changes_nothing() -> None:
    bench = Bench()
    bench.at(59, 200)
    assert bench.at(math.nan, 200) == ["P1"]
    bench.at(90, 5)
    assert bench.at(math.nan, 200) == []


def test_a_bad_level_from_the_first_moment_starts_nothing() -> None:
    assert Bench().at(math.nan, 10) == []


@pytest.mark.parametrize(("wanted", "given"), [(30, 30), (10, 25), (80, 50)])
def test_the_speed_setpoint_is_kept_within_25_and_50_hertz(wanted: float, given: float) -> None:
    bench = Bench()
    bench.write("P1.speed_sp", wanted)
    bench.at(59)
    assert (bench.get("P1.speed_sp"), bench.orders["P1.speed_ref"]) == (given, given)


@pytest.mark.parametrize(
    ("variable", "value"), [("G.start_sp", 85), ("G.start_sp", -1), ("G.stop_sp", 60), ("G.stop_sp", 101)]
)
def test_a_band_that_makes_no_sense_is_refused(variable: str, value: float) -> None:
    bench = Bench()
    before = bench.get(variable)
    bench.write(variable, value)
    assert bench.get(variable) == before


def test_a_new_band_is_obeyed() -> None:
    bench = Bench()
    bench.at(90)
    bench.write("G.stop_sp", 95)
    bench.write("G.start_sp", 91)
    assert bench.at(90) == ["P1"]
