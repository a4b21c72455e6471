"""Scan classes that are fast only while somebody looks, over real sockets."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from drivers.health import LinkState
from plant_models.quality import Quality
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import modbus_device, small_plant, tag
from tests.fakes.waiting import wait_until

TAGS = [
    tag("FIXED", "PLC", "hr:0"),
    tag("NEAR", "PLC", "hr:100", scan="detail"),
    tag("FAR", "PLC", "hr:5000", scan="detail"),
]


@pytest.fixture
def plc() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as one:
        yield one


@pytest.fixture
def pool(plc: HostileModbusServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningPool]:
    """A PLC read each 0.05 s, and each 60 s where nobody looks at a detail. A lease lasts half a second."""
    monkeypatch.setattr("plant_models.leases.LEASE_S", 0.5)
    plant = small_plant([modbus_device("PLC", plc.port)], TAGS)
    plant = replace(plant, scan_s={**plant.scan_s, "detail": 0.05}, rest_s={"detail": 60.0})
    with RunningPool(plant) as one:
        one.wait_good("FIXED", "NEAR", "FAR")
        yield one


def _reads(plc: HostileModbusServer, offset: int) -> int:
    return sum(int.from_bytes(frame[8:10], "big") == offset for frame in list(plc.frames))


def _look(pool: RunningPool, name: str) -> None:
    pool.pool.lease(pool.sink.table.lease(np.array([pool.sink.table.index[name]])))


def _follow(plc: HostileModbusServer, scans: int) -> None:
    """Wait until the fixed tag has been read some times more."""
    before = _reads(plc, 0)
    wait_until(lambda: _reads(plc, 0) >= before + scans)


def test_at_rest_a_tag_is_read_once_and_stays_good(pool: RunningPool, plc: HostileModbusServer) -> None:
    _follow(plc, 10)
    assert (_reads(plc, 100), _reads(plc, 5000)) == (1, 1)
    pool.sink.table.age()
    assert pool.sink.is_good("NEAR", "FAR")


def test_only_what_somebody_looks_at_is_read_often(pool: RunningPool, plc: HostileModbusServer) -> None:
    plc.memory.holding[100] = 5
    _look(pool, "NEAR")
    wait_until(lambda: pool.sink.sample("NEAR").value == 5)
    before = _reads(plc, 100)

    def looked() -> bool:
        _look(pool, "NEAR")
        return _reads(plc, 100) >= before + 5

    wait_until(looked)
    assert _reads(plc, 5000) == 1


def test_a_lease_that_is_not_renewed_ends(pool: RunningPool, plc: HostileModbusServer) -> None:
    _look(pool, "NEAR")
    wait_until(lambda: _reads(plc, 100) > 2)

    def rests() -> bool:
        before = _reads(plc, 100)
        _follow(plc, 5)
        return _reads(plc, 100) == before

    wait_until(rests)
    pool.sink.table.age()
    assert pool.sink.is_good("NEAR")


def test_a_dead_plc_is_bad_at_rest_too_and_read_at_once_when_it_comes_back(
    pool: RunningPool, plc: HostileModbusServer
) -> None:
    plc.behaviour = Behaviour.MUTE
    pool.wait_bad("FIXED", "NEAR", "FAR")
    assert pool.sink.sample("FAR").quality == Quality.BAD_NO_COMMUNICATION
    plc.behaviour = Behaviour.NORMAL
    pool.wait_good("FIXED", "NEAR", "FAR")
    assert pool.health("PLC").state is LinkState.CONNECTED
