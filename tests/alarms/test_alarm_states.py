"""The state table of ISA-18.2, cell by cell, and what must hold for every reachable alarm and every event."""

from itertools import product

import pytest

from alarms.states import NORMAL, AlarmEvent, AlarmState, Bits, Change, change, state_of
from plant_models.message import Message

HIDDEN = Bits.SHELVED | Bits.SUPPRESSED | Bits.OUT_OF_SERVICE

# One row a state, one column an event. "ign": nothing changes; "REJ": refused with words; "a/b": b if it latches;
# "back": RETURNED below says where it comes back to.
EVENTS = ["ALM", "RTN", "ESC", "REALM", "ACK", "RESET", "SHELVE", "UNSHELVE", "DS+", "DS-", "OOS", "RTS"]
TABLE = """
NORM   UNACK  ign          ign    ign    REJ    REJ   SHLVD  REJ    DSUPR  ign    OOSRV  REJ
UNACK  ign    RTNUN/LATUN  UNACK  ign    ACKED  REJ   SHLVD  REJ    DSUPR  ign    OOSRV  REJ
ACKED  ign    NORM/LATAK   UNACK  UNACK  REJ    REJ   SHLVD  REJ    DSUPR  ign    OOSRV  REJ
RTNUN  UNACK  ign          ign    ign    NORM   REJ   SHLVD  REJ    DSUPR  ign    OOSRV  REJ
LATUN  UNACK  ign          ign    ign    LATAK  REJ   SHLVD  REJ    DSUPR  ign    OOSRV  REJ
LATAK  UNACK  ign          ign    ign    REJ    NORM  SHLVD  REJ    DSUPR  ign    OOSRV  REJ
SHLVD  SHLVD  SHLVD        SHLVD  ign    REJ    REJ   SHLVD  back   DSUPR  ign    OOSRV  REJ
DSUPR  DSUPR  DSUPR        DSUPR  ign    REJ    REJ   REJ    DSUPR  ign    back   OOSRV  REJ
OOSRV  OOSRV  OOSRV        OOSRV  ign    REJ    REJ   REJ    REJ    OOSRV  OOSRV  REJ    back
"""
CELLS = {
    (AlarmState(line.split()[0]), AlarmEvent(event)): cell
    for line in TABLE.strip().splitlines()
    for event, cell in zip(EVENTS, line.split()[1:], strict=True)
}


def reachable(is_latching: bool) -> set[Bits]:
    found, todo = {NORMAL}, [NORMAL]
    while todo:
        bits = todo.pop()
        after = {change(bits, event, is_latching).bits for event in AlarmEvent} - found
        found |= after
        todo += after
    return found


ALL = [(bits, is_latching) for is_latching in (False, True) for bits in sorted(reachable(is_latching))]
STEPS = [(bits, event, is_latching) for (bits, is_latching), event in product(ALL, AlarmEvent)]


def returned(bits: Bits, is_latching: bool) -> Bits:
    """Where an alarm comes back to when nothing hides it any more, as the table says it."""
    if bits & Bits.ACTIVE:
        return Bits.ACTIVE | Bits.LATCHED if is_latching else Bits.ACTIVE
    return bits & (Bits.LATCHED | Bits.ACKED) if bits & Bits.LATCHED else NORMAL


def back(bits: Bits, event: AlarmEvent, is_latching: bool) -> Bits:
    left = {
        AlarmEvent.UNSHELVE: Bits.SHELVED,
        AlarmEvent.UNSUPPRESS: Bits.SUPPRESSED,
        AlarmEvent.RETURN_TO_SERVICE: Bits.OUT_OF_SERVICE,
    }[event]
    rest = bits & ~left
    return rest if rest & HIDDEN else returned(rest, is_latching)


def test_as_many_alarms_and_transitions_as_the_enumeration_of_the_standard_gives() -> None:
    assert (len(reachable(False)), len(reachable(True))) == (24, 35)
    assert len(STEPS) == 288 + 420


def test_every_state_and_event_does_what_the_table_says() -> None:
    for step in STEPS:
        check_cell(*step)


