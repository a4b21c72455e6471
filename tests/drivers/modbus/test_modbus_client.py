"""The connection alone: whatever bytes come back, the end is data of the right length or an error of its own kind."""

import struct
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.modbus.client import ModbusClient
from drivers.modbus.errors import LinkLost, ModbusError, NoConnection, NoReply, Refused
from drivers.modbus.transport import client_of
from plant_models.address import Table
from plant_models.clock import SystemClock
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.small_plant import modbus_device

COUNT = 3


@pytest.fixture(scope="module")
def plc() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as server:
        server.memory.holding.update({0: 1, 1: 2, 2: 3})
        yield server
        server.behaviour = Behaviour.NORMAL


@pytest.fixture
def client(plc: HostileModbusServer) -> Iterator[ModbusClient]:
    plc.behaviour = Behaviour.NORMAL
    one = client_of([modbus_device("PLC", plc.port, timeout_s=0.02)], SystemClock())
    one.open()
    yield one
    one.close()


def test_the_data_bytes_of_a_read_come_as_they_were_sent(client: ModbusClient) -> None:
    assert client.read(1, Table.HOLDING, 0, COUNT) == b"\x00\x01\x00\x02\x00\x03"


def test_a_request_without_a_connection_is_a_lost_link(client: ModbusClient) -> None:
    client.close()
    with pytest.raises(LinkLost):
        client.read(1, Table.HOLDING, 0, COUNT)


def test_an_aborted_client_connects_no_more(client: ModbusClient) -> None:
    client.abort()
    with pytest.raises(LinkLost):
        client.read(1, Table.HOLDING, 0, COUNT)
    with pytest.raises(NoConnection):
        client.open()


def test_an_exception_reply_carries_its_code(plc: HostileModbusServer, client: ModbusClient) -> None:
    plc.exception_code = 4
    with pytest.raises(Refused) as refusal:
        client.read(1, Table.HOLDING, 0, COUNT)
    plc.exception_code = None
    assert refusal.value.code == 4


def test_silence_is_told_from_noise(plc: HostileModbusServer, client: ModbusClient) -> None:
    plc.behaviour = Behaviour.MUTE
    with pytest.raises(NoReply):
        client.read(1, Table.HOLDING, 0, COUNT)


def read_once(port: int) -> bytes | ModbusError:
    """What one read over a connection of its own ends in; any other exception passes through."""
    client = client_of([modbus_device("PLC", port, timeout_s=0.02)], SystemClock())
    client.open()
    try:
        return client.read(1, Table.HOLDING, 0, COUNT)
    except ModbusError as error:
        return error
    finally:
        client.close()


def frames() -> st.SearchStrategy[bytes]:
    """Anything from noise to nearly right frames: header fields and data drawn apart."""
    header = st.builds(
        struct.pack,
        st.just(">HHHBB"),
        st.integers(0, 3),
        st.integers(0, 1),
        st.integers(0, 12),
        st.integers(0, 2),
        st.sampled_from([1, 3, 4, 0x83, 0x84, 0x2B, 0]),
    )
    return st.binary(max_size=40) | st.builds(lambda head, tail: head + tail, header, st.binary(max_size=12))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reply=frames())
def test_any_bytes_end_in_data_of_the_right_length_or_an_error_of_its_kind(
    plc: HostileModbusServer, reply: bytes
) -> None:
    plc.behaviour, plc.raw_reply = Behaviour.RAW, reply
    outcome = read_once(plc.port)
    assert isinstance(outcome, ModbusError) or len(outcome) == 2 * COUNT
