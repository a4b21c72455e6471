"""Which alarms the list shows. Priorities 1 and 2 pass every filter: nobody can hide them by accident. Pure."""

from dataclasses import dataclass
from typing import Final

from alarms.snapshot import AlarmRow

ALWAYS_SHOWN: Final = 2
"""Down to this priority."""


@dataclass(frozen=True, slots=True)
class AlarmFilter:
    """`hidden` holds priorities; `text` is looked for in tag, area, description and text, whatever its case."""

    text: str = ""
    hidden: frozenset[int] = frozenset()

    def passes(self, row: AlarmRow, area_title: str) -> bool:
        """Tell whether an alarm is shown."""
        if row.priority <= ALWAYS_SHOWN:
            return True
        if row.priority in self.hidden:
            return False
        wanted = self.text.strip().casefold()
        return wanted in "\n".join((row.tag, area_title, row.text, row.description)).casefold()
