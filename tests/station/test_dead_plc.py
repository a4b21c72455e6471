"""Commands through real drivers and sockets to a PLC that lives, was never there, or dies in the middle."""

import asyncio
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.health import LinkState
from plant_models.clock import SystemClock
from plant_models.device import Endpoint
from plant_models.quality import Quality
from station.local import LocalStation
from station.protocol import CommandRequest, CommandState, CommandStatus
from tests.fakes.audit_rows import states
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.pump_plant import pump_plant
from tests.fakes.running_station import OPERATOR
from tests.fakes.waiting import wait_until


@pytest.fixture
def plc() -> Iterator[HostileModbusServer]:
    """A PLC whose speed setpoint, an ABCD float in hr:10, is 30 Hz."""
    with HostileModbusServer() as server:
        high, low = struct.unpack(">HH", struct.pack(">f", 30.0))
        server.memory.holding.update({10: high, 11: low})
        yield server


@contextmanager
def station_on(port: int, folder: Path) -> Iterator[LocalStation]:
    """A running station of the speed setpoint alone, on real drivers."""
    plant = pump_plant()
    setpoint = next(tag for tag in plant.tags if tag.name == "P1.SPEED_SP")
    device = replace(plant.devices["PLC"], timeout_s=0.3, back_off_s=0.5)
    tags = (replace(setpoint, address="hr:10"),)
    small = replace(plant, tags=tags, alarms=(), devices={"PLC": device}, scan_s={"normal": 0.2})
    station = LocalStation(small, folder, SystemClock(), {"PLC": Endpoint("127.0.0.1", port)})
    station.start()
    try:
        yield station
    finally:
        station.stop()


def command(station: LocalStation, value: float) -> CommandStatus:
    return asyncio.run(station.command(CommandRequest(tag="P1.SPEED_SP", value=value), OPERATOR))


def wait_for_value(station: LocalStation, value: float) -> None:
    def is_there() -> bool:
        sample = station.table.sample("P1.SPEED_SP")
        return (sample.value, sample.quality) == (value, Quality.GOOD)

    wait_until(is_there)


def test_a_command_changes_the_plc_and_the_table(plc: HostileModbusServer, tmp_path: Path) -> None:
    with station_on(plc.port, tmp_path) as station:
        wait_for_value(station, 30.0)
        status = command(station, 45.5)
        assert (status.state, status.readback) == (CommandState.VERIFIED, 45.5)
        wait_for_value(station, 45.5)
    assert states(tmp_path) == ["pending", "sent", "verified"]
    assert len(plc.writes) == 1


def test_a_plc_that_was_never_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with station_on(port, tmp_path) as station:
        status = command(station, 45.0)
        assert status.state is CommandState.REJECTED
        assert "PLC is not connected" in status.message
    assert states(tmp_path) == ["rejected"]


def test_a_plc_that_freezes_on_the_command(plc: HostileModbusServer, tmp_path: Path) -> None:
    def freeze(frame: bytes) -> None:
        if frame[7] > 4:
            plc.behaviour = Behaviour.MUTE

    plc.behaviour = Behaviour.MUTE_AFTER_WRITE
    plc.before_reply = freeze
    with station_on(plc.port, tmp_path) as station:
        wait_for_value(station, 30.0)
        status = command(station, 45.0)
        assert status.state is CommandState.UNKNOWN
        assert status.message
        wait_until(lambda: station.table.sample("P1.SPEED_SP").quality >= Quality.BAD)
        wait_until(lambda: station.health.devices[0].state is not LinkState.CONNECTED)
        assert command(station, 46.0).state is CommandState.REJECTED
    assert states(tmp_path) == ["pending", "sent", "unknown", "rejected"]
    assert len(plc.writes) == 1


def test_a_plc_that_acts_but_does_not_answer(plc: HostileModbusServer, tmp_path: Path) -> None:
    plc.behaviour = Behaviour.MUTE_AFTER_WRITE
    with station_on(plc.port, tmp_path) as station:
        wait_for_value(station, 30.0)
        status = command(station, 45.0)
        assert (status.state, status.readback) == (CommandState.VERIFIED, 45.0)
    assert len(plc.writes) == 1


def test_a_plc_that_keeps_its_own_value(plc: HostileModbusServer, tmp_path: Path) -> None:
    plc.ignores_writes = True
    with station_on(plc.port, tmp_path) as station:
        wait_for_value(station, 30.0)
        status = command(station, 45.0)
        assert (status.state, status.readback) == (CommandState.MISMATCH, 30.0)
        assert status.message
