"""OPC UA servers that are absent, frozen, restarted, or send what can't be used, on real sockets."""

import logging
import math
import socket
from collections.abc import Iterator

import pytest
from asyncua import ua

from drivers.health import LinkState
from plant_models.device import Device, Endpoint
from plant_models.quality import Quality
from plant_models.tag import DataType
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.opcua_server import OpcUaServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import modbus_device, opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until

TAGS = [
    tag("LEVEL", "UA", "ns=2;s=LEVEL", DataType.F64, low=0.0, high=100.0),
    tag("RUN", "UA", "ns=2;s=RUN", DataType.BOOL),
    tag("PROGRAM", "UA", "ns=2;s=PROGRAM", DataType.TEXT),
]
NAMES = tuple(one.name for one in TAGS)
NODES = {
    "LEVEL": (12.5, ua.VariantType.Double),
    "RUN": (True, ua.VariantType.Boolean),
    "PROGRAM": ("WTW 2.1", ua.VariantType.String),
}


@pytest.fixture(scope="module")
def shared_server() -> Iterator[OpcUaServer]:
    """A server takes seconds to start; only the tests that end it have one of their own."""
    with OpcUaServer(NODES) as running_server:
        yield running_server


@pytest.fixture
def server(shared_server: OpcUaServer) -> Iterator[OpcUaServer]:
    yield shared_server
    shared_server.reset(NODES)


def running(port: int, *more: Device, fast_s: float = 0.1, **settings: object) -> RunningPool:
    return RunningPool(small_plant([opcua_device("UA", port, **settings), *more], TAGS, fast_s))


@pytest.fixture
def pool(server: OpcUaServer) -> Iterator[RunningPool]:
    with running(server.port) as one:
        one.wait_good(*NAMES)
        yield one


def test_numbers_bools_and_texts_arrive(pool: RunningPool) -> None:
    assert pool.sink.sample("LEVEL").value == 12.5
    assert pool.sink.sample("RUN").value == 1.0
    assert pool.sink.sample("PROGRAM").text == "WTW 2.1"
    assert pool.health("UA").state is LinkState.CONNECTED


def test_a_change_arrives_with_the_servers_own_time(server: OpcUaServer, pool: RunningPool) -> None:
    server.put("LEVEL", 13.5)
    wait_until(lambda: pool.sink.sample("LEVEL").value == 13.5)
    sample = pool.sink.sample("LEVEL")
    assert abs(sample.source_us - pool.clock.wall_us()) < 60_000_000


def test_keep_alives_keep_values_young_while_nothing_changes(pool: RunningPool) -> None:
    received_ns = pool.sink.sample("LEVEL").received_ns
    wait_until(lambda: pool.sink.sample("LEVEL").received_ns > received_ns + 1_000_000_000)
    pool.sink.table.age()
    assert pool.sink.is_good(*NAMES)


@pytest.mark.parametrize("content", [math.nan, math.inf, -math.inf])
def test_nan_and_infinity_from_a_float_are_bad(server: OpcUaServer, pool: RunningPool, content: float) -> None:
    server.put("LEVEL", content)
    pool.wait_bad("LEVEL")
    assert pool.sink.sample("LEVEL").quality == Quality.BAD_OUT_OF_RANGE
    server.put("LEVEL", 14.0)
    pool.wait_good("LEVEL")


def test_a_sensor_failure_reported_by_the_server_shows(server: OpcUaServer, pool: RunningPool) -> None:
    server.put("LEVEL", 12.5, ua.StatusCodes.BadSensorFailure)
    pool.wait_bad("LEVEL")
    assert pool.sink.sample("LEVEL").quality == Quality.BAD_SENSOR_FAILURE
    assert pool.sink.sample("LEVEL").value == 12.5
    assert pool.sink.is_good("RUN")


def test_a_missing_node_fails_alone(server: OpcUaServer) -> None:
    tags = [*TAGS, tag("GONE", "UA", "ns=2;s=GONE", DataType.F64), tag("ODD", "UA", "what", DataType.F64)]
    with RunningPool(small_plant([opcua_device("UA", server.port)], tags, 0.1)) as pool:
        pool.wait_good(*NAMES)
        pool.wait_bad("GONE", "ODD")
        assert pool.sink.sample("GONE").quality == Quality.BAD_NODE_ID_UNKNOWN
        assert pool.sink.sample("ODD").quality == Quality.BAD_CONFIGURATION_ERROR
        assert "The server refuses GONE: BadNodeIdUnknown" in pool.health("UA").last_error


def test_a_server_that_is_absent_at_start_gives_no_communication() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with running(port) as pool:
        pool.wait_bad(*NAMES)
        assert pool.sink.sample("LEVEL").quality == Quality.BAD_NO_COMMUNICATION
        assert pool.health("UA").state is LinkState.DOWN
        assert "no server listens at" in pool.health("UA").last_error


