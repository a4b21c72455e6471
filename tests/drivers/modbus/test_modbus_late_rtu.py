"""RTU replies carry no number: what is late, or was never asked for, must not become the value of another block."""

import socket
import struct
import threading
from contextlib import closing

import pytest

from drivers.back_off import BackOff
from drivers.counters import Counters
from drivers.modbus.client import ModbusClient
from drivers.modbus.crc import crc16
from drivers.modbus.errors import BadReply, ModbusError, NoReply
from drivers.modbus.manners import Manners
from drivers.modbus.rtu import RtuFraming
from drivers.modbus.transport import client_of
from drivers.modbus.wire import Wire
from plant_models.address import Table
from plant_models.clock import SystemClock
from tests.fakes.scripted_link import ScriptedLink
from tests.fakes.small_plant import modbus_device


class GatewayBehind:
    """A gateway that sends each reply only when the next request of its connection comes. Registers hold their offset.

    `connections` counts them.
    """

    def __init__(self) -> None:
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, name="gateway-behind", daemon=True)]

    def __enter__(self) -> "GatewayBehind":
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._threads.append(threading.Thread(target=_serve, args=(link,), name="gateway-behind", daemon=True))
            self._threads[-1].start()


def _serve(link: socket.socket) -> None:
    reply = b""
    with link:
        while request := link.recv(8, socket.MSG_WAITALL):
            link.sendall(reply)
            offset, count = struct.unpack(">HH", request[2:6])
            body = bytes([request[0], 3, 2 * count]) + struct.pack(">H", offset) * count
            reply = body + crc16(body)


class BabblingLink(ScriptedLink):
    """Every millisecond a byte, for ever."""

    def receive(self, count: int, timeout_s: float) -> bytes:
        self.clock.advance(0.001)
        return b"\xff"


def test_a_gateway_that_is_one_reply_behind_never_gives_a_block_the_value_of_another() -> None:
    clock = SystemClock()
    with GatewayBehind() as gateway:
        device = modbus_device("PLC", gateway.port, transport="rtu-over-tcp", timeout_s=0.1)
        client, counters = client_of([device], clock), Counters("PLC", clock)
        wire = Wire(client, BackOff(1.0), clock)
        with closing(client):
            for offset in (100, 100, 200, 200):
                with pytest.raises(NoReply):
                    wire.read(1, counters, Table.HOLDING, offset, 1)
            with pytest.raises(NoReply):
                wire.identify(1, counters)
        assert (wire.connections, gateway.connections) == (5, 5), "each silence ends its connection"
        assert counters.snapshot().timeouts == 4


def test_a_line_that_babbles_is_given_up() -> None:
    link = BabblingLink()
    clock = link.clock
    client = ModbusClient(link, RtuFraming(clock), {1: Manners(timeout_s=1.0)}, clock)
    wire, counters = Wire(client, BackOff(1.0), clock), Counters("PLC", clock)
    begun_ns = clock.mono_ns()
    with pytest.raises(BadReply, match="without end"):
        wire.read(1, counters, Table.HOLDING, 0, 1)
    assert clock.mono_ns() - begun_ns <= 2_000_000_000
    assert (link.is_open, link.sent, counters.snapshot().errors) == (False, [], 1)
    with pytest.raises(ModbusError):
        wire.prepare(1)
    assert not link.is_open
