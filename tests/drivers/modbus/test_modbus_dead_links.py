"""Connections that are worth nothing: dead from the first, half open, reset; and a device that is only just in time."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.health import LinkState
from plant_models.quality import Quality, bad_mask
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import modbus_device, small_plant, tag
from tests.fakes.waiting import wait_until

GOOD_VALUE = 4711.0


@pytest.fixture
def plc() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as server:
        server.memory.holding.update({0: int(GOOD_VALUE)})
        yield server


def running(plc: HostileModbusServer, *offsets: int, **settings: object) -> RunningPool:
    device = modbus_device("PLC", plc.port, **settings)
    return RunningPool(small_plant([device], [tag(f"T{at}", "PLC", f"hr:{at}") for at in offsets or (0,)]))


def test_a_connection_that_is_dead_from_the_first_is_left_for_another(plc: HostileModbusServer) -> None:
    """Nothing tells the driver: the connection was made, and every request on it is swallowed."""
    plc.dead_connections = 1
    with running(plc, timeout_s=0.6) as pool:
        pool.wait_good("T0")
        assert plc.connections == 2
        assert pool.health("PLC").timeouts == plc.spoilt
        assert pool.health("PLC").state is LinkState.CONNECTED
        wait_until(lambda: plc.open_connections == 1, what="the end of the dead connections")


def test_a_half_open_connection_is_left_and_the_device_found_again(plc: HostileModbusServer) -> None:
    """The peer lost its power and is back: it knows nothing of the old connection and answers on a new one."""
    with running(plc, timeout_s=0.6) as pool:
        pool.wait_good("T0")
        plc.dead_connections = plc.connections
        wait_until(lambda: plc.connections == 2, what="a new connection")
        pool.wait_good("T0")
        assert pool.health("PLC").timeouts == plc.spoilt == 2
        wait_until(lambda: plc.open_connections == 1, what="the end of the half-open connection")
        assert pool.sink.good_values("T0") == {GOOD_VALUE}


@pytest.mark.parametrize("behaviour", [Behaviour.RESET, Behaviour.CLOSE_INSTEAD])
def test_connections_that_break_at_each_request_make_the_device_bad_until_one_holds(
    plc: HostileModbusServer, behaviour: Behaviour
) -> None:
    with running(plc) as pool:
        pool.wait_good("T0")
        plc.behaviour = behaviour
        pool.wait_bad("T0")
        assert pool.sink.sample("T0").quality == Quality.BAD_NO_COMMUNICATION
        connections = plc.connections
        plc.behaviour = Behaviour.NORMAL
        pool.wait_good("T0")
        assert plc.connections > connections
        assert pool.health("PLC").errors == plc.spoilt


def test_a_device_that_answers_just_before_its_time_out_is_good_and_asked_one_thing_at_a_time(
    plc: HostileModbusServer,
) -> None:
    plc.behaviour, plc.delay_s = Behaviour.SLOW, 1.08
    with running(plc, timeout_s=1.2) as pool:
        pool.wait_good("T0")
        wait_until(lambda: pool.health("PLC").requests == 2)
        assert plc.overlaps == 0
        assert pool.health("PLC").timeouts == 0
        assert plc.connections == 1
        assert pool.sink.good_values("T0") == {GOOD_VALUE}
        plc.behaviour = Behaviour.NORMAL


def test_a_register_map_that_shrinks_costs_only_what_is_gone_and_what_grows_is_read_after_an_outage(
    plc: HostileModbusServer,
) -> None:
    offsets = range(40)
    plc.memory.holding.update({at: 500 + at for at in offsets})
    kept, gone = [f"T{at}" for at in offsets[:30]], [f"T{at}" for at in offsets[30:]]
    with running(plc, *offsets) as pool:
        pool.wait_good(*kept, *gone)
        plc.memory.holes = set(offsets[30:])
        pool.wait_bad(*gone)
        assert {pool.sink.sample(name).quality for name in gone} == {Quality.BAD_CONFIGURATION_ERROR}
        reads = plc.reads
        wait_until(lambda: plc.reads > reads + 5)
        assert pool.sink.is_good(*kept)
        assert ever_bad(pool).isdisjoint(kept)
        assert pool.health("PLC").state is LinkState.CONNECTED
        plc.memory.holes = set()
        plc.memory.holding.update({at: 600 + at for at in offsets})
        plc.behaviour = Behaviour.MUTE
        pool.wait_for("PLC", LinkState.DOWN)
        plc.behaviour = Behaviour.NORMAL
        pool.wait_good(*kept, *gone)
        wait_until(lambda: pool.sink.values([*kept, *gone]) == [600.0 + at for at in offsets])


@pytest.mark.parametrize("times", [50, pytest.param(1000, marks=pytest.mark.soak)])
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_connections_that_are_closed_again_and_again_leave_no_socket_behind(
    plc: HostileModbusServer, times: int
) -> None:
    with RunningPool(small_plant([modbus_device("PLC", plc.port)], [tag("T0", "PLC", "hr:0")], 0.01)) as pool:
        pool.wait_good("T0")
        before = handles()
        plc.behaviour = Behaviour.CLOSE_AFTER_REPLY
        wait_until(lambda: plc.connections > times, 120, f"{times} connections")
        plc.behaviour = Behaviour.NORMAL
        wait_until(lambda: plc.open_connections == 1, what="one connection that stays")
        wait_until(lambda: handles() <= before, what="the end of all other sockets")
        assert pool.sink.is_good("T0")
        assert pool.health("PLC").timeouts == 0


def handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def ever_bad(pool: RunningPool) -> set[str]:
    """Return the tags that were bad at some time."""
    table = pool.sink.table
    return {
        table.tags[row].name
        for batch in pool.sink.batches
        if batch.qualities is not None
        for row in batch.tags[bad_mask(batch.qualities)].tolist()
    }
