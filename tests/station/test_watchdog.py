"""The watchdog: when the station thread stalls, values are not evaluated, and the station says so."""

from plant_models.quality import Quality
from station.protocol import CommandState
from tests.fakes.running_station import RunningStation
from tests.fakes.stall import Stall
from tests.fakes.waiting import wait_until


def test_a_stalled_station_thread_is_noticed_and_recovers(ready: RunningStation) -> None:
    stall = Stall()
    unsubscribe = ready.station.table.add_listener(stall)
    try:
        ready.pool.put({"LEVEL": 7.0})
        assert stall.hangs.wait(20.0)
        assert ready.station.health.is_evaluated
        ready.clock.advance(5.5)
        wait_until(lambda: not ready.station.health.is_evaluated)
        status = ready.command("P1.SPEED_SP", 45.0)
        assert (status.state, status.message) == (
            CommandState.REJECTED,
            "The station doesn't evaluate values at present",
        )
    finally:
        unsubscribe()
        stall.let_go()
    wait_until(lambda: ready.station.health.is_evaluated)
    ready.put_ready()
    assert ready.station.table.sample("LEVEL").quality == Quality.UNCERTAIN_LAST_USABLE
    assert ready.command("P1.SPEED_SP", 45.0).state is CommandState.VERIFIED


def test_a_thread_that_died_is_a_stall(ready: RunningStation) -> None:
    ready.station._thread.stop()
    ready.clock.advance(5.5)
    wait_until(lambda: not ready.station.health.is_evaluated)
    assert not ready.pool.put({"LEVEL": 7.0})


def test_an_overload_during_a_stall_is_counted(ready: RunningStation) -> None:
    stall = Stall()
    unsubscribe = ready.station.table.add_listener(stall)
    queue = ready.station._queue
    try:
        ready.pool.put({"LEVEL": -1.0})
        assert stall.hangs.wait(10)
        before = queue.counts
        capacity = queue._capacity = 10
        offered = [ready.pool.put({"LEVEL": float(value)}) for value in range(50)]
        counts = queue.counts
        assert counts.offered == before.offered + 50
        assert counts.dropped["queue full"] == offered.count(False) >= 50 - capacity
        assert ready.station.health.queue.dropped == offered.count(False)
    finally:
        unsubscribe()
        stall.let_go()
    wait_until(lambda: not queue.counts.queued)
    counts = queue.counts
    assert counts.offered == counts.applied + sum(counts.dropped.values())


def test_nothing_is_evaluated_before_the_start_and_after_the_stop(running: RunningStation) -> None:
    assert running.station.health.is_evaluated
    running.stop()
    assert not running.station.health.is_evaluated
