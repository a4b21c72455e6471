"""Which alarms the list shows. Priorities 1 and 2 pass every filter: nobody can hide them by accident. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarms.subject import Subject

ALWAYS_SHOWN: Final = 2
"""Down to this priority."""
_WILD: Final = {"*": r"[^\n]*", "?": r"[^\n]"}


@dataclass(frozen=True, slots=True)
class AlarmFilter:
    """`hidden` holds priorities; each word of `text` is looked for in tag, area, description and text, whatever its
    case, with * for any letters and ? for one.

    `subject` is what the alarms must be about, None for anything. `areas` and `states` are those that are shown, none
    for all. An alarm must have been raised at `since_us` or later, and before `before_us` (µs UTC).
    """

    text: str = ""
    hidden: frozenset[int] = frozenset()
    subject: Subject | None = None
    areas: frozenset[str] = frozenset()
    states: frozenset[AlarmState] = frozenset()
    since_us: int | None = None
    before_us: int | None = None

    @property
    def is_on(self) -> bool:
        """Whether anything may be left out."""
        is_timed = self.since_us is not None or self.before_us is not None
        return bool(self.text.strip() or self.hidden or self.subject or self.areas or self.states or is_timed)

    def passes(self, row: AlarmRow, area_title: str) -> bool:
        """Tell whether an alarm is shown."""
        return row.priority <= ALWAYS_SHOWN or self.wants(row, area_title)

    def wants(self, row: AlarmRow, area_title: str) -> bool:
        """Tell whether an alarm is what is looked for; the most urgent are shown though they aren't."""
        if row.priority in self.hidden or (self.subject is not None and not self.subject.holds(row)):
            return False
        if (self.areas and row.area not in self.areas) or (self.states and row.state not in self.states):
            return False
        if self.since_us is not None and row.active_us < self.since_us:
            return False
        if self.before_us is not None and row.active_us >= self.before_us:
            return False
        words = _patterns(self.text)
        if not words:
            return True
        text = "\n".join((row.tag, area_title, row.text, row.description)).casefold()
        return all(word.search(text) for word in words)


@lru_cache(maxsize=64)
def _patterns(text: str) -> tuple[re.Pattern[str], ...]:
    """Return what each word looks for."""
    words = text.casefold().split()
    return tuple(re.compile("".join(_WILD.get(each, re.escape(each)) for each in word)) for word in words)
