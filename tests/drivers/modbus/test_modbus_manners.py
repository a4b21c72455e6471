"""How devices want to be asked: pauses, time-outs of their own, patience with the busy, and one question to each."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from drivers.base import WriteState
from drivers.connection import DriverContext
from drivers.health import LinkState
from drivers.modbus.errors import NoReply
from drivers.modbus.identifier import PATIENCE_NS
from drivers.modbus.line import ModbusLine
from drivers.modbus.manners import manners_of
from drivers.modbus.serial_link import quiet_s
from drivers.modbus.transport import client_of
from drivers.tcp_watch import watch_over
from plant_models.address import Table
from plant_models.clock import SystemClock
from plant_models.device import Device
from plant_models.quality import Quality
from tests.fakes.clock import ManualClock
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.pymodbus_peer import PymodbusPeer
from tests.fakes.running_pool import RunningPool
from tests.fakes.sink import TableSink
from tests.fakes.small_plant import modbus_device, small_plant, tag
from tests.fakes.waiting import wait_until

DELAY_MS = 80
IDENTIFY = 43


@pytest.fixture
def plc() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as server:
        server.memory.holding.update({0: 4711})
        yield server


def test_a_frame_leaves_only_after_the_delay_of_its_device(plc: HostileModbusServer) -> None:
    clock, asked_ns = SystemClock(), []
    plc.before_reply = lambda _frame: asked_ns.append(clock.mono_ns())
    quick = modbus_device("QUICK", plc.port, unit_id=1, timeout_s=5.0)
    slow = modbus_device("SLOW", plc.port, unit_id=2, timeout_s=5.0, frame_delay_ms=DELAY_MS)
    client = client_of([quick, slow], clock)
    client.open()
    for unit in (1, 2, 2):
        client.read(unit, Table.HOLDING, 0, 1)
    client.close()
    first, second, third = asked_ns
    assert second - first >= DELAY_MS * 1e6 * 0.9
    assert third - second >= DELAY_MS * 1e6 * 0.9


def test_each_device_of_a_gateway_has_a_time_out_of_its_own(plc: HostileModbusServer) -> None:
    plc.behaviour, plc.delay_s = Behaviour.SLOW, 0.3
    hasty = modbus_device("HASTY", plc.port, unit_id=1, timeout_s=0.05)
    patient = modbus_device("PATIENT", plc.port, unit_id=2, timeout_s=20.0)
    client = client_of([hasty, patient], SystemClock())
    client.open()
    with pytest.raises(NoReply):
        client.read(1, Table.HOLDING, 0, 1)
    assert client.read(2, Table.HOLDING, 0, 1) == (4711).to_bytes(2, "big")
    assert client.late == 1
    client.close()


def test_devices_that_share_a_unit_are_asked_as_the_more_patient_wants() -> None:
    one = modbus_device("A", 1, timeout_s=1.0, frame_delay_ms=20)
    other = modbus_device("B", 1, timeout_s=3.0, single_writes=True)
    (manners,) = manners_of([one, other]).values()
    assert (manners.timeout_s, manners.delay_s, manners.single_writes) == (3.0, 0.02, True)


@pytest.mark.parametrize(("baud", "expected_ms"), [(9_600, 4.01), (19_200, 2.005), (38_400, 1.75), (115_200, 1.75)])
def test_the_silence_between_frames_is_that_of_the_specification(baud: int, expected_ms: float) -> None:
    assert quiet_s(baud) * 1000 == pytest.approx(expected_ms, rel=0.001)


@pytest.mark.parametrize("code", [5, 6])
def test_a_busy_device_keeps_its_last_value_as_uncertain(plc: HostileModbusServer, code: int) -> None:
    with RunningPool(small_plant([modbus_device("PLC", plc.port)], [tag("LEVEL", "PLC", "hr:0")])) as pool:
        pool.wait_good("LEVEL")
        plc.exception_code = code
        wait_until(lambda: pool.sink.sample("LEVEL").quality == Quality.UNCERTAIN_LAST_USABLE)
        assert pool.sink.values(["LEVEL"]) == [4711.0]
        assert pool.health("PLC").state is LinkState.CONNECTED
        plc.exception_code = None
        pool.wait_good("LEVEL")


def test_a_busy_device_is_asked_again_long_before_the_next_scan_but_not_at_once(plc: HostileModbusServer) -> None:
    plc.exception_code = 6
    device = modbus_device("PLC", plc.port, back_off_s=30.0)
    with RunningPool(small_plant([device], [tag("LEVEL", "PLC", "hr:0")], fast_s=600.0)) as pool:
        wait_until(lambda: plc.reads >= 3)
        assert pool.health("PLC").requests <= 6, "waits of 0.1, 0.2, 0.4 s"
        plc.exception_code = None
        pool.wait_good("LEVEL")


@pytest.mark.parametrize("code", [4, 5, 11])
def test_a_command_that_may_be_done_in_spite_of_an_exception_is_read_back(plc: HostileModbusServer, code: int) -> None:
    plc.write_exception = code
    tags = [tag("SPEED", "PLC", "hr:0", writable=True)]
    with RunningPool(small_plant([modbus_device("PLC", plc.port)], tags)) as pool:
        pool.wait_good("SPEED")
        outcome = pool.write("SPEED", 9.0)
    assert outcome.state is WriteState.UNKNOWN
    assert outcome.readback == 4711.0
    assert len(plc.writes) == 1


def test_the_system_watches_over_a_connection() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        closing(socket.create_connection(listener.getsockname())) as link,
    ):
        watch_over(link)
        assert link.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert link.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 10_000
        assert link.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 10


class SteppedLine:
    """A connection that a test drives step by step, on a clock of its own."""

    def __init__(self, device: Device) -> None:
        plant = small_plant([device], [tag("LEVEL", device.name, "hr:0")], fast_s=1.0)
        self.clock = ManualClock()
        self.sink = TableSink(plant, self.clock)
        context = DriverContext(scan_s=plant.scan_s, sink=self.sink, clock=self.clock, jitter=lambda: 0.0)
        rows = [(self.sink.table.index[tag.name], tag) for tag in plant.tags]
        self.line = ModbusLine([(device, rows)], context)

    def __enter__(self) -> "SteppedLine":
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

    def run(self) -> None:
        """Do all that is due, then let a second pass."""
        while self.line.step() <= self.clock.mono_ns():
            pass
        self.clock.advance(1.0)

    @property
    def identification(self) -> str:
        return self.line.health()[0].identification


def long_enough(stepped: SteppedLine) -> None:
    for _ in range(PATIENCE_NS // 1_000_000_000 + 2):
        stepped.run()


def test_a_device_is_asked_once_what_it_is_after_its_values_have_come() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    with (
        PymodbusPeer.tcp(port, [1] * 10),
        SteppedLine(modbus_device("PLC", port, timeout_s=10.0)) as stepped,
    ):
        stepped.run()
        assert stepped.identification == ""
        assert stepped.sink.is_good("LEVEL")
        long_enough(stepped)
        assert stepped.identification == "Pumps Ltd P-7 2.11"


@pytest.mark.parametrize("answer", ["silence", "refusal", "nonsense"])
def test_a_device_that_can_not_say_what_it_is_loses_nothing_by_that(plc: HostileModbusServer, answer: str) -> None:
    def answer_strangely(frame: bytes) -> None:
        is_asked = frame[7] == IDENTIFY
        if answer == "silence":
            plc.behaviour = Behaviour.MUTE if is_asked else Behaviour.NORMAL
        elif answer == "nonsense":
            plc.behaviour = Behaviour.RAW if is_asked else Behaviour.NORMAL
            plc.raw_reply = frame[:4] + b"\0\4" + frame[6:9] + b"\1"

    plc.before_request = answer_strangely
    with SteppedLine(modbus_device("PLC", plc.port)) as stepped:
        for _ in range(3):
            long_enough(stepped)
        (health,) = stepped.line.health()
        assert [frame[7] for frame in plc.frames].count(IDENTIFY) == 1
        assert plc.connections == 1
        assert stepped.sink.is_good("LEVEL")
        assert (health.last_error, health.errors, health.timeouts) == ("", 0, 0)


def test_a_device_that_comes_back_is_asked_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    with SteppedLine(modbus_device("PLC", port, timeout_s=10.0)) as stepped:
        for vendor in ("A", "B"):
            with PymodbusPeer.tcp(port, [1] * 10, vendor):
                long_enough(stepped)
                long_enough(stepped)
                assert stepped.identification == f"{vendor} P-7 2.11"