def check_cell(bits: Bits, event: AlarmEvent, is_latching: bool) -> None:
    cell = CELLS[state_of(bits), event]
    done = change(bits, event, is_latching)
    if cell == "REJ":
        assert done == Change(bits, refusal=done.refusal)
        assert isinstance(done.refusal, Message)
        return
    assert not done.refusal
    if cell == "ign":
        assert done == Change(bits, is_ignored=True)
    elif cell == "back":
        assert done.bits == back(bits, event, is_latching)
    else:
        assert state_of(done.bits) is AlarmState(cell.split("/")[-1] if is_latching else cell.split("/")[0])


def test_what_holds_whatever_happens() -> None:
    for step in STEPS:
        check_invariants(*step)


def check_invariants(bits: Bits, event: AlarmEvent, is_latching: bool) -> None:
    done = change(bits, event, is_latching)
    before, after = state_of(bits), state_of(done.bits)
    is_shown, was_shown = not done.bits & HIDDEN, not bits & HIDDEN
    if is_shown and was_shown and done.bits & Bits.ACKED and not bits & Bits.ACKED:
        assert event is AlarmEvent.ACK, "nobody acknowledged it"
    if is_shown and done.bits & Bits.ACTIVE:
        assert after in (AlarmState.UNACK, AlarmState.ACKED), "an active alarm is shown as normal"
        assert bool(done.bits & Bits.LATCHED) is is_latching
    if bits & Bits.LATCHED and not done.bits & Bits.LATCHED:
        assert event is AlarmEvent.RESET, "a latch went without a reset"
    if done.is_ignored or done.refusal:
        assert done.bits == bits
    if done.is_annunciated:
        assert after is AlarmState.UNACK
    assert done.is_new is (event is AlarmEvent.ALM and not done.is_ignored)
    if after is AlarmState.UNACK and before is not AlarmState.UNACK:
        assert done.is_annunciated, "it became unacknowledged in silence"


def test_every_alarm_can_become_normal() -> None:
    way = [
        AlarmEvent.RETURN_TO_SERVICE,
        AlarmEvent.UNSUPPRESS,
        AlarmEvent.UNSHELVE,
        AlarmEvent.RTN,
        AlarmEvent.ACK,
        AlarmEvent.RESET,
    ]
    for bits, is_latching in ALL:
        for event in way:
            bits = change(bits, event, is_latching).bits
        assert state_of(bits) is AlarmState.NORM


def test_two_that_hide_overlap() -> None:
    """Suppressed while shelved: it comes back to the shelf, not to the list."""
    bits = NORMAL
    for event in ("ALM", "SHELVE", "DS+", "DS-"):
        bits = change(bits, AlarmEvent(event)).bits
    assert state_of(bits) is AlarmState.SHLVD
    bits = change(bits, AlarmEvent.SUPPRESS).bits
    bits = change(bits, AlarmEvent.UNSHELVE).bits  # the time on the shelf ends underneath
    assert state_of(bits) is AlarmState.DSUPR
    assert state_of(change(bits, AlarmEvent.UNSUPPRESS).bits) is AlarmState.UNACK


@pytest.mark.parametrize("hide", [("DS+", "DS-"), ("OOS", "RTS")])
def test_a_latching_alarm_that_became_active_while_hidden_comes_back_latched(hide: tuple[str, str]) -> None:
    bits = NORMAL
    for event in (hide[0], "ALM", hide[1], "RTN"):
        bits = change(bits, AlarmEvent(event), is_latching=True).bits
    assert state_of(bits) is AlarmState.LATUN


def test_a_refusal_says_what_to_do_first() -> None:
    latched = Bits.LATCHED
    assert "acknowledged before" in change(latched, AlarmEvent.RESET, is_latching=True).refusal
    assert "shelved" in change(Bits.ACTIVE | Bits.SHELVED, AlarmEvent.ACK).refusal


def test_words_about_states() -> None:
    assert [state for state in AlarmState if state.is_active] == [AlarmState.UNACK, AlarmState.ACKED]
    waiting = [AlarmState.UNACK, AlarmState.RTNUN, AlarmState.LATUN]
    assert [state for state in AlarmState if state.is_unacknowledged] == waiting
