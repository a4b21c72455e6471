"""What people are told about an OPC UA server: what it is, its clock, its messages, over real sockets."""

from collections.abc import Iterator

import pytest
from asyncua import ua

from drivers.opcua.message_name import message_name
from plant_models.tag import DataType
from tests.fakes.opcua_server import OpcUaServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until

NODES = {"LEVEL": (12.5, ua.VariantType.Double)}


@pytest.fixture(scope="module")
def pool() -> Iterator[RunningPool]:
    tags = [
        tag("LEVEL", "UA", "ns=2;s=LEVEL", DataType.F64),
        tag("GONE", "UA", "ns=2;s=GONE", DataType.F64),
    ]
    with OpcUaServer(NODES) as server, RunningPool(small_plant([opcua_device("UA", server.port)], tags)) as running:
        running.wait_good("LEVEL")
        wait_until(lambda: running.health("UA").clock_skew_s is not None)
        yield running


def test_a_server_says_what_it_is_and_has_round_trips(pool: RunningPool) -> None:
    health = pool.health("UA")
    assert "FreeOpcUa" in health.identification
    assert health.round_trip_p50_ms is not None
    assert health.bytes_sent > 0
    assert health.bytes_received > health.bytes_sent


def test_a_server_of_this_machine_has_this_machines_time(pool: RunningPool) -> None:
    skew_s = pool.health("UA").clock_skew_s
    assert skew_s is not None
    assert abs(skew_s) < 5.0


def test_a_connection_without_encryption_is_told(pool: RunningPool) -> None:
    assert pool.health("UA").is_insecure


def test_a_node_that_is_refused_counts_under_its_status(pool: RunningPool) -> None:
    assert [(each.code, each.count) for each in pool.health("UA").exceptions] == [("BadNodeIdUnknown", 1)]


def test_the_trace_names_the_services(pool: RunningPool) -> None:
    pool.pool.trace("UA", True)
    wait_until(lambda: len(pool.pool.frames("UA", 0).frames) >= 4, timeout_s=20)
    pool.pool.trace("UA", False)
    frames = pool.pool.frames("UA", 0).frames
    assert {frame.text for frame in frames if frame.is_sent} <= {"PublishRequest", "ReadRequest"}
    assert {frame.text for frame in frames if not frame.is_sent} <= {"PublishResponse", "ReadResponse"}
    assert all(frame.data.startswith(b"MSGF") for frame in frames)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"HELF\x20\0\0\0", "Hello"),
        (b"OPNF\x20\0\0\0", "OpenSecureChannel"),
        (b"CLOF\x20\0\0\0", "CloseSecureChannel"),
        (b"MSGF\x40\0\0\0" + 16 * b"\1" + bytes([1, 0, 0x77, 2]), "ReadRequest"),
        (b"MSGF\x40\0\0\0" + 16 * b"\1" + bytes([1, 0, 1, 0]), "Encrypted"),
        (b"MSGF\x40\0\0\0" + 40 * b"\xa7", "Encrypted"),
        (b"MSG", "Continued"),
        (b"\0\1\2", "Continued"),
        (b"", "Continued"),
    ],
)
def test_a_message_is_named_by_its_first_bytes(data: bytes, name: str) -> None:
    assert message_name(data) == name
