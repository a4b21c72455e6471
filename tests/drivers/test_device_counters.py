"""What people are told about a device."""

from drivers.counters import Counters
from drivers.health import LinkState
from tests.fakes.clock import ManualClock


def test_since_is_when_the_state_was_entered(clock: ManualClock) -> None:
    counters = Counters("PLC", clock)
    start_us = clock.wall_us()
    clock.advance(5)
    assert counters.enter(LinkState.DOWN, "no answer")
    clock.advance(5)
    assert not counters.enter(LinkState.DOWN, "connection refused")
    health = counters.snapshot()
    assert health.since_us == start_us + 5_000_000
    assert health.last_error == "connection refused"


def test_an_old_error_is_gone_once_connected_again(clock: ManualClock) -> None:
    counters = Counters("PLC", clock)
    counters.enter(LinkState.DOWN, "no answer")
    counters.enter(LinkState.CONNECTED)
    assert counters.snapshot().last_error == ""


def test_only_connecting_again_is_a_reconnection(clock: ManualClock) -> None:
    counters = Counters("PLC", clock)
    counters.enter(LinkState.DOWN, "no answer")
    counters.enter(LinkState.CONNECTED)
    assert counters.snapshot().reconnects == 0
    counters.enter(LinkState.DOWN, "no answer")
    counters.enter(LinkState.CONNECTED)
    assert counters.snapshot().reconnects == 1


def test_replies_time_outs_and_errors_are_counted(clock: ManualClock) -> None:
    counters = Counters("PLC", clock)
    counters.replied(2.5)
    counters.replied()
    counters.timed_out()
    counters.failed("exception 4")
    health = counters.snapshot()
    assert (health.requests, health.timeouts, health.errors) == (3, 1, 1)
    assert health.round_trip_ms == 2.5
    assert health.last_error == "exception 4"
