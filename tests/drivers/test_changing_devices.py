"""Devices that are added, changed, switched off and on and removed while the others run."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from drivers.base import WriteState
from drivers.health import LinkState
from plant_models.device import Endpoint
from plant_models.quality import Quality, is_bad
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import modbus_device, small_plant, tag
from tests.fakes.waiting import wait_until

TAGS = [tag("A", "P", "hr:0", writable=True), tag("B", "Q", "hr:0", writable=True)]


@pytest.fixture
def plc() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as one:
        one.memory.holding[0] = 7
        yield one


@pytest.fixture
def neighbour() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as one:
        one.memory.holding[0] = 8
        yield one


@pytest.fixture
def pool(plc: HostileModbusServer, neighbour: HostileModbusServer) -> Iterator[RunningPool]:
    devices = [modbus_device("P", plc.port, timeout_s=5.0), modbus_device("Q", neighbour.port)]
    with RunningPool(small_plant(devices, TAGS)) as one:
        one.wait_good("A", "B")
        yield one


def _change(pool: RunningPool, **settings: object) -> None:
    devices = dict(pool.plant.devices)
    pool.pool.use({**devices, "P": replace(devices["P"], **settings)})  # type: ignore[arg-type]


def _threads_to(server: HostileModbusServer) -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == f"modbus 127.0.0.1:{server.port}"}


def test_a_change_of_one_leaves_the_others_alone(
    pool: RunningPool, plc: HostileModbusServer, neighbour: HostileModbusServer
) -> None:
    theirs, ours = _threads_to(neighbour), _threads_to(plc)
    for round_s in (1.0, 2.0, 3.0):
        _change(pool, timeout_s=round_s)
        pool.wait_good("A")
    _change(pool, enabled=False)
    pool.pool.use({"Q": pool.plant.devices["Q"]})
    pool.pool.use(pool.plant.devices)
    pool.wait_good("A")
    assert plc.connections == 5
    assert not _threads_to(plc) & ours
    assert _threads_to(neighbour) == theirs
    reads = neighbour.reads
    wait_until(lambda: neighbour.reads > reads + 2)
    assert neighbour.connections == 1
    assert pool.health("Q").timeouts == pool.health("Q").errors == 0
    row = pool.sink.table.index["B"]
    qualities = [batch.qualities[batch.tags == row] for batch in pool.sink.batches if batch.qualities is not None]
    assert {int(quality) for column in qualities for quality in column} == {Quality.GOOD}


def test_a_device_is_taken_out_of_service_and_put_back(pool: RunningPool, plc: HostileModbusServer) -> None:
    _change(pool, enabled=False)
    sample = pool.sink.sample("A")
    assert (sample.value, sample.quality) == (7.0, Quality.BAD_OUT_OF_SERVICE)
    health = pool.health("P")
    assert (health.state, health.last_error) == (LinkState.DISABLED, "Taken out of service")
    wait_until(lambda: plc.open_connections == 0)
    outcome = pool.write("A", 1.0)
    assert (outcome.state, outcome.message) == (WriteState.NOT_SENT, "P is not in use")
    plc.behaviour = Behaviour.MUTE
    _change(pool, enabled=True)
    assert is_bad(pool.sink.sample("A").quality), "what was read long ago isn't good again by itself"
    plc.behaviour = Behaviour.NORMAL
    pool.wait_good("A")
    assert plc.connections == 2


def test_a_device_that_is_removed_is_out_of_service_and_can_come_back(pool: RunningPool) -> None:
    pool.pool.use({"Q": pool.plant.devices["Q"]})
    assert pool.sink.sample("A").quality == Quality.BAD_OUT_OF_SERVICE
    assert [health.device for health in pool.pool.health()] == ["Q"]
    assert pool.write("A", 1.0).state is WriteState.NOT_SENT
    pool.pool.use(pool.plant.devices)
    pool.wait_good("A")
    assert [health.device for health in pool.pool.health()] == ["P", "Q"]


def test_a_device_moves_to_another_address(pool: RunningPool, plc: HostileModbusServer) -> None:
    with HostileModbusServer() as other:
        other.memory.holding[0] = 9
        other.behaviour = Behaviour.MUTE
        _change(pool, endpoint=Endpoint("127.0.0.1", other.port))
        assert pool.sink.sample("A").quality == Quality.BAD_WAITING_FOR_INITIAL_DATA
        wait_until(lambda: plc.open_connections == 0)
        other.behaviour = Behaviour.NORMAL
        pool.wait_good("A")
        assert pool.sink.sample("A").value == 9
        assert pool.health("P").address == f"127.0.0.1:{other.port}"
        _change(pool, enabled=False)


def test_a_unit_behind_a_gateway_is_taken_out_without_a_bad_value_of_its_neighbour(plc: HostileModbusServer) -> None:
    devices = [modbus_device("P", plc.port, unit_id=1), modbus_device("Q", plc.port, unit_id=2)]
    with RunningPool(small_plant(devices, TAGS)) as pool:
        pool.wait_good("A", "B")
        _change(pool, enabled=False)
        frames = len(plc.frames)
        wait_until(lambda: len(plc.frames) > frames + 3)
        assert {frame[6] for frame in plc.frames[frames:]} == {2}
        assert pool.sink.sample("A").quality == Quality.BAD_OUT_OF_SERVICE
        row = pool.sink.table.index["B"]
        failed = [batch for batch in pool.sink.batches if batch.values is None and row in batch.tags]
        assert failed == []
        assert plc.open_connections == 1


def test_a_command_under_way_ends_as_unknown_when_its_device_is_taken_out(
    pool: RunningPool, plc: HostileModbusServer
) -> None:
    plc.behaviour = Behaviour.MUTE_AFTER_WRITE
    first, second = pool.send("A", 1.0), pool.send("A", 2.0)
    wait_until(lambda: plc.writes)
    _change(pool, enabled=False)
    assert first.result(20).state is WriteState.UNKNOWN
    assert second.result(20).state is WriteState.NOT_SENT
    assert len(plc.writes) == 1


def test_nothing_is_reached_any_more_once_the_pool_has_stopped(plc: HostileModbusServer) -> None:
    pool = RunningPool(small_plant([modbus_device("P", plc.port, enabled=False)], TAGS[:1]))
    with pool:
        assert pool.health("P").last_error == "Switched off in the plant folder"
    _change(pool, enabled=True)
    assert plc.connections == 0
    assert pool.health("P").state is LinkState.DISABLED


def test_what_is_said_before_the_start_holds_from_the_start(plc: HostileModbusServer) -> None:
    pool = RunningPool(small_plant([modbus_device("P", plc.port)], TAGS[:1]))
    _change(pool, enabled=False)
    with pool:
        pool.wait_bad("A")
        assert pool.health("P").state is LinkState.DISABLED
    assert plc.connections == 0
