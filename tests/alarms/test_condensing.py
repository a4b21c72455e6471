"""A chattering alarm in the journal: nothing is dropped silently, nothing is out of order, and a minute is few rows."""

import pytest

from alarms.condensing import MINUTE_NS, WRITTEN, Condenser
from alarms.entry import JournalEntry
from alarms.handling import AlarmAct
from alarms.states import Bits
from tests.fakes.alarm_bench import AlarmBench, high


def turn(number: int, alarm: str = "A") -> JournalEntry:
    event, to = ("ALM", "UNACK") if number % 2 == 0 else ("RTN", "RTNUN")
    before = "UNACK" if event == "RTN" else ("RTNUN" if number else "NORM")
    return JournalEntry(
        at_us=number, mono_ns=number, event=event, alarm=alarm, from_state=before, to_state=to, bits=1 - number % 2
    )


def test_ordinary_events_pass_as_they_are() -> None:
    condenser = Condenser()
    entries = [turn(number) for number in range(WRITTEN)]
    assert condenser.take(entries, 0) == entries
    assert condenser.release_all() == []


def test_what_is_too_much_in_a_minute_becomes_one_row_with_its_number() -> None:
    condenser = Condenser()
    entries = [turn(number) for number in range(WRITTEN + 101)]
    assert condenser.take(entries, 0) == entries[:WRITTEN]
    assert condenser.take([], MINUTE_NS - 1) == []
    (row,) = condenser.take([], MINUTE_NS)
    assert (row.condensed, row.at_us, row.to_state) == (101, WRITTEN + 100, entries[-1].to_state)
    assert row.from_state == entries[WRITTEN].from_state
    assert condenser.take(entries[:2], MINUTE_NS) == entries[:2]  # a new minute


def test_what_a_person_does_comes_after_what_was_held_back() -> None:
    condenser = Condenser()
    condenser.take([turn(number) for number in range(WRITTEN + 4)], 0)
    ack = JournalEntry(at_us=99, mono_ns=99, event="ACK", alarm="A")
    other = JournalEntry(at_us=98, mono_ns=98, event="ACK", alarm="B")
    assert [row.condensed or row.event for row in condenser.take([other, ack], 1)] == ["ACK", 4, "ACK"]
    assert condenser.take([turn(WRITTEN + 4)], 2) == []
    assert [row.condensed for row in condenser.release_all()] == [1]


def test_each_alarm_has_a_minute_of_its_own() -> None:
    condenser = Condenser()
    condenser.take([turn(number) for number in range(WRITTEN + 1)], 0)
    assert condenser.take([turn(0, "B")], 1) == [turn(0, "B")]


@pytest.mark.parametrize("minutes", [10, pytest.param(60, marks=pytest.mark.soak)])
def test_an_hour_of_chatter_on_fifty_tags_is_bounded_and_counted_to_the_event(minutes: int) -> None:
    bench = AlarmBench([high(number) for number in range(50)], 50)
    condenser = Condenser()
    written: list[JournalEntry] = []
    events = 0
    for _ in range(minutes * 10):  # at a tenth of the rate, in the same minutes
        for value in (11.0, 1.0) * 5:
            bench.entries = []
            bench.put(*((number, value) for number in range(50)))
            events += len(bench.entries)
            written += condenser.take(bench.entries, bench.now.mono_ns)
        bench.clock.advance(6.0)
    written += condenser.release_all()
    assert events == 50 * minutes * 100
    assert sum(entry.condensed or 1 for entry in written) == events
    assert len(written) <= 50 * (minutes + 1) * (WRITTEN + 1)
    assert len(bench.rows) == 50
    assert all(row.is_chattering and row.count == minutes * 50 for row in bench.rows)
    newest = {entry.alarm: entry for entry in written}
    assert {entry.occurrence for entry in newest.values()} == {row.occurrence for row in bench.rows}


def test_the_mark_of_chatter_comes_with_the_third_in_a_minute_and_goes_with_the_peace() -> None:
    bench = AlarmBench([high(0)])
    for number in range(3):
        bench.put((0, 11.0))
        assert bench.row("T0.H").is_chattering == (number == 2)
        bench.clock.advance(20)
        bench.put((0, 1.0))
    bench.clock.advance(60)
    bench.put((0, 11.0))
    assert not bench.row("T0.H").is_chattering


def test_that_an_acknowledgement_no_longer_holds_is_never_held_back() -> None:
    """After a kill the newest row says how an alarm stands: only whether its condition holds may be older."""
    bench, condenser = AlarmBench([high(0, latching=True)]), Condenser()
    written: list[JournalEntry] = []
    for step in range(200):
        bench.entries = []
        bench.put((0, 11.0 if step % 2 == 0 else 1.0))
        if step % 7 == 0:
            bench.acknowledge(bench.row("T0.H"))
        if step % 11 == 0:
            bench.do("T0.H", AlarmAct.RESET)
        written += condenser.take(bench.entries, bench.now.mono_ns)
        standing = bench.engine.standing_of(0)
        assert (written[-1].bits ^ standing.bits) & ~Bits.ACTIVE == 0, step
    assert len(written) < 200
