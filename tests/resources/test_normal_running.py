"""The demo plant left alone: its virtual PLCs accept the maps, every sensor stays in range, and nothing is in alarm.

The programs and the physics are stepped by hand, without sockets.
"""

import math
from collections.abc import Iterator

import pytest

from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.expression import parse_expression
from plant_models.paths import RESOURCES
from plant_models.project import load_plant
from plant_models.simulation.address_map import load_map
from plant_models.simulation.process import Process
from plant_models.simulation.simulation import Simulation
from tests.fakes.clock import ManualClock

FOLDER = RESOURCES / "plants" / "netherby"
MODEL = FOLDER / "model"
PLANT = load_plant(FOLDER)
TAGS = {tag.name: tag for tag in PLANT.tags}
STEP_S = 10.0
HOURS = 8
SAMPLE_STEPS = 12
SETTLING_S = 900.0
"""Chlorine and pressures settle after a start."""


class Recording:
    """Smallest and largest value of every tag, and how long each alarm's condition held, in s."""

    def __init__(self) -> None:
        self.spans: dict[str, tuple[float, float]] = {}
        self.alarm_s: dict[str, float] = {}

    def add(self, name: str, value: float) -> None:
        low, high = self.spans.get(name, (math.inf, -math.inf))
        self.spans[name] = min(low, value), max(high, value)


class Values:
    """The tags at one moment: those of devices as they are read, calculated ones worked out when they are asked for."""

    def __init__(self, read: dict[str, float]) -> None:
        self.read = dict(read)

    def __getitem__(self, name: str) -> float:
        if name not in self.read:
            self.read[name] = self.work_out(TAGS[name].expression)
        return self.read[name]

    def work_out(self, formula: str) -> float:
        parsed = parse_expression(formula)
        return parsed.evaluate([self[name] for name in parsed.inputs])


def is_abnormal(alarm: AlarmDefinition, now: Values, before: Values) -> bool:
    """Tell whether the condition of an alarm holds; `before` is a sample earlier."""
    if not alarm.enabled or (alarm.suppress_when and now.work_out(alarm.suppress_when)):
        return False
    value, past = now[alarm.tag], before[alarm.tag]
    limit = now[alarm.limit_tag] if alarm.limit_tag else alarm.limit or 0.0
    minutes = SAMPLE_STEPS * STEP_S / 60.0
    match alarm.kind:
        case AlarmKind.HIGH | AlarmKind.HIGH_HIGH:
            return value >= limit
        case AlarmKind.LOW | AlarmKind.LOW_LOW:
            return value <= limit
        case AlarmKind.RATE:
            return (value - past) / minutes * math.copysign(1.0, limit) >= abs(limit)
        case AlarmKind.DEVIATION:
            return abs(value - now[alarm.reference]) >= limit
        case AlarmKind.DISCREPANCY:
            return value != now[alarm.reference]
        case AlarmKind.STUCK:
            return abs(value - past) < limit
        case AlarmKind.CALCULATED:
            return bool(now.work_out(alarm.expression))
        case AlarmKind.STATE:
            return value == limit
    assert alarm.kind in (AlarmKind.NO_UPDATE, AlarmKind.COMMUNICATION), "the kinds that no value raises"
    return False


@pytest.fixture(scope="module")
def simulation() -> Iterator[Simulation]:
    process = Process(MODEL)
    simulation = Simulation(MODEL, process, 1.0, ManualClock())
    yield simulation
    process.close()


@pytest.fixture(scope="module")
def recording(simulation: Simulation) -> Recording:
    """Return what eight hours of plant time brought."""
    readers = []
    for name, plc in simulation.plcs.items():
        variables = {entry.address: entry.variable for entry in load_map(MODEL / plc.config.map, plc.config.protocol)}
        tags = [tag for tag in PLANT.tags if tag.device == name and not tag.is_text]
        readers += [(tag.name, plc, variables[tag.address]) for tag in tags]
    recording = Recording()
    previous: Values | None = None
    for step in range(int(HOURS * 3600 / STEP_S)):
        for plc in simulation.plcs.values():
            plc.beat(step * STEP_S)
            plc.step(STEP_S)
        simulation.process.step(STEP_S)
        if step % SAMPLE_STEPS or step * STEP_S < SETTLING_S:
            continue
        values = Values({name: plc.read(variable) for name, plc, variable in readers})
        for name, value in tuple(values.read.items()):
            recording.add(name, value)
        before, previous = previous or values, values
        for alarm in PLANT.alarms if before is not values else ():
            if is_abnormal(alarm, values, before):
                held = recording.alarm_s.get(alarm.name, 0.0) + SAMPLE_STEPS * STEP_S
                recording.alarm_s[alarm.name] = held
    assert simulation.process.failure is None
    return recording


def unaccounted(process: Process) -> float:
    """Return NET.UNACCOUNTED as the model has it, m³/h."""
    production = process.get("LPS.flow") + process.get("RPS.flow")
    demand = sum(process.get(f"ZN.{name}.demand") for name in ("NORTH", "CENTRE", "SOUTH"))
    return production - demand - sum(process.get(f"TK{number}.inflow") for number in (1, 2, 3))


def test_virtual_plcs_accept_the_maps(simulation: Simulation) -> None:
    assert set(simulation.plcs) == set(PLANT.devices)


def test_every_sensor_stays_within_its_range(recording: Recording) -> None:
    ranges = {tag.name: (tag.low, tag.high) for tag in PLANT.tags if tag.name in recording.spans}
    outside = {
        name: recording.spans[name]
        for name, (low, high) in ranges.items()
        if (low is not None and recording.spans[name][0] < low)
        or (high is not None and recording.spans[name][1] > high)
    }
    assert outside == {}


def test_no_alarm_stands_in_normal_running(recording: Recording) -> None:
    delays = {alarm.name: alarm.on_delay_s for alarm in PLANT.alarms}
    standing = {name: held for name, held in recording.alarm_s.items() if held > delays[name]}
    assert standing == {}


def test_the_river_station_runs_from_the_start_and_moves_its_tank(recording: Recording) -> None:
    assert recording.spans["RPS.FLOW"][1] > 2000.0
    low, high = recording.spans["RPS.LEVEL"]
    assert low > 75.0
    assert low + 1.0 < high < 92.0


def test_a_burst_shows_in_the_mass_balance() -> None:
    process = Process(MODEL)
    try:
        for _ in range(60):
            process.step(STEP_S)
        sound = unaccounted(process)
        process.fault("burst", node="203", coefficient=50.0)
        for _ in range(6):
            process.step(STEP_S)
        limit = next(alarm.limit for alarm in PLANT.alarms if alarm.name == "NET.UNACCOUNTED.H")
        assert limit is not None
        assert abs(sound) < 20.0
        assert unaccounted(process) > limit
    finally:
        process.close()
