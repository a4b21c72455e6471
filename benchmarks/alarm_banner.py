"""From the register that goes over its limit in the PLC's process to the banner that says so: sockets, station, window.

At rest: the demo plant alone. The scan of half a second is part of the time, and each change comes at a random moment
of it.
"""

import asyncio
import random
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.figure import Figure
from hmi.control_room import ControlRoom, open_control_room
from hmi.settling import until_live
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.clock import SystemClock
from plant_models.paths import RESOURCES
from plant_models.project import load_plant
from plant_models.simulation.process_link import VirtualPlant
from station.local import LocalStation
from station.session import operating_system_session

PLANT: Final = RESOURCES / "plants" / "netherby"
MAIN: Final = Path(__file__).resolve().parent.parent / "main.py"
TAG, PLC, VARIABLE = "RPS.P1.FLOW", "RPS_PLC", "RPS.P1.flow"
ALARM: Final = AlarmDefinition(tag=TAG, kind=AlarmKind.HIGH, limit=9_000.0, priority=1, text="Flow too high")
ROUNDS: Final = 60
LIMIT_S: Final = 5.0
CLOCK: Final = SystemClock()


def run() -> list[Figure]:
    """Return the 95th percentile of 60 alarms."""
    plant = replace(load_plant(PLANT), alarms=(ALARM,))
    twin = VirtualPlant.start(PLANT, 1.0, [sys.executable, str(MAIN), "simulate"])
    try:
        with tempfile.TemporaryDirectory() as data:
            station = LocalStation(plant, Path(data), CLOCK, twin.endpoints)
            station.start()
            try:
                with open_control_room(station, operating_system_session(), theme_name="light", language="en") as room:
                    room.window.resize(1920, 1080)
                    room.window.show()
                    times_ms = room.run(_measure(room, station, twin))
            finally:
                station.stop()
    finally:
        twin.stop()
    print(f"alarm_banner: median {statistics.median(times_ms):.0f} ms, worst {max(times_ms):.0f} ms of {ROUNDS}")
    return [Figure("condition_to_banner_ms", float(np.percentile(times_ms, 95)), "ms", "<= 1000")]


async def _measure(room: ControlRoom, station: LocalStation, twin: VirtualPlant) -> list[float]:
    await until_live(room.window.context)
    chance = random.Random(1)
    times_ms = []
    for _ in range(ROUNDS + 1):
        await asyncio.sleep(chance.uniform(0.0, 0.5))
        written_ns = _write(twin, 9_999.0)
        await _until(lambda: _is_shown(room))
        times_ms.append((CLOCK.mono_ns() - written_ns) / 1e6)
        _write(twin, 100.0)
        await _until(lambda: not any(row.state.is_active for row in station.alarms.rows))
        room.window.banner.acknowledge_first()
        await _until(lambda: _is_clear(room, station))
    return times_ms[1:]


def _write(twin: VirtualPlant, value: float) -> int:
    return int(twin.control.request(command="stamp", plc=PLC, variable=VARIABLE, value=value)["mono_ns"])


def _is_shown(room: ControlRoom) -> bool:
    slot = room.window.banner.slots[0]
    return not slot.isHidden() and slot.alarm is not None and slot.alarm.tag == TAG


def _is_clear(room: ControlRoom, station: LocalStation) -> bool:
    if station.alarms.rows:
        room.window.banner.acknowledge_first()
    return not station.alarms.rows and room.window.banner.slots[0].isHidden()


async def _until(holds: object) -> None:
    end_ns = CLOCK.mono_ns() + int(LIMIT_S * 1e9)
    assert callable(holds)
    while not holds():
        assert CLOCK.mono_ns() < end_ns, f"not within {LIMIT_S} s"
        await asyncio.sleep(0.002)
