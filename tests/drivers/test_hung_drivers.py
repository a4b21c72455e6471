"""Connections that hang, break down or raise: given up, answered for, started anew; and nobody else notices."""

import logging
import threading
from collections.abc import Iterator

import pytest
from asyncua import ua

from drivers.base import WriteState
from drivers.health import LinkState
from drivers.link import HUNG
from plant_models.device import Device, Endpoint
from plant_models.quality import Quality
from plant_models.tag import DataType
from tests.fakes.modbus_server import HostileModbusServer
from tests.fakes.opcua_server import OpcUaServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import modbus_device, opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until
from tests.fakes.wayward_driver import WaywardDriver

WAYWARD = Device(name="W", protocol="wayward", endpoint=Endpoint("127.0.0.1", 1), timeout_s=0.2)
TAGS = [tag("A", "PLC", "hr:0", writable=True), tag("X", "W", "anything", writable=True)]


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that sleeps shows itself each second; the real limit is longer than tests can wait."""
    monkeypatch.setattr("drivers.link.SILENCE_S", 2.5)
    monkeypatch.setattr("drivers.supervisor.PERIOD_S", 0.05)
    monkeypatch.setattr("drivers.loop_worker.STUCK_NS", 2_000_000_000)


@pytest.fixture
def wayward(monkeypatch: pytest.MonkeyPatch) -> Iterator[WaywardDriver]:
    from drivers import registry

    known = registry.driver_of
    with WaywardDriver() as driver:
        monkeypatch.setattr("drivers.link_plan.driver_of", lambda name: driver if name == "wayward" else known(name))
        yield driver


@pytest.fixture
def plc() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as one:
        one.memory.holding[0] = 7
        yield one


def test_a_command_that_hangs_on_its_way_is_unknown_and_never_leaves_afterwards(plc: HostileModbusServer) -> None:
    with RunningPool(small_plant([modbus_device("PLC", plc.port)], TAGS[:1])) as pool:
        pool.wait_good("A")
        disk = threading.Event()
        asked = threading.Event()

        def hanging_disk() -> None:
            asked.set()
            assert disk.wait(60)

        first = pool.send("A", 1.0, on_sent=hanging_disk)
        assert asked.wait(20)
        second = pool.send("A", 2.0)
        assert first.result(20).state is WriteState.UNKNOWN
        assert HUNG in first.result(20).message
        assert second.result(20).state is WriteState.NOT_SENT
        wait_until(lambda: plc.connections == 2, what="a new connection")
        pool.wait_good("A")
        stuck = [thread for thread in threading.enumerate() if thread.name.startswith("modbus ")]
        assert len(stuck) == 2
        assert plc.open_connections == 1, "the old socket is shut down though its thread still hangs"
        disk.set()
        wait_until(lambda: sum(thread.is_alive() for thread in stuck) == 1, what="the end of the old thread")
        assert plc.writes == []
        health = pool.health("PLC")
        assert (health.state, health.restarts, health.last_error) == (LinkState.CONNECTED, 1, HUNG)
        assert pool.write("A", 3.0).state is WriteState.VERIFIED
        assert len(plc.writes) == 1


def test_what_a_hung_thread_brings_once_it_wakes_up_is_refused(
    wayward: WaywardDriver, plc: HostileModbusServer
) -> None:
    with RunningPool(small_plant([WAYWARD, modbus_device("PLC", plc.port)], TAGS)) as pool:
        pool.wait_good("A", "X")
        wayward.is_hanging = True
        old = wayward.jobs[0]
        assert old.hung.wait(20)
        wayward.value = 2.0
        wayward.is_hanging = False
        waiting = pool.send("X", 5.0)
        wait_until(lambda: len(wayward.jobs) == 2, what="a new connection")
        assert old.is_aborted
        assert waiting.result(20).state is WriteState.NOT_SENT
        wait_until(lambda: pool.sink.good_values("X") == {1.0, 2.0})
        failed = [batch for batch in pool.sink.batches if batch.values is None and 1 in batch.tags]
        assert Quality.BAD_NO_COMMUNICATION in {int(quality) for batch in failed for quality in batch.qualities}
        old.offered = None
        wayward.freed.set()
        wait_until(lambda: old.offered is not None)
        assert old.offered is False
        assert pool.sink.sample("X").value == 2.0
        assert plc.connections == 1, "the neighbour isn't touched"
        assert pool.health("PLC").restarts == 0


def test_a_driver_that_hangs_again_and_again_does_not_fill_the_machine_with_threads(
    wayward: WaywardDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.link.SILENCE_S", 0.3)
    monkeypatch.setattr("drivers.link.STUCK_LIMIT", 2)
    wayward.is_hanging = True
    with RunningPool(small_plant([WAYWARD], TAGS[1:])) as pool:
        wait_until(lambda: "restart the station" in pool.health("W").last_error)
        assert len(wayward.jobs) == 2
        assert pool.health("W").state is LinkState.DOWN
        pool.wait_bad("X")
        assert pool.write("X", 1.0).state is WriteState.NOT_SENT
        wayward.is_hanging = False
        wayward.freed.set()
        pool.wait_good("X")
        assert len(wayward.jobs) == 3
        assert pool.health("W").restarts == 2


def test_a_thread_that_breaks_down_is_replaced(
    wayward: WaywardDriver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("threading.excepthook", lambda args: None)
    with caplog.at_level(logging.CRITICAL), RunningPool(small_plant([WAYWARD], TAGS[1:])) as pool:
        pool.wait_good("X")
        wayward.value = "no number"  # type: ignore[assignment]
        wait_until(lambda: pool.sink.is_bad("X"))
        wayward.value = 3.0
        wait_until(lambda: 3.0 in pool.sink.good_values("X"))
        assert pool.health("W").restarts >= 1


def test_a_loop_that_hangs_is_replaced_and_its_socket_shut_down() -> None:
    nodes = {"LEVEL": (12.5, ua.VariantType.Double)}
    tags = [tag("LEVEL", "UA", "ns=2;s=LEVEL", DataType.F64)]
    freed = threading.Event()
    with OpcUaServer(nodes) as server, RunningPool(small_plant([opcua_device("UA", server.port)], tags)) as pool:
        pool.wait_good("LEVEL")
        (old,) = (thread for thread in threading.enumerate() if thread.name == "opcua UA")
        hung = pool.pool._links[0]._connection._loop  # type: ignore[attr-defined]
        hung.call_soon_threadsafe(freed.wait)
        pool.wait_bad("LEVEL")
        server.put("LEVEL", 20.0)
        wait_until(lambda: 20.0 in pool.sink.good_values("LEVEL"))
        assert old.is_alive()
        wait_until(lambda: server.connections == 1, what="the old connection's end at the server")
        assert pool.health("UA").restarts == 1
        freed.set()
        old.join(20)
        assert not old.is_alive()
        assert pool.sink.is_good("LEVEL")


@pytest.mark.parametrize("method", ["key_of", "connect", "start"])
def test_a_driver_that_cannot_begin_leaves_out_its_own_devices_only(
    wayward: WaywardDriver, plc: HostileModbusServer, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    wayward.breaks.add(method)
    with (
        caplog.at_level(logging.CRITICAL),
        RunningPool(small_plant([WAYWARD, modbus_device("PLC", plc.port)], TAGS)) as pool,
    ):
        pool.wait_good("A")
        pool.wait_bad("X")
        assert f"{method}, on purpose" in pool.health("W").last_error
        assert pool.write("X", 1.0).state is WriteState.NOT_SENT


def test_a_driver_that_raises_at_a_command_has_it_answered(
    wayward: WaywardDriver, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL), RunningPool(small_plant([WAYWARD], TAGS[1:])) as pool:
        pool.wait_good("X")
        wayward.breaks.add("write")
        outcome = pool.write("X", 1.0)
        assert (outcome.state, outcome.message) == (WriteState.NOT_SENT, "Internal error: write, on purpose")


def test_health_of_a_driver_that_has_none(wayward: WaywardDriver) -> None:
    with RunningPool(small_plant([WAYWARD], TAGS[1:])) as pool:
        wayward.breaks.add("health")
        assert pool.health("W").last_error == "Internal error: health, on purpose"
        wayward.breaks = {"told"}
        assert pool.health("W").last_error == "The driver says nothing about this device"
        assert pool.health("W").state is LinkState.DOWN


def test_a_driver_that_cannot_be_stopped_does_not_keep_the_others_running(
    wayward: WaywardDriver, plc: HostileModbusServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL):
        with RunningPool(small_plant([WAYWARD, modbus_device("PLC", plc.port)], TAGS)) as pool:
            pool.wait_good("A", "X")
            wayward.breaks |= {"abort", "join"}
        wait_until(lambda: plc.open_connections == 0)
    assert pool.sink.sample("A").value == 7
