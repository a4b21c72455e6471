"""Serial lines and RTU gateways with a foreign server at the other end: all functions, and the whole driver."""

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from drivers.health import LinkState
from drivers.modbus.client import ModbusClient
from drivers.modbus.errors import NoReply, Refused
from drivers.modbus.transport import client_of, key_of
from drivers.once import OnceRequest, OnceState
from plant_models.address import Table
from plant_models.clock import SystemClock
from plant_models.device import Device, Endpoint, SerialLine
from plant_models.tag import DataType
from tests.fakes.pymodbus_peer import PymodbusPeer
from tests.fakes.running_pool import RunningPool
from tests.fakes.serial_cable import SerialCable
from tests.fakes.small_plant import modbus_device, small_plant, tag
from tests.fakes.waiting import wait_until

REGISTERS = [10 * place for place in range(200)]
SERVED = "Pumps Ltd P-7 2.11"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module", params=["tcp", "rtu", "rtu-over-tcp"])
def device(request: pytest.FixtureRequest) -> Iterator[Device]:
    """A foreign server, and how it is reached."""
    port = free_port()
    plain = modbus_device("PLC", port, transport=request.param, timeout_s=5.0)
    if request.param != "rtu":
        make = PymodbusPeer.tcp if request.param == "tcp" else PymodbusPeer.rtu_over_tcp
        with make(port, REGISTERS):
            yield plain
        return
    with SerialCable() as cable, PymodbusPeer.on_serial_port(cable.there, REGISTERS):
        yield replace(plain, serial=SerialLine(cable.here, 115_200, "none"))


@pytest.fixture
def client(device: Device) -> Iterator[ModbusClient]:
    one = client_of([device, replace(device, name="OTHER", unit_id=2)], SystemClock())
    one.open()
    yield one
    one.close()


def words(data: bytes) -> list[int]:
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


def test_registers_of_two_units_are_read(client: ModbusClient) -> None:
    assert words(client.read(1, Table.HOLDING, 100, 3)) == [1000, 1010, 1020]
    assert words(client.read(2, Table.INPUT, 0, 125)) == REGISTERS[:125]


def test_one_register_and_several_are_written(client: ModbusClient) -> None:
    client.write(1, Table.HOLDING, 150, (7,))
    client.write(1, Table.HOLDING, 151, (8, 9))
    assert words(client.read(1, Table.HOLDING, 150, 3)) == [7, 8, 9]


def test_coils_are_written_alone_and_together_and_read(client: ModbusClient) -> None:
    client.write(1, Table.COIL, 20, (1, 0, 1, 1, 0, 0, 0, 0, 1))
    client.write(1, Table.COIL, 21, (1,))
    assert client.read(1, Table.COIL, 20, 9) == bytes([0b1111, 1])
    assert client.read(1, Table.DISCRETE, 20, 9) == bytes([0, 0])


def test_a_mask_changes_bits_of_a_register(client: ModbusClient) -> None:
    client.write(1, Table.HOLDING, 170, (0x0012,))
    client.mask_write(1, 170, 0x00F2, 0x0025)  # the example of the specification, section 6.16
    assert words(client.read(1, Table.HOLDING, 170, 1)) == [0x0017]


def test_a_write_and_a_read_go_in_one_frame(client: ModbusClient) -> None:
    assert words(client.read_write(1, (180, 3), 181, (5, 6))) == [1800, 5, 6]


def test_a_device_says_what_it_is(client: ModbusClient) -> None:
    assert client.identify(1) == SERVED


def test_an_address_that_is_not_there_is_refused(client: ModbusClient) -> None:
    with pytest.raises(Refused) as refusal:
        client.read(1, Table.HOLDING, 500, 1)
    assert refusal.value.code == 2
    assert words(client.read(1, Table.HOLDING, 1, 1)) == [10]


@pytest.mark.parametrize(
    ("address", "kind", "values", "reads_along", "name"),
    [
        ("hr:160", DataType.U16, (7.0, 8.0, 9.0), False, "Write registers 160–162"),
        ("hr:163", DataType.F32, (1.5, -2.5), False, "Write registers 163–166"),
        ("hr:167", DataType.U16, (4.0, 5.0), True, "Read holding registers 167–168, write 167–168"),
        ("co:30", DataType.BOOL, (1.0, 0.0, 1.0), False, "Write coils 30–32"),
    ],
)
def test_several_values_are_tried_out_in_one_frame(
    device: Device, address: str, kind: DataType, values: tuple[float, ...], reads_along: bool, name: str
) -> None:
    with RunningPool(small_plant([device], [tag("LEVEL", "PLC", "hr:20", scan="slow")])) as pool:
        pool.wait_good("LEVEL")
        pool.pool.trace("PLC", True)
        not_after_ns = pool.clock.mono_ns() + 10_000_000_000
        asked = OnceRequest(device="PLC", address=address, type=kind, value=values[0], not_after_ns=not_after_ns)
        answer = pool.pool.once(replace(asked, more=values[1:], reads_along=reads_along)).result(20)
        frames = pool.pool.frames("PLC", 0).frames
    assert (answer.state, answer.value, answer.more) == (OnceState.DONE, values[0], values[1:])
    sent = [frame.text for frame in frames if frame.is_sent]
    assert sent.count(name) == 1, "one frame writes them all"


