"""How one alarm stands, and the row that shows it. Station thread, or a worker that holds the lock of the alarms."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from alarms.definitions import Alarm
from alarms.entry import JournalEntry
from alarms.snapshot import ALL_PRIORITIES, AlarmRow, PriorityCount
from alarms.states import NORMAL, AlarmState, Bits, state_of

_HIDDEN: Final = (AlarmState.SHLVD, AlarmState.DSUPR, AlarmState.OOSRV)


@dataclass(frozen=True, slots=True)
class Aside:
    """Who put an alarm aside, when and why (`why` begins with the work order, if there is one).

    `until_us` is the end of its shelf, or when its being out of service is to be reviewed (µs UTC).
    """

    by: str = ""
    at_us: int | None = None
    why: str = ""
    until_us: int | None = None
    is_one_shot: bool = False


NOT_ASIDE: Final = Aside()


@dataclass(slots=True)
class Standing:
    """What is kept of an alarm that something happened to. `is_bad_noted`: the journal knows that it is frozen.

    `shelvings` counts since it was last normal; `first_out` is as in AlarmRow.
    `raised_ns` are the newest times at which it was raised (monotonic), as many as chatter takes.
    """

    bits: Bits = NORMAL
    occurrence: int = 0
    count: int = 0
    active_us: int = 0
    changed_us: int = 0
    trip_value: float | None = None
    acked_by: str = ""
    acked_us: int | None = None
    is_bad_noted: bool = False
    aside: Aside = NOT_ASIDE
    shelvings: int = 0
    rule: str = ""
    note: str = ""
    first_out: int = 0
    raised_ns: tuple[int, ...] = ()
    is_chattering: bool = False

    @property
    def state(self) -> AlarmState:
        return state_of(self.bits)


def restored(entry: JournalEntry, unit: str) -> Standing:
    """Return how an alarm stood after its newest entry; a value that isn't in its present `unit` is dropped."""
    return Standing(
        bits=Bits(entry.bits),
        occurrence=entry.occurrence,
        count=entry.count,
        active_us=entry.active_us,
        changed_us=entry.at_us,
        trip_value=entry.trip_value if entry.unit == unit else None,
        acked_by=entry.acked_by,
        acked_us=entry.acked_us,
        is_bad_noted=bool(entry.quality),
        aside=Aside(
            entry.aside_by or "", entry.aside_us, entry.aside_why or "", entry.until_us, bool(entry.is_one_shot)
        ),
        shelvings=entry.shelvings or 0,
        rule=entry.rule or "",
        note=entry.note or "",
        first_out=entry.first_out or 0,
    )


def row_of(alarm: Alarm, standing: Standing, is_frozen: bool, is_masked: bool, limit: float | None) -> AlarmRow:
    """Return the row that people see; `limit` is the one in force."""
    definition = alarm.definition
    return AlarmRow(
        name=alarm.name,
        tag=definition.tag,
        kind=definition.kind,
        priority=definition.priority,
        state=standing.state,
        occurrence=standing.occurrence,
        count=standing.count,
        active_us=standing.active_us,
        changed_us=standing.changed_us,
        trip_value=standing.trip_value,
        limit=limit,
        unit=alarm.unit,
        text=definition.text,
        description=alarm.description,
        area=alarm.area,
        equipment=alarm.equipment,
        display=alarm.display,
        consequence=definition.consequence,
        action=definition.action,
        respond_min=definition.respond_min,
        acked_by=standing.acked_by,
        acked_us=standing.acked_us,
        is_frozen=is_frozen,
        is_masked=is_masked,
        alarm_class=definition.alarm_class,
        until_us=standing.aside.until_us,
        aside_by=standing.aside.by,
        aside_us=standing.aside.at_us,
        aside_why=standing.aside.why,
        is_one_shot=standing.aside.is_one_shot,
        rule=standing.rule,
        first_out=standing.first_out,
        note=standing.note,
        is_chattering=standing.is_chattering,
    )


def in_order(rows: Iterable[AlarmRow]) -> tuple[AlarmRow, ...]:
    """Return rows in the order of attention: see AlarmSnapshot."""
    return tuple(sorted(rows, key=_attention))


def counts_of(rows: Iterable[AlarmRow]) -> dict[int, PriorityCount]:
    """Count what is active and what is unacknowledged, by priority."""
    active, unacknowledged = dict.fromkeys(ALL_PRIORITIES, 0), dict.fromkeys(ALL_PRIORITIES, 0)
    for row in rows:
        active[row.priority] += row.state.is_active
        unacknowledged[row.priority] += row.state.is_unacknowledged
    return {priority: PriorityCount(active[priority], unacknowledged[priority]) for priority in ALL_PRIORITIES}


def number_or_none(value: float) -> float | None:
    """Return a value as people and databases know it: no NaN, no Inf."""
    return value if math.isfinite(value) else None


def _attention(row: AlarmRow) -> tuple[bool, bool, int, int, str]:
    return (row.state in _HIDDEN, not row.state.is_unacknowledged, row.priority, -row.active_us, row.name)
