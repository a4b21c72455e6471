"""What was before a start, taken up after alarms have been raised without it. Pure, any thread.

While the journal can't be read alarms begin from nothing: they are raised, and people act on them. When it can be read,
each alarm to which something happened gets two rows, so that nothing is claimed that wasn't so, and the rows of an
alarm stay a chain: UNREAD, before all of them, ends what was there; RECALL says what it is with both put together.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from alarms.ending import ended
from alarms.entry import JournalEntry, Moment
from alarms.standing import Standing
from alarms.states import NORMAL, AlarmEvent, Bits

UNREAD: Final = "UNREAD"
RECALL: Final = "RECALL"
Meanwhile = Mapping[str, Counter[str]]
"""By the name of an alarm how often each event happened to it since the start."""
NOTHING: Final[Meanwhile] = {}
_ASIDE: Final = Bits.SHELVED | Bits.OUT_OF_SERVICE
_ASIDE_EVENTS: Final = (
    AlarmEvent.SHELVE,
    AlarmEvent.UNSHELVE,
    AlarmEvent.OUT_OF_SERVICE,
    AlarmEvent.RETURN_TO_SERVICE,
)
_RULE_EVENTS: Final = (AlarmEvent.SUPPRESS, AlarmEvent.UNSUPPRESS)
_CALLED_AGAIN: Final = (AlarmEvent.ESC, AlarmEvent.REALM)


def is_open(entry: JournalEntry) -> bool:
    """Tell whether an alarm was anything but normal after an entry."""
    return Bits(entry.bits) != NORMAL


def unread(entry: JournalEntry, at: Moment, config: str) -> JournalEntry:
    """Tell that at a start nobody knew how an alarm stood, whose newest entry this is."""
    return replace(ended(entry, at, config), event=UNREAD)


def merged(before: Standing, now: Standing, events: Counter[str], is_told: bool = False) -> Standing:
    """Return how an alarm stands that stood as `before` at the start, and as `now` after `events` without knowing that.

    What was active, and was raised once since then, is one occurrence that goes on: it is counted once and stays
    acknowledged. What people did since the start counts more than what they did before. `is_told`: a device has said
    how the alarm stands and whether it is acknowledged, whatever was before.
    """
    raised = events[AlarmEvent.ALM.value]
    is_same = not is_told and (not raised or (raised == 1 and bool(before.bits & Bits.ACTIVE)))
    about = before if is_same else now
    acked = now if now.acked_us is not None else about
    is_aside_anew, is_ruled_anew = _any(events, *_ASIDE_EVENTS), is_told or _any(events, *_RULE_EVENTS)
    aside, rule = now if is_aside_anew else before, now if is_ruled_anew else before
    bits = _condition(before.bits, now.bits, events, is_same) | aside.bits & _ASIDE | rule.bits & Bits.SUPPRESSED
    if aside is before and aside.aside.is_one_shot and raised and not bits & Bits.ACTIVE:
        bits &= ~Bits.SHELVED  # it was to end with the condition
    is_counted_on = not is_same and now.count == raised
    return replace(
        now,
        bits=bits,
        changed_us=max(before.changed_us, now.changed_us),
        is_bad_noted=before.is_bad_noted or now.is_bad_noted,
        occurrence=max(before.occurrence, now.occurrence),
        count=about.count + (before.count if is_counted_on else 0),
        active_us=about.active_us,
        trip_value=about.trip_value,
        first_out=about.first_out,
        acked_by=acked.acked_by,
        acked_us=acked.acked_us,
        aside=aside.aside,
        rule=rule.rule,
        shelvings=before.shelvings + now.shelvings,
        note=now.note or before.note,
    )


def _condition(before: Bits, now: Bits, events: Counter[str], is_same: bool) -> Bits:
    """Return whether it is active, acknowledged and latched."""
    raised = events[AlarmEvent.ALM.value]
    bits = now & (Bits.ACTIVE | Bits.ACKED | Bits.LATCHED)
    if not events[AlarmEvent.RESET.value]:
        bits |= before & Bits.LATCHED
    if is_same and not raised:
        return bits & Bits.LATCHED | before & (Bits.ACTIVE | Bits.ACKED)
    if is_same and not _any(events, *_CALLED_AGAIN):
        bits |= before & Bits.ACKED
    return bits


def _any(events: Counter[str], *wanted: AlarmEvent) -> bool:
    return any(events[each.value] for each in wanted)
