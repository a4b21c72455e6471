"""The thread that looks after the drivers."""

import logging

import pytest

from drivers.supervisor import Supervisor
from tests.fakes.clock import ManualClock
from tests.fakes.waiting import wait_until


@pytest.fixture(autouse=True)
def short_period(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.supervisor.PERIOD_S", 0.05)


def test_when_the_whole_program_stood_still_nobodys_silence_counts(clock: ManualClock) -> None:
    seen: list[int] = []
    supervisor = Supervisor(seen.append, clock)
    start_ns = clock.mono_ns()
    supervisor.start()
    wait_until(lambda: seen)
    assert seen[0] == start_ns
    clock.advance(60)
    wait_until(lambda: seen[-1] > start_ns)
    supervisor.stop()
    assert seen[-1] == start_ns + 60_000_000_000


def test_it_outlives_what_goes_wrong(clock: ManualClock, caplog: pytest.LogCaptureFixture) -> None:
    looks: list[int] = []

    def look(since_ns: int) -> None:
        looks.append(since_ns)
        raise ZeroDivisionError("on purpose")

    supervisor = Supervisor(look, clock)
    with caplog.at_level(logging.ERROR):
        supervisor.start()
        wait_until(lambda: len(looks) >= 2)
        supervisor.stop()
    assert {record.getMessage() for record in caplog.records} == {"the drivers can't be looked after"}


def test_one_that_never_started_can_be_stopped(clock: ManualClock) -> None:
    looks: list[int] = []
    Supervisor(looks.append, clock).stop()
    assert looks == []
