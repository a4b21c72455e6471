"""Which alarms the list shows. Priorities 1 and 2 pass every filter: nobody can hide them by accident. Pure."""

from dataclasses import dataclass
from typing import Final

from alarms.snapshot import AlarmRow
from hmi.alarms.subject import Subject

ALWAYS_SHOWN: Final = 2
"""Down to this priority."""


@dataclass(frozen=True, slots=True)
class AlarmFilter:
    """`hidden` holds priorities; `text` is looked for in tag, area, description and text, whatever its case.

    `subject` is what the alarms must be about, None for anything.
    """

    text: str = ""
    hidden: frozenset[int] = frozenset()
    subject: Subject | None = None

    @property
    def is_on(self) -> bool:
        """Whether anything may be left out."""
        return bool(self.text.strip() or self.hidden or self.subject)

    def passes(self, row: AlarmRow, area_title: str) -> bool:
        """Tell whether an alarm is shown."""
        return row.priority <= ALWAYS_SHOWN or self.wants(row, area_title)

    def wants(self, row: AlarmRow, area_title: str) -> bool:
        """Tell whether an alarm is what is looked for; the most urgent are shown though they aren't."""
        if row.priority in self.hidden or (self.subject is not None and not self.subject.holds(row)):
            return False
        wanted = self.text.strip().casefold()
        return wanted in "\n".join((row.tag, area_title, row.text, row.description)).casefold()
