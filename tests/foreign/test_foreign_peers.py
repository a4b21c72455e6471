"""Modbus and OPC UA as others understand them: what changes in a foreign server shows on the mimic in a real window."""

import math
import struct
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import orjson
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from alarms.states import AlarmState
from hmi.alarms.slot import Slot
from hmi.control_room import open_control_room
from plant_models.alarm_definition import AlarmKind
from plant_models.clock import SystemClock
from station.local import LocalStation
from station.session import operating_system_session
from tests.end_to_end.operator import Operator
from tests.fakes.plant_folder import PlantFolder
from tests.foreign.peers import Peer, libmodbus, modbus_serial, node_opcua

pytestmark = [pytest.mark.foreign, pytest.mark.timeout(300)]

DEVICES = """\
format = 1

[[device]]
name = "LIBMODBUS"
protocol = "modbus"
host = "127.0.0.1"
port = {libmodbus}

[[device]]
name = "MODBUS_SERIAL"
protocol = "modbus"
host = "127.0.0.1"
port = {modbus_serial}

[[device]]
name = "NODE_OPCUA"
protocol = "opcua"
host = "127.0.0.1"
port = {node_opcua}
insecure_ok = true
alarms = true
"""
TAGS = ("LIB.LEVEL", "SERIAL.FLOW", "UA.LEVEL")


class Peers:
    """The three servers, and a plant folder whose mimic shows a value of each."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self.libmodbus = stack.enter_context(libmodbus())
        self.modbus_serial = stack.enter_context(modbus_serial())
        self.node_opcua = stack.enter_context(node_opcua(folder / "certificates"))
        (folder / "plant").mkdir()
        self.plant = PlantFolder(folder / "plant")
        ports = {name: getattr(self, name).port for name in ("libmodbus", "modbus_serial", "node_opcua")}
        self.plant.write("devices.toml", DEVICES.format(**ports))
        self.plant.replace("plant.toml", 'name = "Test works"', 'name = "Test works"\nhome = "mimic"')
        self.plant.tag("LIB.LEVEL", type="f32", device="LIBMODBUS", address="hr:10", unit="m", decimals="2")
        self.plant.tag("SERIAL.FLOW", type="u16", device="MODBUS_SERIAL", address="hr:3", unit="m³/h", decimals="0")
        self.plant.tag("UA.LEVEL", type="f64", device="NODE_OPCUA", address="ns=1;s=LEVEL", unit="m", decimals="2")
        items = [
            {"id": f"value-{number}", "kind": "value", "box": [40, 40 + 60 * number, 200, 40], "tag": name}
            for number, name in enumerate(TAGS)
        ]
        mimic = {"format": 1, "title": "Mimic", "level": 2, "parent": "", "size": [600, 300], "items": items}
        self.plant.write("displays/mimic.json", orjson.dumps(mimic))

    def put(self, lib_level: float, serial_flow: int, ua_level: float) -> None:
        self.libmodbus.put(10, *struct.unpack(">HH", struct.pack(">f", lib_level)))
        self.modbus_serial.put(3, serial_flow)
        self.node_opcua.put("LEVEL", ua_level)

    def all(self) -> tuple[Peer, ...]:
        return self.libmodbus, self.modbus_serial, self.node_opcua


@pytest.fixture
def peers(tmp_path: Path) -> Iterator[Peers]:
    with ExitStack() as stack:
        yield Peers(stack, tmp_path)


def watch(peers: Peers, data: Path, shift: Callable[[Operator], Awaitable[None]]) -> None:
    """Open the window of a station on the plant and let an operator do a shift at it."""
    assert peers.plant.check() == []
    station = LocalStation(peers.plant.load(), data, SystemClock())
    station.start()
    try:
        with open_control_room(station, operating_system_session(), theme_name="light", language="en") as room:
            assert room.window is not None
            room.window.resize(1280, 720)
            room.window.show()
            room.run(shift(Operator(room)))
    finally:
        station.stop()


async def sees(operator: Operator, *values: float) -> None:
    for tag, value in zip(TAGS, values, strict=True):
        await operator.sees(f"{tag} at {value}", lambda tag=tag, value=value: operator.number(tag) == value)


def test_what_changes_in_a_foreign_server_shows_on_the_mimic(qapp: QApplication, peers: Peers, tmp_path: Path) -> None:
    peers.put(12.5, 4711, 3.25)

    async def shift(operator: Operator) -> None:
        await sees(operator, 12.5, 4711, 3.25)
        peers.put(-0.75, 65535, 1.5)
        await sees(operator, -0.75, 65535, 1.5)

    watch(peers, tmp_path / "data", shift)


def test_a_foreign_server_that_was_frozen_is_live_again_on_the_mimic(
    qapp: QApplication, peers: Peers, tmp_path: Path
) -> None:
    """Nine seconds: the session of OPC UA outlasts them, and a client that goes on with it may stay mute."""
    peers.put(1.0, 1, 1.0)

    async def shift(operator: Operator) -> None:
        await sees(operator, 1.0, 1, 1.0)
        for peer in peers.all():
            peer.freeze()
        begun_ns = SystemClock().mono_ns()
        for tag in TAGS:
            await operator.sees(f"{tag} gone", lambda tag=tag: math.isnan(operator.number(tag)))
        await operator.sees("nine seconds pass", lambda: SystemClock().mono_ns() - begun_ns > 9e9)
        for peer in peers.all():
            peer.thaw()
        peers.put(2.0, 2, 2.0)
        await sees(operator, 2.0, 2, 2.0)

    watch(peers, tmp_path / "data", shift)


def test_an_alarm_of_a_foreign_server_is_in_the_list_and_acknowledged_there(
    qapp: QApplication, peers: Peers, tmp_path: Path
) -> None:
    peers.put(1.0, 1, 1.0)

    def slots(operator: Operator) -> list[Slot]:
        shown = [slot for slot in operator.window.findChildren(Slot) if slot.isVisible() and slot.alarm]
        return [slot for slot in shown if slot.alarm and slot.alarm.kind is AlarmKind.DEVICE]

    def is_acknowledged(operator: Operator) -> bool:
        rows = operator.window.context.station.alarms.rows
        return [row.state for row in rows if row.kind is AlarmKind.DEVICE] == [AlarmState.ACKED]

    async def shift(operator: Operator) -> None:
        await sees(operator, 1.0, 1, 1.0)
        assert slots(operator) == []
        peers.put(1.0, 1, 9.5)
        await operator.sees("the alarm of the server in the banner", lambda: slots(operator))
        (slot,) = slots(operator)
        await operator.sees("that it can be acknowledged", lambda: _pressed(slot) and is_acknowledged(operator))
        peers.put(1.0, 1, 1.0)
        await operator.sees("that it is over", lambda: not operator.window.context.station.alarms.rows)

    watch(peers, tmp_path / "data", shift)


def _pressed(slot: Slot) -> bool:
    """Press the button of a slot; an alarm that has only just come is not taken."""
    QTest.mouseClick(slot.ack, Qt.MouseButton.LeftButton)
    return True
