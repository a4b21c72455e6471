"""How an alarm stands when what was before the start is known late: what people did since counts more."""

from collections import Counter

import pytest

from alarms.handling import AlarmAct
from alarms.recalling import merged
from alarms.standing import Aside, Standing
from alarms.states import AlarmEvent, Bits
from tests.fakes.alarm_bench import AlarmBench, high

ACTIVE, ACKED, LATCHED, SHELVED = Bits.ACTIVE, Bits.ACKED, Bits.LATCHED, Bits.SHELVED
SUPPRESSED, OUT = Bits.SUPPRESSED, Bits.OUT_OF_SERVICE
ADA = Aside("ada", 5, "cleaning", 100)
MO = Aside("mo", 7, "a valve", 200)


def before(bits: Bits, aside: Aside = ADA) -> Standing:
    """An alarm that was raised three times, acknowledged by Ada."""
    return Standing(bits, 10, 3, 20, 30, 1.5, "ada", 25, aside=aside, shelvings=2, rule="{X}", note="old", first_out=1)


@pytest.mark.parametrize(
    ("was", "now", "events", "bits"),
    [
        (ACTIVE | ACKED, ACTIVE, "ALM", ACTIVE | ACKED),  # it goes on, and stays acknowledged
        (ACTIVE | ACKED, Bits(0), "ALM RTN", ACKED),  # it goes on until now: normal
        (ACTIVE | ACKED, ACTIVE, "ALM RTN ALM", ACTIVE),  # the second one is new
        (ACTIVE | ACKED, ACTIVE, "ALM ACK REALM", ACTIVE),  # somebody was called again
        (ACTIVE, ACTIVE | ACKED, "ALM ACK", ACTIVE | ACKED),
        (Bits(0), ACTIVE, "ALM", ACTIVE),  # had returned, unacknowledged
        (ACKED | LATCHED, ACTIVE | LATCHED, "ALM", ACTIVE | LATCHED),
        (ACTIVE | LATCHED, ACKED, "ALM ACK RTN RESET", ACKED),
        (ACTIVE | LATCHED, ACKED, "ALM ACK RTN", ACKED | LATCHED),
        (ACTIVE | ACKED, ACKED, "COMMENT", ACTIVE | ACKED),  # nothing is known of the condition yet
        (SHELVED | ACTIVE, ACTIVE | ACKED, "ALM ACK", SHELVED | ACTIVE | ACKED),
        (SHELVED | ACTIVE, ACTIVE, "ALM SHELVE UNSHELVE", ACTIVE),
        (SHELVED | ACTIVE, ACTIVE | OUT, "ALM OUT_OF_SERVICE", ACTIVE | OUT),
        (OUT | ACKED, ACTIVE, "ALM", OUT | ACTIVE),
        (SUPPRESSED | ACKED, ACTIVE, "ALM", SUPPRESSED | ACTIVE),
        (SUPPRESSED | ACKED, ACTIVE | SUPPRESSED, "ALM SUPPRESS UNSUPPRESS SUPPRESS", ACTIVE | SUPPRESSED),
        (ACKED, ACTIVE | SUPPRESSED, "SUPPRESS ALM", ACTIVE | SUPPRESSED),
    ],
)
def test_bits_are_put_together(was: Bits, now: Bits, events: str, bits: Bits) -> None:
    happened = Counter(AlarmEvent[name].value if name != "COMMENT" else name for name in events.split())
    assert merged(before(was), Standing(now), happened).bits == bits


def test_one_occurrence_that_goes_on_is_counted_once_and_keeps_who_acknowledged_it() -> None:
    now = Standing(ACTIVE, 50, 1, 40, 45, 2.5)
    found = merged(before(ACTIVE | ACKED), now, Counter({"ALM": 1}))
    assert (found.count, found.active_us, found.trip_value, found.first_out) == (3, 20, 1.5, 1)
    assert (found.occurrence, found.changed_us) == (50, 45)  # what stands on the screen stays the same one
    assert (found.acked_by, found.acked_us, found.note, found.shelvings) == ("ada", 25, "old", 2)
    assert (found.aside, found.rule) == (ADA, "{X}")


def test_a_new_occurrence_counts_on_and_has_its_own_facts() -> None:
    now = Standing(ACTIVE | ACKED, 50, 2, 40, 45, 2.5, "mo", 44, aside=MO, note="new", shelvings=1)
    found = merged(before(Bits(0)), now, Counter({"ALM": 2, "ACK": 1, "SHELVE": 1}))
    assert (found.count, found.active_us, found.trip_value) == (5, 40, 2.5)
    assert (found.acked_by, found.acked_us, found.note, found.shelvings) == ("mo", 44, "new", 3)
    assert found.aside == MO
    normal_between = merged(before(Bits(0)), Standing(ACTIVE, 50, 1), Counter({"ALM": 2}))
    assert normal_between.count == 1


def test_a_shelf_for_once_ends_with_the_condition_that_ended_meanwhile() -> None:
    once = Aside("ada", 5, "cleaning", 100, is_one_shot=True)
    found = merged(before(ACTIVE | ACKED | SHELVED, once), Standing(Bits(0)), Counter({"ALM": 1, "RTN": 1}))
    assert found.bits == ACKED
    still = merged(before(ACTIVE | ACKED | SHELVED, once), Standing(ACTIVE), Counter({"ALM": 1}))
    assert still.bits == ACTIVE | ACKED | SHELVED


def test_of_an_alarm_of_a_device_the_device_has_the_last_word() -> None:
    found = merged(before(ACTIVE | ACKED | SUPPRESSED | SHELVED), Standing(ACTIVE), Counter({"ALM": 1}), is_told=True)
    assert found.bits == ACTIVE | SHELVED
    assert (found.aside, found.acked_us) == (ADA, None)


MORE_URGENT = (high(priority=3), high(priority=2))


def known_late(blind: AlarmBench, before: AlarmBench) -> AlarmBench:
    return blind.recalled([MORE_URGENT[1]], before.entries)


def acknowledged_and_started_blind() -> tuple[AlarmBench, AlarmBench]:
    """An alarm that was acknowledged, and a start with a higher priority of it, at which nobody knows that."""
    bench = AlarmBench([MORE_URGENT[0]])
    bench.put((0, 11.0))
    bench.acknowledge(bench.row("T0.H"))
    bench.clock.advance(60)
    blind = AlarmBench([MORE_URGENT[1]])
    blind.clock = bench.clock
    blind.put((0, 11.0))
    return bench, blind


def test_what_has_a_higher_priority_since_it_was_acknowledged_is_called_again() -> None:
    bench, blind = acknowledged_and_started_blind()
    again = known_late(blind, bench)
    assert [entry.event for entry in again.entries[-2:]] == ["RECALL", "ESC"]
    assert again.states() == {"T0.H": "UNACK"}


def test_what_was_acknowledged_at_its_higher_priority_stays_so() -> None:
    bench, blind = acknowledged_and_started_blind()
    assert blind.acknowledge(blind.row("T0.H")).is_done
    again = known_late(blind, bench)
    assert again.entries[-1].event == "RECALL"
    assert again.states() == {"T0.H": "ACKED"}


def test_what_was_shelved_at_its_higher_priority_stays_on_the_shelf() -> None:
    bench, blind = acknowledged_and_started_blind()
    assert blind.do("T0.H", AlarmAct.SHELVE).is_done
    assert known_late(blind, bench).states() == {"T0.H": "SHLVD"}
