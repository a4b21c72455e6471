"""Scan classes that are sampled fast only while somebody looks, on a real OPC UA server."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from asyncua import ua

from drivers.health import LinkState
from plant_models.quality import Quality
from plant_models.tag import DataType
from tests.fakes.opcua_server import Locks, OpcUaServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until

FAST_S, REST_S = 0.1, 60.0
TAGS = [
    tag("FIXED", "UA", "ns=2;s=FIXED", DataType.F64),
    tag("NEAR", "UA", "ns=2;s=NEAR", DataType.F64, scan="detail"),
    tag("FAR", "UA", "ns=2;s=FAR", DataType.F64, scan="detail"),
]
NAMES = tuple(one.name for one in TAGS)
NODES = dict.fromkeys(NAMES, (1.0, ua.VariantType.Double))


@pytest.fixture(scope="module")
def shared_server() -> Iterator[OpcUaServer]:
    with OpcUaServer(NODES) as running_server:
        yield running_server


@pytest.fixture
def server(shared_server: OpcUaServer) -> Iterator[OpcUaServer]:
    shared_server.samplings.clear()
    yield shared_server
    shared_server.refuses_samplings = False
    shared_server.reset(NODES)


@pytest.fixture
def pool(server: OpcUaServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningPool]:
    """A server whose details are sampled each 0.1 s, and each minute where nobody looks. A lease lasts 0.3 s."""
    monkeypatch.setattr("plant_models.leases.LEASE_S", 0.3)
    plant = small_plant([opcua_device("UA", server.port)], TAGS, FAST_S)
    plant = replace(plant, scan_s={**plant.scan_s, "detail": FAST_S}, rest_s={"detail": REST_S})
    with RunningPool(plant) as one:
        one.wait_good(*NAMES)
        yield one


def _look(pool: RunningPool, *names: str) -> None:
    rows = np.array([pool.sink.table.index[name] for name in names])
    pool.pool.lease(pool.sink.table.lease(rows))


def _wait_rested(server: OpcUaServer, *names: str) -> None:
    wait_until(lambda: all(server.samplings.get(name, [0.0])[-1] == REST_S for name in names), what="rest")


def _wait_awake(server: OpcUaServer, pool: RunningPool, *names: str) -> None:
    def are_awake() -> bool:
        _look(pool, *names)
        return all(server.samplings[name][-1] == FAST_S for name in names)

    wait_until(are_awake, what="the fast period")


def _seen(pool: RunningPool, name: str) -> list[float]:
    """Return all values of a tag, as they came."""
    row = pool.sink.table.index[name]
    batches = [batch for batch in list(pool.sink.batches) if batch.values is not None]
    return [float(value) for batch in batches for value in batch.values[batch.tags == row]]


def test_a_tag_that_nobody_looks_at_is_sampled_seldom_and_stays_good(server: OpcUaServer, pool: RunningPool) -> None:
    _wait_rested(server, "NEAR", "FAR")
    received_ns = pool.sink.sample("NEAR").received_ns
    wait_until(lambda: pool.sink.sample("NEAR").received_ns > received_ns + round(4 * FAST_S * 1e9))
    pool.sink.table.age()
    assert pool.sink.is_good(*NAMES)
    assert "FIXED" not in server.samplings


def test_only_what_somebody_looks_at_is_sampled_fast_and_only_as_long(server: OpcUaServer, pool: RunningPool) -> None:
    _wait_rested(server, "NEAR", "FAR")
    _wait_awake(server, pool, "NEAR")
    _wait_rested(server, "NEAR")
    assert server.samplings == {"NEAR": [REST_S, FAST_S, REST_S], "FAR": [REST_S]}


def test_no_value_is_lost_or_doubled_on_the_way_between_the_periods(server: OpcUaServer, pool: RunningPool) -> None:
    _wait_rested(server, "NEAR", "FAR")
    _look(pool, "NEAR")
    number = 1.0
    while server.samplings["NEAR"] != [REST_S, FAST_S, REST_S]:
        number += 1.0
        server.put("NEAR", number)
        wait_until(lambda: pool.sink.sample("NEAR").value == number)  # noqa: B023
    assert _seen(pool, "NEAR") == [float(each) for each in range(1, round(number) + 1)]


def test_a_look_makes_nothing_good_that_is_bad(server: OpcUaServer, pool: RunningPool) -> None:
    _wait_rested(server, "NEAR", "FAR")
    server.put("NEAR", None, ua.StatusCodes.BadSensorFailure)
    pool.wait_bad("NEAR")
    _wait_awake(server, pool, "NEAR")
    _wait_rested(server, "NEAR")
    assert pool.sink.sample("NEAR").quality == Quality.BAD_SENSOR_FAILURE
    assert pool.sink.is_good("FIXED", "FAR")


def test_a_new_connection_begins_fast(server: OpcUaServer, pool: RunningPool) -> None:
    _wait_rested(server, "NEAR", "FAR")
    server.samplings.clear()
    server.relock(Locks())
    _wait_rested(server, "NEAR", "FAR")
    assert pool.health("UA").reconnects == 1
    _wait_awake(server, pool, "FAR")
    assert pool.sink.is_good(*NAMES)


def test_a_server_that_changes_no_sampling_says_so_and_stays_fast(server: OpcUaServer, pool: RunningPool) -> None:
    server.refuses_samplings = True
    wait_until(lambda: bool(pool.health("UA").exceptions))
    health = pool.health("UA")
    assert health.last_error == "The server doesn't change how often it samples (BadNotSupported)"
    assert [(one.code, one.count) for one in health.exceptions] == [("BadNotSupported", 1)]
    assert (health.state, health.reconnects) == (LinkState.CONNECTED, 0)
    assert pool.sink.is_good(*NAMES)
    assert server.samplings == {}


def test_what_can_not_be_woken_gets_a_new_session_and_never_rests_again(server: OpcUaServer, pool: RunningPool) -> None:
    _wait_rested(server, "NEAR", "FAR")
    server.refuses_samplings = True

    def is_anew() -> bool:
        _look(pool, "NEAR")
        return pool.health("UA").reconnects == 1

    wait_until(is_anew)
    pool.wait_good(*NAMES)
    server.put("NEAR", 7.0)
    wait_until(lambda: pool.sink.sample("NEAR").value == 7.0)
    assert server.samplings == {"NEAR": [REST_S], "FAR": [REST_S]}
