"""The pool as the station sees it."""

import threading
from pathlib import Path

import pytest

from drivers.base import Pool
from drivers.health import LinkState
from drivers.pool import DriverPool
from plant_models.clock import SystemClock
from plant_models.device import Device, Endpoint
from plant_models.quality import Quality
from plant_models.tag import Tag
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.sink import TableSink
from tests.fakes.small_plant import modbus_device, opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until


def test_it_fulfils_the_stations_protocol() -> None:
    plant = small_plant([modbus_device("PLC", 1), opcua_device("UA", 1)], [tag("A", "PLC", "hr:0")])
    clock = SystemClock()
    sink = TableSink(plant, clock)
    pool: Pool = DriverPool(plant, sink.table.index, sink, clock, {})
    assert [health.device for health in pool.health()] == ["PLC", "UA"]
    assert {health.state for health in pool.health()} <= {LinkState.CONNECTING, LinkState.DISABLED}
    pool.stop()


def test_endpoints_stand_in_for_those_of_the_plant_folder() -> None:
    with HostileModbusServer() as plc:
        plant = small_plant([modbus_device("PLC", 1)], [tag("A", "PLC", "hr:0")])
        clock = SystemClock()
        sink = TableSink(plant, clock)
        pool = DriverPool(plant, sink.table.index, sink, clock, {"PLC": Endpoint("127.0.0.1", plc.port)})
        pool.start()
        wait_until(lambda: sink.is_good("A"))
        assert [health.address for health in pool.health()] == [f"127.0.0.1:{plc.port}"]
        pool.stop()
        assert plc.reads > 0


def test_devices_of_one_endpoint_share_a_connection_and_a_thread() -> None:
    with HostileModbusServer() as plc:
        devices = [modbus_device(f"U{unit}", plc.port, unit_id=unit) for unit in (1, 2, 3)]
        tags = [tag(f"T{unit}", f"U{unit}", "hr:0") for unit in (1, 2, 3)]
        with RunningPool(small_plant(devices, tags)) as pool:
            pool.wait_good("T1", "T2", "T3")
            assert plc.connections == 1
            assert sum(thread.name.startswith("modbus ") for thread in threading.enumerate()) == 1
            assert {frame[6] for frame in plc.frames} == {1, 2, 3}


def test_a_device_that_is_switched_off_is_left_alone() -> None:
    with HostileModbusServer() as plc:
        tags = [tag("A", "PLC", "hr:0", writable=True)]
        with RunningPool(small_plant([modbus_device("PLC", plc.port, enabled=False)], tags)) as pool:
            pool.wait_bad("A")
            assert pool.sink.sample("A").quality == Quality.BAD_OUT_OF_SERVICE
            assert pool.health("PLC").state is LinkState.DISABLED
            assert pool.write("A", 1.0).message == "PLC is not in use"
        assert plc.connections == 0


def test_a_device_of_an_unknown_protocol_says_so() -> None:
    device = Device(name="PLC", protocol="profibus", endpoint=Endpoint("127.0.0.1", 1))
    with RunningPool(small_plant([device], [tag("A", "PLC", "hr:0")])) as pool:
        pool.wait_bad("A")
        assert pool.health("PLC").state is LinkState.DOWN
        assert "Unknown protocol 'profibus'" in pool.health("PLC").last_error


def test_a_device_without_tags_is_not_polled() -> None:
    with HostileModbusServer() as plc:
        with RunningPool(small_plant([modbus_device("PLC", plc.port)], [Tag(name="M", writable=True)])) as pool:
            assert pool.health("PLC").state is LinkState.DISABLED
        assert plc.connections == 0


def _cycle(cycles: int) -> None:
    """Start and stop a pool, every other time against a PLC that never answers; nothing may be left of it."""
    with HostileModbusServer() as plc:
        plant = small_plant([modbus_device("PLC", plc.port, timeout_s=30.0)], [tag("A", "PLC", "hr:0")])
        before, files = threading.active_count(), _open_files()
        for cycle in range(cycles):
            plc.behaviour = Behaviour.MUTE if cycle % 2 else Behaviour.NORMAL
            reads = plc.reads
            with RunningPool(plant):
                wait_until(lambda reads=reads: plc.reads > reads)
        wait_until(lambda: plc.open_connections == 0)
        wait_until(lambda: threading.active_count() <= before)
        assert plc.connections == cycles
        assert _open_files() <= files


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_fifty_cycles_of_start_and_stop_leave_nothing_behind() -> None:
    _cycle(50)


@pytest.mark.soak
def test_a_thousand_cycles_of_start_and_stop_leave_nothing_behind() -> None:
    _cycle(1000)