def test_a_server_that_is_frozen_at_start_is_found_when_it_thaws(server: OpcUaServer) -> None:
    server.freeze()
    with running(server.port) as pool:
        pool.wait_bad(*NAMES)
        assert "does not answer" in pool.health("UA").last_error
        server.thaw()
        pool.wait_good(*NAMES)


def test_a_server_that_freezes_goes_bad_and_its_thaw_is_noticed(server: OpcUaServer, pool: RunningPool) -> None:
    server.freeze()
    pool.wait_bad(*NAMES)
    assert pool.sink.sample("LEVEL").quality == Quality.BAD_NO_COMMUNICATION
    assert pool.sink.sample("LEVEL").value == 12.5
    assert pool.health("UA").state is LinkState.DOWN
    server.thaw()
    pool.wait_good(*NAMES)
    server.put("LEVEL", 55.0)
    wait_until(lambda: pool.sink.sample("LEVEL").value == 55.0, what="live data after the thaw")


def test_a_short_freeze_never_ends_connected_but_mute(server: OpcUaServer, pool: RunningPool) -> None:
    """Thawed as soon as the outage is seen: the old session would still exist, yet a new one is made."""
    for round_number in range(2):
        server.freeze()
        pool.wait_for("UA", LinkState.DOWN)
        server.thaw()
        level = 20.0 + round_number
        pool.wait_for("UA", LinkState.CONNECTED)
        server.put("LEVEL", level)
        wait_until(lambda level=level: pool.sink.sample("LEVEL").value == level)
    assert pool.health("UA").reconnects == 2


def test_something_that_is_no_opcua_server_is_down_and_never_good() -> None:
    with HostileModbusServer() as stranger:
        stranger.behaviour = Behaviour.GARBAGE
        with running(stranger.port) as pool:
            pool.wait_bad(*NAMES)
            assert pool.health("UA").state is LinkState.DOWN


def test_an_impossible_host_is_a_failure_and_not_the_end_of_the_driver(caplog: pytest.LogCaptureFixture) -> None:
    device = Device(name="UA", protocol="opcua", endpoint=Endpoint("[::1", 4840), insecure_ok=True, back_off_s=0.1)
    with caplog.at_level(logging.CRITICAL), RunningPool(small_plant([device], TAGS)) as pool:
        pool.wait_bad(*NAMES)
        assert "Internal error" in pool.health("UA").last_error


def test_a_device_that_does_not_allow_it_is_never_reached_without_encryption() -> None:
    with HostileModbusServer() as listener, running(listener.port, insecure_ok=False) as pool:
        pool.wait_bad(*NAMES)
        assert "Without encryption" in pool.health("UA").last_error
        assert pool.health("UA").state is LinkState.DOWN
        assert listener.connections == 0


def test_a_frozen_server_slows_neither_a_plc_nor_another_server(server: OpcUaServer) -> None:
    with HostileModbusServer() as plc, OpcUaServer({"FLOW": (1.0, ua.VariantType.Double)}) as other:
        tags = [*TAGS, tag("FLOW", "UB", "ns=2;s=FLOW", DataType.F64), tag("SPEED", "PLC", "hr:0")]
        devices = [opcua_device("UA", server.port), opcua_device("UB", other.port), modbus_device("PLC", plc.port)]
        with RunningPool(small_plant(devices, tags, 0.1)) as pool:
            pool.wait_good(*NAMES, "FLOW", "SPEED")
            server.freeze()
            reads = plc.reads
            pool.wait_bad(*NAMES)
            assert plc.reads - reads >= 10
            other.put("FLOW", 2.0)
            wait_until(lambda: pool.sink.sample("FLOW").value == 2.0)
            assert pool.sink.is_good("FLOW", "SPEED")


def test_stopping_while_a_server_is_frozen_leaves_nothing_behind(server: OpcUaServer) -> None:
    """The autouse thread check shows that the loop's thread has ended."""
    with running(server.port, timeout_s=30.0) as pool:
        pool.wait_good(*NAMES)
        server.freeze()
    assert pool.write("LEVEL", 1.0).message


def test_a_server_that_restarts_is_subscribed_again_and_its_outage_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, logger="drivers")
    with OpcUaServer(NODES) as server, running(server.port) as pool:
        pool.wait_good(*NAMES)
        server.stop()
        pool.wait_bad(*NAMES)
        wait_until(lambda: "no server listens" in pool.health("UA").last_error)
        server.start()
        pool.wait_good(*NAMES)
        server.put("LEVEL", 77.0)
        wait_until(lambda: pool.sink.sample("LEVEL").value == 77.0)
    ours = [record for record in caplog.records if record.name.startswith("drivers")]
    assert [record.getMessage().split(":")[1].strip() for record in ours] == ["connected", "down", "connected"]
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
