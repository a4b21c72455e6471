"""What befalls the cable to an OPC UA server: severed without a word, reset, noise, and a very long way."""

import logging
from collections.abc import Iterator

import pytest
from asyncua import ua

from drivers.health import LinkState
from plant_models.device import Endpoint
from plant_models.tag import DataType
from tests.fakes.cable import Cable
from tests.fakes.opcua_server import OpcUaServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until

NODES = {"LEVEL": (12.5, ua.VariantType.Double)}
TIMEOUT_S = 1.5
NOISE = {
    "no message of OPC UA": b"\x13\x37\xde\xad\xbe\xef HTTP/1.1 400 Bad Request\r\n\r\n",
    "a message of another channel": b"MSGF\x20\x00\x00\x00" + bytes(range(1, 25)),
    "an error of the server": b"ERRF\x10\x00\x00\x00\x00\x00\x80\x80\xff\xff\xff\xff",
}


@pytest.fixture(scope="module")
def server() -> Iterator[OpcUaServer]:
    with OpcUaServer(NODES) as one:
        yield one


@pytest.fixture
def cable(server: OpcUaServer) -> Iterator[Cable]:
    server.reset(NODES)
    with Cable(Endpoint("127.0.0.1", server.port)) as one:
        yield one


@pytest.fixture
def pool(cable: Cable) -> Iterator[RunningPool]:
    device = opcua_device("UA", cable.port, timeout_s=TIMEOUT_S)
    with RunningPool(small_plant([device], [tag("LEVEL", "UA", "ns=2;s=LEVEL", DataType.F64)], 0.1)) as one:
        one.wait_good("LEVEL")
        yield one


def found_again(server: OpcUaServer, pool: RunningPool) -> None:
    """Wait until a new value comes on a new connection; no other value than the two may ever have been good."""
    server.put("LEVEL", 55.0)
    wait_until(lambda: pool.sink.sample("LEVEL").value == 55.0, what="live data")
    pool.wait_good("LEVEL")
    wait_until(lambda: pool.health("UA").reconnects >= 1, what="the state after the first values")
    assert pool.sink.good_values("LEVEL") == {12.5, 55.0}


def test_a_half_open_connection_is_left_and_the_server_found_again(
    server: OpcUaServer, cable: Cable, pool: RunningPool
) -> None:
    cable.sever()
    pool.wait_bad("LEVEL")
    found_again(server, pool)
    assert cable.connections >= 2
    wait_until(lambda: cable.open_connections == 1, what="the end of the half-open connection")


def test_a_connection_that_is_reset_is_made_again(server: OpcUaServer, cable: Cable, pool: RunningPool) -> None:
    cable.reset()
    pool.wait_bad("LEVEL")
    found_again(server, pool)


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE.keys())
def test_noise_on_the_cable_is_never_a_value_and_ends_the_connection(
    server: OpcUaServer, cable: Cable, pool: RunningPool, noise: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    cable.inject(noise)
    pool.wait_bad("LEVEL")
    found_again(server, pool)
    assert caplog.records == [], "an exception left a worker"


def test_a_server_that_is_far_away_is_connected_and_never_lost(
    server: OpcUaServer, cable: Cable, pool: RunningPool
) -> None:
    """What is slow is the way of each reply, by half of the time-out; keep-alives still come."""
    cable.delay_s = TIMEOUT_S / 2
    server.put("LEVEL", 20.0)
    wait_until(lambda: pool.sink.sample("LEVEL").value == 20.0)
    server.put("LEVEL", 30.0)
    wait_until(lambda: pool.sink.sample("LEVEL").value == 30.0)
    assert pool.sink.is_good("LEVEL")
    assert pool.health("UA").state is LinkState.CONNECTED
    assert (pool.health("UA").reconnects, pool.health("UA").timeouts) == (0, 0)


def test_a_server_beyond_the_time_out_is_down_until_it_is_near_again(
    server: OpcUaServer, cable: Cable, pool: RunningPool
) -> None:
    cable.delay_s = TIMEOUT_S * 2
    cable.sever()
    pool.wait_bad("LEVEL")
    wait_until(lambda: pool.health("UA").timeouts > 0, what="an attempt in vain")
    assert pool.health("UA").state is LinkState.DOWN
    cable.delay_s = 0.0
    found_again(server, pool)
