"""Drivers that wait for where their devices are: honest until then, at work afterwards, and never after the stop."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import replace

import pytest

from drivers.base import WriteOutcome, WriteRequest, WriteState
from drivers.health import LinkState
from drivers.late import Found, LatePool
from plant_models.device import Endpoint
from plant_models.plant import Plant
from tests.fakes.clock import ManualClock
from tests.fakes.pool import FakePool
from tests.fakes.pump_plant import pump_plant
from tests.fakes.running_pool import is_translatable
from tests.fakes.sink import TableSink

WHERE = {"PLC": Endpoint("127.0.0.1", 1502)}


class Bench:
    """A late pool whose real one is a fake, made when `found` is set."""

    def __init__(self, clock: ManualClock, start_error: Exception | None = None) -> None:
        self.found: Found = Future()
        self.found.set_running_or_notify_cancel()
        self.made: list[FakePool] = []
        self.plant: Plant = pump_plant()
        self._sink = TableSink(self.plant, clock)
        self._clock = clock
        self._start_error = start_error
        self.pool = LatePool(self.plant, clock, self.found, self._make)

    def _make(self, endpoints: Mapping[str, Endpoint]) -> FakePool:
        pool = FakePool(self.plant, self._sink.table.index, self._sink, self._clock, endpoints)
        pool.start_error = self._start_error
        self.made.append(pool)
        return pool

    def write(self, tag: str = "P1.CMD") -> WriteOutcome:
        row = self._sink.table.index[tag]
        return self.pool.write(WriteRequest(row, 1.0, 0.0, self._clock.mono_ns(), lambda: None)).result(timeout=0)


@pytest.fixture
def bench(clock: ManualClock) -> Bench:
    return Bench(clock)


def test_until_devices_are_found_they_are_connecting_and_nothing_is_sent(bench: Bench) -> None:
    bench.pool.start()
    assert [health.state for health in bench.pool.health()] == [LinkState.CONNECTING]
    outcome = bench.write()
    assert outcome.state is WriteState.NOT_SENT
    assert outcome.message == "PLC is not connected"
    assert is_translatable(outcome.message)
    assert bench.made == []


def test_a_tag_that_belongs_to_no_device_is_not_said_to_wait_for_one(bench: Bench) -> None:
    outcome = bench.write("NOTE")
    assert (outcome.state, outcome.message) == (WriteState.NOT_SENT, "The drivers have not started yet")


def test_once_they_are_found_the_real_drivers_are_started_there(bench: Bench) -> None:
    bench.pool.start()
    bench.found.set_result(WHERE)
    (made,) = bench.made
    assert made.endpoints == WHERE
    assert made.starts == 1
    assert [health.state for health in bench.pool.health()] == [LinkState.CONNECTED]
    assert bench.write().state is WriteState.VERIFIED
    bench.pool.stop()
    assert made.stops == 1


def test_devices_that_were_found_before_are_reached_at_once(bench: Bench) -> None:
    bench.found.set_result(WHERE)
    assert bench.made == []
    bench.pool.start()
    assert bench.made[0].starts == 1


def test_nothing_is_started_after_the_stop(bench: Bench) -> None:
    bench.pool.start()
    bench.pool.stop()
    bench.found.set_result(WHERE)
    assert bench.made == []


def test_devices_that_are_never_found_stay_connecting(bench: Bench) -> None:
    bench.pool.start()
    bench.found.set_exception(RuntimeError("it never listened"))
    assert [health.state for health in bench.pool.health()] == [LinkState.CONNECTING]
    bench.pool.stop()


def test_drivers_that_cannot_be_started_are_told_at_every_device(clock: ManualClock) -> None:
    bench = Bench(clock, start_error=OSError("no sockets left"))
    bench.pool.start()
    bench.found.set_result(WHERE)
    (health,) = bench.pool.health()
    assert health.state is LinkState.DOWN
    assert health.last_error == "Internal error: no sockets left"
    assert is_translatable(health.last_error)
    assert bench.made[0].stops == 1
    assert bench.write().state is WriteState.NOT_SENT


def test_a_device_that_is_taken_out_before_they_are_found_is_never_reached(bench: Bench) -> None:
    bench.pool.start()
    devices = {name: replace(device, enabled=False) for name, device in bench.plant.devices.items()}
    bench.pool.use(devices)
    (health,) = bench.pool.health()
    assert (health.state, health.last_error) == (LinkState.DISABLED, "Taken out of service")
    bench.found.set_result(WHERE)
    assert bench.made[0].uses == [devices]
    bench.pool.use(bench.plant.devices)
    assert bench.made[0].uses == [devices, dict(bench.plant.devices)]


def test_a_device_that_the_plant_folder_switches_off_says_so(clock: ManualClock) -> None:
    plant = pump_plant()
    plant = replace(plant, devices={name: replace(each, enabled=False) for name, each in plant.devices.items()})
    (health,) = LatePool(plant, clock, Future(), lambda endpoints: pytest.fail("too early")).health()
    assert (health.state, health.last_error) == (LinkState.DISABLED, "Switched off in the plant folder")