def test_frames_have_names_on_every_transport(device: Device) -> None:
    with RunningPool(small_plant([device], [tag("LEVEL", "PLC", "hr:20")])) as pool:
        pool.wait_good("LEVEL")
        pool.pool.trace("PLC", True)
        wait_until(lambda: len(pool.pool.frames("PLC", 0).frames) > 8)
        pool.pool.trace("PLC", False)
        frames = pool.pool.frames("PLC", 0).frames
    assert {frame.text for frame in frames if frame.is_sent} == {"Read holding registers 20"}
    whole = frames[next(at for at, frame in enumerate(frames) if frame.is_sent) :]
    answers = {frame.text for frame in whole if not frame.is_sent}
    assert answers - {"Part of an answer"} == {"Answer: 1 registers"}


def test_values_arrive_and_commands_leave(device: Device) -> None:
    tags = [tag("LEVEL", "PLC", "hr:20"), tag("SPEED", "PLC", "hr:190", writable=True)]
    with RunningPool(small_plant([device], tags)) as pool:
        pool.wait_good("LEVEL", "SPEED")
        assert pool.sink.values(["LEVEL"]) == [200.0]
        assert pool.health("PLC").address == device.where
        assert pool.write("SPEED", 42.0).readback == 42.0
        assert pool.health("PLC").errors == 0


def test_a_serial_port_that_is_not_there_is_told() -> None:
    device = replace(modbus_device("PLC", 0), transport="rtu", serial=SerialLine("/dev/nowhere"))
    with RunningPool(small_plant([device], [tag("LEVEL", "PLC", "hr:20")])) as pool:
        pool.wait_for("PLC", LinkState.DOWN)
        assert pool.health("PLC").last_error == "There is no serial port /dev/nowhere"


def test_a_serial_port_has_one_user() -> None:
    with SerialCable() as cable:
        device = replace(modbus_device("PLC", 0), transport="rtu", serial=SerialLine(cable.here))
        first = client_of([device], SystemClock())
        first.open()
        with RunningPool(small_plant([device], [tag("LEVEL", "PLC", "hr:20")])) as pool:
            pool.wait_for("PLC", LinkState.DOWN)
            assert pool.health("PLC").last_error == f"Another program uses the serial port {cable.here}"
        first.close()


def test_an_adapter_that_is_pulled_out_takes_its_device_down() -> None:
    with SerialCable() as cable, PymodbusPeer.on_serial_port(cable.there, REGISTERS) as _:
        device = replace(
            modbus_device("PLC", 0), transport="rtu", serial=SerialLine(cable.here, 115_200, "none"), timeout_s=5.0
        )
        with RunningPool(small_plant([device], [tag("LEVEL", "PLC", "hr:20")])) as pool:
            pool.wait_good("LEVEL")
            cable.cut()
            pool.wait_bad("LEVEL")
            assert pool.sink.values(["LEVEL"]) == [200.0]


def test_stopping_ends_a_request_on_a_silent_serial_line() -> None:
    with SerialCable() as cable:
        line = SerialLine(cable.here, 115_200, "none")
        device = replace(modbus_device("PLC", 0), transport="rtu", serial=line, timeout_s=60.0)
        client = client_of([device], SystemClock())
        with RunningPool(small_plant([device], [tag("LEVEL", "PLC", "hr:20")])) as pool:
            pool.wait_for("PLC", LinkState.CONNECTING)
        client.open()  # it was let go of; the autouse thread check shows that the worker is gone as well
        client.abort()
        with pytest.raises(Exception, match="closed the connection") as lost:
            client.read(1, Table.HOLDING, 0, 1)
        assert not isinstance(lost.value, NoReply)
        client.close()


def test_units_of_one_line_share_it() -> None:
    line = SerialLine("/dev/ttyS1")
    first, second = (
        replace(modbus_device(f"U{unit}", 0), transport="rtu", serial=line, unit_id=unit) for unit in (1, 2)
    )
    assert key_of(first) == key_of(second)
    gateway = modbus_device("G", 502, transport="rtu-over-tcp")
    assert key_of(gateway) != key_of(replace(gateway, transport="tcp"))
    assert gateway.at(Endpoint("127.0.0.1", 5020)).transport == "tcp"
