"""Virtual Modbus PLCs on real sockets, talked to by pymodbus: live, frozen, slow, killed and revived."""

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ModbusPDU

from plant_models.device import Endpoint
from tests.fakes.plant_process import RunningPlant, running_plant
from tests.fakes.waiting import wait_until


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[RunningPlant]:
    with running_plant(tmp_path) as running:
        yield running


@pytest.fixture
def client(plant: RunningPlant) -> Iterator[ModbusTcpClient]:
    connection = connect(plant.endpoints["LPS_PLC"], timeout=5)
    yield connection
    connection.close()


def connect(endpoint: Endpoint, timeout: float) -> ModbusTcpClient:
    connection = ModbusTcpClient(endpoint.host, port=endpoint.port, timeout=timeout, retries=0)
    assert connection.connect()
    return connection


def read_word(client: ModbusTcpClient, offset: int, unit: int = 1) -> int:
    reply = client.read_holding_registers(offset, count=1, device_id=unit)
    assert not reply.isError(), reply
    return int(reply.registers[0])


def is_mute(endpoint: Endpoint) -> bool:
    """Tell whether a PLC accepts a connection and then doesn't answer."""
    client = connect(endpoint, timeout=0.2)
    try:
        return client.read_holding_registers(0, count=1).isError()
    except ModbusException:
        return True
    finally:
        client.close()


def test_each_plc_has_its_own_port_and_map(plant: RunningPlant, client: ModbusTcpClient) -> None:
    assert plant.endpoints["LPS_PLC"] != plant.endpoints["FLT_PLC"]
    other = connect(plant.endpoints["FLT_PLC"], timeout=5)
    assert (read_word(client, 10), read_word(other, 100, unit=7)) == (2, 2)
    other.close()


def test_a_stop_through_the_socket_stops_the_pump_in_the_process(plant: RunningPlant, client: ModbusTcpClient) -> None:
    wait_until(lambda: plant.process.values["LPS.P1.flow"] > 0, what="flow of the pump in Auto")
    client.write_register(20, 0)
    client.write_register(11, 2)
    assert (read_word(client, 10), read_word(client, 11), read_word(client, 12) & 1) == (1, 2, 0)
    wait_until(lambda: plant.process.values["LPS.P1.flow"] == 0, what="no flow")


def test_the_heartbeat_counts_on_whatever_the_speed(plant: RunningPlant, client: ModbusTcpClient) -> None:
    plant.control.request("speed", speed=0)
    before = read_word(client, 0)
    wait_until(lambda: read_word(client, 0) >= before + 2, what="two beats")
    assert read_word(client, 0) < before + 20


def test_another_unit_gets_no_answer(plant: RunningPlant) -> None:
    client = connect(plant.endpoints["LPS_PLC"], timeout=0.2)
    with pytest.raises(ModbusException):
        client.read_holding_registers(0, count=1, device_id=9)
    client.close()


def test_a_frozen_plc_accepts_and_stays_silent_and_the_others_go_on(plant: RunningPlant) -> None:
    plant.control.request("freeze", plc="LPS_PLC")
    assert is_mute(plant.endpoints["LPS_PLC"])
    other = connect(plant.endpoints["FLT_PLC"], timeout=5)
    assert read_word(other, 100, unit=7) == 2
    other.close()
    plant.control.request("thaw", plc="LPS_PLC")
    assert not is_mute(plant.endpoints["LPS_PLC"])


def test_what_waited_in_a_frozen_plc_is_answered_after_the_thaw(plant: RunningPlant, client: ModbusTcpClient) -> None:
    assert read_word(client, 10) == 2
    plant.control.request("freeze", plc="LPS_PLC")
    replies: list[ModbusPDU] = []
    reader = threading.Thread(target=lambda: replies.append(client.read_holding_registers(10, count=1)))
    reader.start()
    plant.control.request("thaw", plc="LPS_PLC")
    reader.join(10)
    assert [reply.registers for reply in replies] == [[2]]


def test_a_write_whose_client_has_gone_dies_with_the_freeze(plant: RunningPlant, client: ModbusTcpClient) -> None:
    plant.control.request("freeze", plc="LPS_PLC")
    endpoint = plant.endpoints["LPS_PLC"]
    with socket.create_connection((endpoint.host, endpoint.port)) as gone:
        gone.sendall(struct.pack(">HHHBBHH", 1, 0, 6, 1, 6, 10, 0))
    plant.control.request("thaw", plc="LPS_PLC")
    assert read_word(client, 10) == 2


def test_a_slow_plc_answers_late(plant: RunningPlant, client: ModbusTcpClient) -> None:
    plant.control.request("slow", plc="LPS_PLC", delay_s=0.6)
    assert is_mute(plant.endpoints["LPS_PLC"])
    assert read_word(client, 10) == 2
    plant.control.request("slow", plc="LPS_PLC", delay_s=0)
    assert not is_mute(plant.endpoints["LPS_PLC"])


def test_a_killed_plc_resets_connections_and_refuses_new_ones_until_it_is_revived(plant: RunningPlant) -> None:
    endpoint = plant.endpoints["LPS_PLC"]
    with socket.create_connection((endpoint.host, endpoint.port)) as connection:
        connection.sendall(struct.pack(">HHHBBHH", 1, 0, 6, 1, 3, 10, 1))
        assert len(connection.recv(100)) == 11
        plant.control.request("kill", plc="LPS_PLC")
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((endpoint.host, endpoint.port))
    plant.control.request("kill", plc="LPS_PLC")
    plant.control.request("revive", plc="LPS_PLC")
    plant.control.request("revive", plc="LPS_PLC")
    assert not is_mute(endpoint)


def test_a_frozen_plc_can_be_killed(plant: RunningPlant) -> None:
    plant.control.request("freeze", plc="LPS_PLC")
    assert is_mute(plant.endpoints["LPS_PLC"])
    plant.control.request("kill", plc="LPS_PLC")
    assert plant.control.request("status")["plcs"]["LPS_PLC"]["state"] == "killed"


@pytest.mark.parametrize(
    "garbage", [b"GET / HTTP/1.1\r\n\r\n", b"\x00\x01\x00\x00\xff\xff\x01", b"\x00\x01\x00\x00\x00\x01\x01"]
)
def test_a_stream_that_is_no_modbus_is_closed(plant: RunningPlant, garbage: bytes) -> None:
    endpoint = plant.endpoints["LPS_PLC"]
    with socket.create_connection((endpoint.host, endpoint.port), timeout=10) as connection:
        connection.sendall(garbage)
        try:
            answer = connection.recv(100)
        except ConnectionResetError:
            answer = b""
    assert answer == b""


def test_two_requests_in_one_segment_get_two_answers(plant: RunningPlant) -> None:
    endpoint = plant.endpoints["LPS_PLC"]
    request = struct.pack(">HHHBBHH", 5, 0, 6, 1, 3, 10, 1)
    with socket.create_connection((endpoint.host, endpoint.port), timeout=10) as connection:
        connection.sendall(request * 2)
        answer = b""
        while len(answer) < 22:
            answer += connection.recv(100)
    assert answer == 2 * bytes.fromhex("0005 0000 0005 01 03 02 0002")
