"""What the journal tells of one alarm, and when it could tell anything. Immutable, any thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alarms.past_row import PastRow
from alarms.states import AlarmEvent


@dataclass(frozen=True, slots=True)
class AlarmPast:
    """`rows` in the order of the journal; `known` are the times in which the station ran (start and end, µs UTC)."""

    rows: Sequence[PastRow] = ()
    known: Sequence[tuple[int, int]] = ()

    @property
    def acknowledged_us(self) -> tuple[int, ...]:
        """When somebody acknowledged the alarm (µs UTC)."""
        return tuple(row.time_us for row in self.rows if row.event == AlarmEvent.ACK)


ReadPast = Callable[[str, int, int], AlarmPast]
"""Reads what the journal tells of an alarm, given by name, from a time to another (µs UTC); raises DatabaseError."""
