"""Which events lead an alarm from how it stood to how its device says that it stands. Pure, any thread.

The device has the state machine; ours follows, so that the journal tells of every step in the words of ISA-18.2, also
of those that were missed. Source: OPC UA Part 9, 5.5 to 5.8 and annex E (which state means which).
"""

from dataclasses import dataclass
from typing import Final

from alarms.states import HIDDEN, AlarmEvent, AlarmState, Bits, change, state_of
from plant_models.condition import Condition


@dataclass(frozen=True, slots=True)
class Stand:
    """How a device says that a condition stands. One that nobody needs any more is neither active nor open."""

    is_active: bool
    is_acked: bool
    is_suppressed: bool


GONE: Final = Stand(is_active=False, is_acked=True, is_suppressed=False)


def stand_of(condition: Condition) -> Stand:
    """Return how a condition stands by its newest event."""
    if not condition.is_retained:
        return GONE
    return Stand(condition.is_active, condition.is_acked, condition.is_suppressed)


def way(bits: Bits, to: Stand, is_worse: bool = False) -> list[AlarmEvent]:
    """Return the events, none of them without effect, that lead from `bits` to `to`.

    `is_worse`: its severity has risen. One that the device wants acknowledged anew was raised again, or returned,
    while nobody listened.
    """
    events: list[AlarmEvent] = []

    def go(*steps: AlarmEvent) -> None:
        nonlocal bits
        for step in steps:
            bits = change(bits, step).bits
            events.append(step)

    was_active = bool(bits & Bits.ACTIVE)
    if to.is_suppressed and not bits & Bits.SUPPRESSED:
        go(AlarmEvent.SUPPRESS)
    if was_active and not to.is_active:
        go(AlarmEvent.RTN)
    if bits & Bits.SUPPRESSED and not to.is_suppressed:
        go(AlarmEvent.UNSUPPRESS)
    if to.is_active:
        go(*_while_active(bits, to, is_worse))
    elif state_of(bits) is AlarmState.NORM and not to.is_acked:
        go(AlarmEvent.ALM, AlarmEvent.RTN)
    if to.is_acked and not bits & (HIDDEN | Bits.ACKED):
        go(AlarmEvent.ACK)
    return events


def _while_active(bits: Bits, to: Stand, is_worse: bool) -> tuple[AlarmEvent, ...]:
    if not bits & Bits.ACTIVE:
        return (AlarmEvent.ALM,)
    if is_worse:
        return (AlarmEvent.ESC,)
    is_open_again = state_of(bits) is AlarmState.ACKED and not to.is_acked
    return (AlarmEvent.REALM,) if is_open_again else ()
