"""The thread around a job."""

import logging
import threading

import pytest

from drivers.health import DeviceHealth
from drivers.schedule import NEVER_NS
from drivers.worker import Worker
from drivers.writes import PendingWrite
from plant_models.clock import SystemClock
from tests.fakes.waiting import wait_until


class FakeJob:
    """Counts its calls; the first `broken` steps raise."""

    def __init__(self, broken: int = 0) -> None:
        self.broken = broken
        self.steps = 0
        self.failures: list[str] = []
        self.writes: list[PendingWrite] = []
        self.is_aborted = False
        self.closed_on = ""

    def step(self) -> int:
        self.steps += 1
        if self.steps <= self.broken:
            raise ZeroDivisionError("on purpose")
        return NEVER_NS

    def write(self, write: PendingWrite) -> None:
        self.writes.append(write)

    def health(self) -> tuple[DeviceHealth, ...]:
        return ()

    def abort(self) -> None:
        self.is_aborted = True

    def close(self) -> None:
        self.closed_on = threading.current_thread().name

    def fail(self, words: str) -> None:
        self.failures.append(words)


def test_a_job_sleeps_until_it_is_woken_and_is_closed_on_its_own_thread() -> None:
    job = FakeJob()
    worker = Worker("line", job, SystemClock())
    worker.start()
    wait_until(lambda: job.steps == 1)
    worker.wake()
    wait_until(lambda: job.steps == 2)
    worker.stop()
    assert worker.join(5)
    assert job.is_aborted
    assert job.closed_on == "line"


def test_an_exception_ends_at_the_worker_and_becomes_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    job = FakeJob(broken=1)
    worker = Worker("line", job, SystemClock())
    with caplog.at_level(logging.ERROR):
        worker.start()
        wait_until(lambda: job.failures)
        worker.wake()
        wait_until(lambda: job.steps == 2)
    worker.stop()
    assert worker.join(5)
    assert job.failures == ["Internal error: on purpose"]
    assert [record.getMessage() for record in caplog.records] == ["line: a step failed"]


def test_a_sleeping_worker_shows_that_it_is_alive() -> None:
    worker = Worker("line", FakeJob(), SystemClock())
    first = worker.heartbeat_ns
    worker.start()
    wait_until(lambda: worker.heartbeat_ns > first)
    second = worker.heartbeat_ns
    wait_until(lambda: worker.heartbeat_ns > second)
    worker.stop()
    assert worker.join(5)


def test_a_worker_that_never_started_can_be_stopped() -> None:
    worker = Worker("line", FakeJob(), SystemClock())
    worker.stop()
    assert worker.join(0)
