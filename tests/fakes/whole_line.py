"""The whole line: virtual PLCs in a process of their own, real sockets, drivers, a station, what screens say of it.

The demo plant with faster scans, so that tests wait less. Threads: those of the station.
"""

import asyncio
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.health import DeviceHealth
from hmi.live import Live
from plant_models.alarm_definition import AlarmKind
from plant_models.batch import Batch
from plant_models.clock import SystemClock
from plant_models.device import Endpoint
from plant_models.paths import RESOURCES
from plant_models.plant import Plant
from plant_models.project import load_plant
from plant_models.quality import Quality, bad_mask, is_good
from plant_models.simulation.process_link import VirtualPlant
from station.local import LocalStation
from station.protocol import CommandRequest, CommandStatus
from station.queue import RowCounts
from tests.fakes.running_station import OPERATOR
from tests.fakes.waiting import wait_until

DEMO: Final = RESOURCES / "plants" / "netherby"
SIMULATE: Final = (sys.executable, str(Path(__file__).resolve().parents[2] / "main.py"), "simulate")
SCAN_S: Final = {"fast": 0.25, "normal": 0.5, "slow": 0.75}
TIMEOUT_S: Final = 0.5


def start_twin() -> VirtualPlant:
    """Start the virtual plant of the demo; it takes some seconds."""
    return VirtualPlant.start(DEMO, 1.0, SIMULATE)


def heal(twin: VirtualPlant) -> None:
    """End every fault of PLCs and sensors that the control port has made."""
    status = twin.control.request("status")
    ends = {"frozen": ("thaw", {}), "killed": ("revive", {}), "slow": ("slow", {"delay_s": 0.0})}
    for plc, shown in status["plcs"].items():
        if shown["state"] in ends:
            command, arguments = ends[shown["state"]]
            twin.control.request(command, plc=plc, **arguments)
    for variable in status["sensors"]:
        twin.control.request("sensor", variable=variable, fault="clear")


@cache
def demo_plant() -> Plant:
    """Return the demo plant; loading takes a while."""
    return load_plant(DEMO)


def quick_demo(timeout_s: float = TIMEOUT_S) -> Plant:
    """Return the demo plant with fast scans, short waits between attempts to connect and quick communication alarms."""
    plant = demo_plant()
    devices = {name: replace(device, timeout_s=timeout_s, back_off_s=0.3) for name, device in plant.devices.items()}
    alarms = tuple(
        replace(alarm, on_delay_s=2.0, off_delay_s=0.5) if alarm.kind is AlarmKind.COMMUNICATION else alarm
        for alarm in plant.alarms
    )
    return replace(plant, devices=devices, scan_s=SCAN_S, alarms=alarms)


class WholeLine:
    """A running station on a virtual plant, and what tests ask of both."""

    def __init__(self, station: LocalStation, twin: VirtualPlant) -> None:
        self.station = station
        self.table = station.table
        self.twin = twin
        self.live = Live(station)
        self.ever_bad: set[str] = set()
        self._is_watched = np.zeros(len(self.table.tags), np.bool_)
        self._devices = np.array([tag.device for tag in self.table.tags])

    def rows(self, *devices: str) -> NDArray[np.intp]:
        """Return the rows of all tags of some devices."""
        return np.flatnonzero(np.isin(self._devices, devices))

    def others(self, device: str) -> tuple[str, ...]:
        """Return all devices but one."""
        return tuple(name for name in self.station.plant.devices if name != device)

    def qualities(self, *devices: str) -> set[int]:
        """Return all qualities that tags of these devices have."""
        return set(self.table.read(self.rows(*devices)).qualities.tolist())

    def values(self, *devices: str) -> list[float]:
        return list(self.table.read(self.rows(*devices)).values.tolist())

    def is_good(self, *devices: str) -> bool:
        """Tell whether all tags of these devices are good."""
        return all(is_good(quality) for quality in self.qualities(*devices))

    def is_out(self, device: str) -> bool:
        """Tell whether all tags of a device say "no communication"."""
        return self.qualities(device) == {Quality.BAD_NO_COMMUNICATION}

    def wait_good(self, *devices: str) -> None:
        """Wait until all tags of these devices (of all if none is named) are good."""
        names = devices or tuple(self.station.plant.devices)
        try:
            wait_until(lambda: self.is_good(*names), 30, f"good values of {names}")
        except AssertionError as error:
            raise AssertionError(f"{error}: {self._not_good(*names)}") from None

    def wait_out(self, device: str) -> None:
        """Wait until all tags of a device say "no communication"."""
        wait_until(lambda: self.is_out(device), 30, f"the outage of {device}")

    def wait_moving(self, heartbeat: str) -> None:
        """Wait until a heartbeat counts on, good: the values are live, not left over."""
        before = self.table.sample(heartbeat).value

        def moves() -> bool:
            sample = self.table.sample(heartbeat)
            return is_good(sample.quality) and sample.value != before

        wait_until(moves, 30, f"a new value of {heartbeat}")

    def watch(self, *devices: str) -> None:
        """From now on remember in `ever_bad` each tag of these devices that is bad, if only for a moment."""
        self._is_watched[self.rows(*devices)] = True
        self.table.add_listener(self._on_changed)

    def health(self, device: str) -> DeviceHealth:
        return next(health for health in self.station.health.devices if health.device == device)

    def requests(self, *devices: str) -> int:
        """Return how many requests went to these devices so far."""
        return sum(self.health(device).requests for device in devices)

    def counts(self) -> RowCounts:
        """Return the account of rows of the queue between drivers and station."""
        return self.station._queue.counts

    def command(self, tag: str, value: float) -> CommandStatus:
        """Give a command and wait for its end."""
        return asyncio.run(self.station.command(CommandRequest(tag=tag, value=value), OPERATOR))

    def in_plc(self, variable: str) -> float:
        """Return what the PLC itself holds."""
        return float(self.twin.control.request("get", variable=variable)["value"])

    def _not_good(self, *devices: str) -> list[str]:
        tags = [self.table.tags[row].name for row in self.rows(*devices).tolist()]
        readings = {tag: self.live.reading(tag) for tag in tags}
        return [f"{tag} {reading.spoken}" for tag, reading in readings.items() if not is_good(reading.quality)]

    def _on_changed(self, batch: Batch) -> None:
        if batch.qualities is not None:
            rows = batch.tags[bad_mask(batch.qualities) & self._is_watched[batch.tags]]
            self.ever_bad.update(self.table.tags[row].name for row in rows.tolist())


@contextmanager
def whole_line(
    twin: VirtualPlant, folder: Path, endpoints: Mapping[str, Endpoint] | None = None, timeout_s: float = TIMEOUT_S
) -> Iterator[WholeLine]:
    """Run a station with its data in `folder`; `endpoints` stand in for those of the virtual plant."""
    where = {**twin.endpoints, **(endpoints or {})}
    station = LocalStation(quick_demo(timeout_s), folder, SystemClock(), where)
    station.start()
    try:
        yield WholeLine(station, twin)
    finally:
        station.stop()
