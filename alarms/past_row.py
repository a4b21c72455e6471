"""One row of the journal with what it tells of when an alarm was active. Immutable, any thread."""

from typing import NamedTuple

from alarms.states import Bits


class PastRow(NamedTuple):
    """A row as it stands in the journal; the names are those of `alarms.entry.JournalEntry`.

    A named tuple, since a chattering alarm has tens of thousands of them. Rows about lost events have no alarm.
    """

    alarm: str
    at_us: int
    recorded_us: int
    event: str
    bits: int
    comment: str = ""
    is_time_suspect: int | None = None
    condensed: int | None = None

    @property
    def time_us(self) -> int:
        """When it happened; when it was written, if the clock of its source was not believed."""
        return self.recorded_us if self.is_time_suspect else self.at_us

    @property
    def is_active(self) -> bool:
        """Whether the alarm is active after it, put aside or not."""
        return bool(self.bits & Bits.ACTIVE)
