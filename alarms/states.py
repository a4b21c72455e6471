"""The ISA-18.2 state table: orthogonal bits, the state derived from them, and what each event does. Pure, any thread.

Two suppressions may overlap, so the state is never stored: an alarm that is suppressed while it is shelved comes back
to the shelf. ISA-18.2 leaves three choices to the site; here they are: an alarm that leaves shelf, suppression or
out-of-service with its condition active is annunciated again; one whose condition went while it was hidden is normal
without an acknowledgement; a latched alarm is acknowledged before it is reset.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntFlag, StrEnum
from functools import cache
from typing import Final

from plant_models.message import Message, message


class Bits(IntFlag):
    """What is kept of an alarm. ACTIVE is the condition after its delays; NORMAL is what a new alarm has."""

    ACTIVE = 1
    ACKED = 2
    LATCHED = 4
    SHELVED = 8
    SUPPRESSED = 16
    OUT_OF_SERVICE = 32


NORMAL: Final = Bits.ACKED
HIDDEN: Final = Bits.SHELVED | Bits.SUPPRESSED | Bits.OUT_OF_SERVICE
"""Whatever keeps an alarm from being annunciated."""


class AlarmState(StrEnum):
    """The states of ISA-18.2 and, between them, those of a latching alarm whose condition is gone."""

    NORM = "NORM"
    UNACK = "UNACK"
    ACKED = "ACKED"
    RTNUN = "RTNUN"
    LATUN = "LATUN"
    LATAK = "LATAK"
    SHLVD = "SHLVD"
    DSUPR = "DSUPR"
    OOSRV = "OOSRV"

    @property
    def is_active(self) -> bool:
        """Whether it is shown as active; what is hidden is not."""
        return self in (AlarmState.UNACK, AlarmState.ACKED)

    @property
    def is_unacknowledged(self) -> bool:
        """Whether a person still has to acknowledge it."""
        return self in (AlarmState.UNACK, AlarmState.RTNUN, AlarmState.LATUN)


class AlarmEvent(StrEnum):
    """What can happen to an alarm."""

    ALM = "ALM"
    RTN = "RTN"
    ESC = "ESC"
    REALM = "REALM"
    ACK = "ACK"
    RESET = "RESET"
    SHELVE = "SHELVE"
    UNSHELVE = "UNSHELVE"
    SUPPRESS = "DS+"
    UNSUPPRESS = "DS-"
    OUT_OF_SERVICE = "OOS"
    RETURN_TO_SERVICE = "RTS"


@dataclass(frozen=True, slots=True)
class Change:
    """What an event does. `refusal` says why it is refused, empty if it isn't; an ignored event is neither journalled.

    `is_new` begins a new occurrence, `is_annunciated` makes sound and blink start (again).
    """

    bits: Bits
    is_ignored: bool = False
    refusal: str = ""
    is_new: bool = False
    is_annunciated: bool = False


@cache
def state_of(bits: Bits) -> AlarmState:
    """Return the state that the bits mean: out of service over suppressed over shelved over the process states."""
    if bits & Bits.OUT_OF_SERVICE:
        return AlarmState.OOSRV
    if bits & Bits.SUPPRESSED:
        return AlarmState.DSUPR
    if bits & Bits.SHELVED:
        return AlarmState.SHLVD
    is_acked = bool(bits & Bits.ACKED)
    if bits & Bits.ACTIVE:
        return AlarmState.ACKED if is_acked else AlarmState.UNACK
    if bits & Bits.LATCHED:
        return AlarmState.LATAK if is_acked else AlarmState.LATUN
    return AlarmState.NORM if is_acked else AlarmState.RTNUN


@cache
def change(bits: Bits, event: AlarmEvent, is_latching: bool = False) -> Change:
    """Return what `event` does to an alarm with these bits."""
    return _HANDLERS[event](bits, is_latching)


def _alm(bits: Bits, is_latching: bool) -> Change:
    if bits & Bits.ACTIVE:
        return _ignored(bits)
    raised = bits | Bits.ACTIVE
    if not bits & HIDDEN:
        raised &= ~Bits.ACKED
    if is_latching and not bits & (Bits.SUPPRESSED | Bits.OUT_OF_SERVICE):
        raised |= Bits.LATCHED
    return Change(raised, is_new=True, is_annunciated=not bits & HIDDEN)


def _rtn(bits: Bits, _is_latching: bool) -> Change:
    return Change(bits & ~Bits.ACTIVE) if bits & Bits.ACTIVE else _ignored(bits)


def _esc(bits: Bits, _is_latching: bool) -> Change:
    if not bits & Bits.ACTIVE:
        return _ignored(bits)
    return Change(bits) if bits & HIDDEN else Change(bits & ~Bits.ACKED, is_annunciated=True)


def _realm(bits: Bits, _is_latching: bool) -> Change:
    if state_of(bits) is not AlarmState.ACKED:
        return _ignored(bits)
    return Change(bits & ~Bits.ACKED, is_annunciated=True)


def _ack(bits: Bits, _is_latching: bool) -> Change:
    if bits & HIDDEN:
        return _refused(bits, _HIDDEN_WORDS[state_of(bits)])
    if bits & Bits.ACKED:
        return _refused(bits, message("There is nothing to acknowledge"))
    return Change(bits | Bits.ACKED)


def _reset(bits: Bits, _is_latching: bool) -> Change:
    state = state_of(bits)
    if state is AlarmState.LATAK:
        return Change(bits & ~Bits.LATCHED)
    if state is AlarmState.LATUN:
        return _refused(bits, message("It must be acknowledged before it can be reset"))
    if bits & HIDDEN:
        return _refused(bits, _HIDDEN_WORDS[state])
    return _refused(bits, message("There is nothing to reset"))


def _shelve(bits: Bits, _is_latching: bool) -> Change:
    if bits & (Bits.SUPPRESSED | Bits.OUT_OF_SERVICE):
        return _refused(bits, _HIDDEN_WORDS[state_of(bits)])
    return Change(bits | Bits.SHELVED)


def _unshelve(bits: Bits, is_latching: bool) -> Change:
    if bits & Bits.OUT_OF_SERVICE:
        return _refused(bits, _HIDDEN_WORDS[AlarmState.OOSRV])
    if bits & Bits.SUPPRESSED:
        return Change(bits & ~Bits.SHELVED) if bits & Bits.SHELVED else _ignored(bits)
    if bits & Bits.SHELVED:
        return _shown_again(bits & ~Bits.SHELVED, is_latching)
    return _refused(bits, message("The alarm is not shelved"))


def _suppress(bits: Bits, _is_latching: bool) -> Change:
    return _ignored(bits) if bits & Bits.SUPPRESSED else Change(bits | Bits.SUPPRESSED)


def _unsuppress(bits: Bits, is_latching: bool) -> Change:
    if not bits & Bits.SUPPRESSED:
        return _ignored(bits)
    return _shown_again(bits & ~Bits.SUPPRESSED, is_latching)


def _out_of_service(bits: Bits, _is_latching: bool) -> Change:
    if bits & Bits.OUT_OF_SERVICE:
        return _refused(bits, _HIDDEN_WORDS[AlarmState.OOSRV])
    return Change(bits & ~Bits.SHELVED | Bits.OUT_OF_SERVICE)


def _return_to_service(bits: Bits, is_latching: bool) -> Change:
    if not bits & Bits.OUT_OF_SERVICE:
        return _refused(bits, message("The alarm is in service"))
    return _shown_again(bits & ~Bits.OUT_OF_SERVICE, is_latching)


def _shown_again(bits: Bits, is_latching: bool) -> Change:
    """Settle the bits of an alarm that one hiding left; another one may still hide it."""
    if bits & HIDDEN:
        return Change(bits)
    if bits & Bits.ACTIVE:
        latch = Bits.LATCHED if is_latching else Bits(0)
        return Change(bits & ~Bits.ACKED | latch, is_annunciated=True)
    return Change(bits if bits & Bits.LATCHED else bits | Bits.ACKED)


def _ignored(bits: Bits) -> Change:
    return Change(bits, is_ignored=True)


def _refused(bits: Bits, words: Message) -> Change:
    return Change(bits, refusal=words)


_HIDDEN_WORDS: Final = {
    AlarmState.SHLVD: message("The alarm is shelved"),
    AlarmState.DSUPR: message("The alarm is suppressed by design"),
    AlarmState.OOSRV: message("The alarm is out of service"),
}
_HANDLERS: Final[dict[AlarmEvent, Callable[[Bits, bool], Change]]] = {
    AlarmEvent.ALM: _alm,
    AlarmEvent.RTN: _rtn,
    AlarmEvent.ESC: _esc,
    AlarmEvent.REALM: _realm,
    AlarmEvent.ACK: _ack,
    AlarmEvent.RESET: _reset,
    AlarmEvent.SHELVE: _shelve,
    AlarmEvent.UNSHELVE: _unshelve,
    AlarmEvent.SUPPRESS: _suppress,
    AlarmEvent.UNSUPPRESS: _unsuppress,
    AlarmEvent.OUT_OF_SERVICE: _out_of_service,
    AlarmEvent.RETURN_TO_SERVICE: _return_to_service,
}
