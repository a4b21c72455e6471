"""What people are told about a device."""

import threading

from drivers.counters import CounterBook, Counters
from drivers.health import ExceptionCount, LinkState
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


def test_a_broken_request_is_a_request_without_a_reply(clock: ManualClock) -> None:
    counters = Counters("PLC", clock)
    counters.replied(1.0)
    counters.lost("The device closed the connection")
    health = counters.snapshot()
    assert (health.requests, health.replies, health.timeouts, health.errors) == (2, 1, 0, 1)
    assert health.last_error == "The device closed the connection"


def test_refusals_are_counted_by_their_code(clock: ManualClock) -> None:
    counters = Counters("PLC", clock)
    for code, words in (("2", "no such address"), ("6", "busy"), ("2", "no such address")):
        counters.failed(words, code, words)
    assert counters.snapshot().exceptions == (
        ExceptionCount("2", 2, "no such address"),
        ExceptionCount("6", 1, "busy"),
    )


def test_bytes_are_counted_by_direction_and_traced_with_what_they_are(clock: ManualClock) -> None:
    counters = Counters("PLC", clock)
    counters.on_frame(True, b"12345")
    counters.trace.switch(True)
    counters.describe = lambda _is_sent, data: f"{len(data)} bytes"
    counters.on_frame(False, b"123")
    health = counters.snapshot()
    assert (health.bytes_sent, health.bytes_received) == (5, 3)
    assert [(each.data, each.text) for each in counters.trace.view().frames] == [(b"123", "3 bytes")]


def test_overruns_drops_and_waiting_commands_are_told(clock: ManualClock) -> None:
    counters = Counters("PLC", clock)
    counters.overran()
    counters.overran(3)
    counters.lost_samples(120)
    counters.waiting_writes = lambda: 7
    health = counters.snapshot()
    assert (health.overruns, health.dropped, health.waiting_writes) == (4, 120, 7)


def test_the_clock_of_a_device_is_forgotten_with_its_connection(clock: ManualClock) -> None:
    counters = Counters("PLC", clock)
    counters.enter(LinkState.CONNECTED)
    counters.saw_clock(clock.wall_us() + 12_000_000, clock.wall_us())
    health = counters.snapshot()
    assert health.clock_skew_s == 12.0
    assert health.is_clock_wrong
    counters.enter(LinkState.DOWN, "no answer")
    assert counters.snapshot().clock_skew_s is None
    assert not counters.snapshot().is_clock_wrong


def test_no_count_is_lost_when_a_stuck_worker_and_its_successor_count_at_once(clock: ManualClock) -> None:
    book, each, workers = CounterBook(), 5_000, 4

    def work() -> None:
        counters = book.of("PLC", clock)
        for _ in range(each):
            counters.on_frame(True, b"12")
            counters.on_frame(False, b"3")
            counters.replied(1.0)
            counters.timed_out()
            counters.failed("busy", "6", "busy")

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seen = book.of("PLC", clock).snapshot()
        assert seen.requests == seen.replies + seen.timeouts
    for thread in threads:
        thread.join()
    health, total = book.of("PLC", clock).snapshot(), each * workers
    assert (health.requests, health.replies, health.timeouts, health.errors) == (2 * total, total, total, total)
    assert (health.bytes_sent, health.bytes_received) == (2 * total, total)
    assert health.exceptions == (ExceptionCount("6", total, "busy"),)
