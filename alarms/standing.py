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


@dataclass(slots=True)
class Standing:
    """What is kept of an alarm that was raised at least once. `is_bad_noted`: the journal knows that it is frozen."""

    bits: Bits = NORMAL
    occurrence: int = 0
    count: int = 0
    active_us: int = 0
    changed_us: int = 0
    trip_value: float | None = None
    acked_by: str = ""
    acked_us: int | None = None
    is_bad_noted: bool = False

    @property
    def state(self) -> AlarmState:
        return state_of(self.bits)


def restored(entry: JournalEntry) -> Standing:
    """Return how an alarm stood after its newest entry."""
    return Standing(
        bits=Bits(entry.bits),
        occurrence=entry.occurrence,
        count=entry.count,
        active_us=entry.active_us,
        changed_us=entry.at_us,
        trip_value=entry.trip_value,
        acked_by=entry.acked_by,
        acked_us=entry.acked_us,
        is_bad_noted=bool(entry.quality),
    )


def row_of(alarm: Alarm, standing: Standing, is_frozen: bool, is_masked: bool) -> AlarmRow:
    """Return the row that people see."""
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
        limit=definition.limit,
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
