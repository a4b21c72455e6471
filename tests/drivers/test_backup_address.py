"""A device with two addresses: the one that works is asked, on a new connection each time."""

from collections.abc import Iterator

import pytest
from asyncua import ua

from drivers.base import WriteState
from drivers.endpoints import Endpoints
from drivers.health import LinkState
from plant_models.device import Endpoint
from plant_models.tag import DataType
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.opcua_server import OpcUaServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import modbus_device, opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until

TAGS = [tag("A", "PLC", "hr:0", writable=True)]


@pytest.fixture(autouse=True)
def short_period(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.supervisor.PERIOD_S", 0.05)


@pytest.fixture
def primary() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as one:
        one.memory.holding[0] = 1
        yield one


@pytest.fixture
def backup() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as one:
        one.memory.holding[0] = 2
        yield one


@pytest.fixture
def pool(primary: HostileModbusServer, backup: HostileModbusServer) -> Iterator[RunningPool]:
    plc = modbus_device("PLC", primary.port, backup=Endpoint("127.0.0.1", backup.port))
    with RunningPool(small_plant([plc], TAGS)) as one:
        one.wait_good("A")
        yield one


def _where(pool: RunningPool) -> str:
    return pool.health("PLC").address


def test_the_backup_is_left_alone_while_the_primary_works(pool: RunningPool, backup: HostileModbusServer) -> None:
    reads = len(pool.sink.batches)
    wait_until(lambda: len(pool.sink.batches) > reads + 5)
    assert backup.connections == 0
    assert pool.sink.sample("A").value == 1


def test_a_dead_primary_is_followed_by_the_backup_which_is_kept(
    pool: RunningPool, primary: HostileModbusServer, backup: HostileModbusServer
) -> None:
    primary.behaviour = Behaviour.MUTE
    wait_until(lambda: pool.sink.is_good("A") and pool.sink.sample("A").value == 2)
    assert _where(pool) == f"127.0.0.1:{backup.port}"
    assert backup.connections == 1
    wait_until(lambda: primary.open_connections == 0)
    primary.behaviour = Behaviour.NORMAL
    assert pool.write("A", 7.0).state is WriteState.VERIFIED
    assert (len(primary.writes), len(backup.writes)) == (0, 1)
    reads, before = backup.reads, primary.connections
    wait_until(lambda: backup.reads > reads + 5)
    assert primary.connections == before, "what works is kept"


def test_when_the_backup_fails_the_primary_is_asked_again(
    pool: RunningPool, primary: HostileModbusServer, backup: HostileModbusServer
) -> None:
    primary.behaviour = Behaviour.MUTE
    wait_until(lambda: pool.sink.is_good("A") and pool.sink.sample("A").value == 2)
    before = primary.connections
    primary.behaviour = Behaviour.NORMAL
    backup.behaviour = Behaviour.MUTE
    wait_until(lambda: pool.sink.is_good("A") and pool.sink.sample("A").value == 1)
    assert primary.connections > before
    assert _where(pool) == f"127.0.0.1:{primary.port}"


def test_while_neither_answers_both_are_tried_and_it_is_one_outage(
    pool: RunningPool, primary: HostileModbusServer, backup: HostileModbusServer
) -> None:
    primary.behaviour = backup.behaviour = Behaviour.MUTE
    pool.wait_for("PLC", LinkState.DOWN)
    since_us = pool.health("PLC").since_us
    addresses: set[str] = set()

    def look() -> bool:
        health = pool.health("PLC")
        assert (health.state, health.since_us) == (LinkState.DOWN, since_us)
        assert health.last_error
        addresses.add(health.address)
        return backup.connections >= 2 and primary.connections >= 3

    wait_until(look)
    assert addresses == {f"127.0.0.1:{server.port}" for server in (primary, backup)}
    assert pool.sink.is_bad("A")
    backup.behaviour = Behaviour.NORMAL
    pool.wait_good("A")
    assert pool.health("PLC").state is LinkState.CONNECTED


def test_a_killed_opcua_server_is_followed_by_its_backup() -> None:
    tags = [tag("LEVEL", "UA", "ns=2;s=LEVEL", DataType.F64)]
    with (
        OpcUaServer({"LEVEL": (1.0, ua.VariantType.Double)}) as first,
        OpcUaServer({"LEVEL": (2.0, ua.VariantType.Double)}) as second,
    ):
        device = opcua_device("UA", first.port, backup=Endpoint("127.0.0.1", second.port))
        with RunningPool(small_plant([device], tags)) as pool:
            pool.wait_good("LEVEL")
            assert (pool.sink.sample("LEVEL").value, second.connections) == (1.0, 0)
            first.stop()
            wait_until(lambda: pool.sink.is_good("LEVEL") and pool.sink.sample("LEVEL").value == 2.0)
            assert pool.health("UA").address == f"127.0.0.1:{second.port}"


def test_what_stands_in_for_the_plant_folders_address_has_no_backup(
    primary: HostileModbusServer, backup: HostileModbusServer
) -> None:
    """A virtual plant must never lead to the real backup."""
    plc = modbus_device("PLC", 1, backup=Endpoint("127.0.0.1", backup.port))
    with RunningPool(small_plant([plc], TAGS), endpoints={"PLC": Endpoint("127.0.0.1", primary.port)}) as pool:
        pool.wait_good("A")
        primary.behaviour = Behaviour.MUTE
        pool.wait_for("PLC", LinkState.DOWN)
        frames = len(primary.frames)
        wait_until(lambda: len(primary.frames) > frames + 2)
        assert backup.connections == 0


def test_the_first_change_comes_at_once_the_next_ones_wait() -> None:
    endpoints = Endpoints(4.0, lambda: 0.0)
    assert endpoints.failed(0)
    assert endpoints.is_at_backup
    assert not endpoints.failed(999_999_999)
    assert endpoints.failed(1_000_000_000)
    assert not endpoints.is_at_backup
    assert not endpoints.failed(2_000_000_000)
    endpoints.succeeded()
    assert endpoints.failed(2_000_000_000)
