"""What differs between two definitions of an alarm, in words for the journal. Pure, any thread."""

import re
from dataclasses import fields
from typing import Final

from plant_models.alarm_definition import AlarmDefinition, AlarmSettings
from plant_models.message import message

NEW_ALARM: Final = message("New alarm")
TAKEN_OUT: Final = message("The alarm was taken out")
_CONDITION: Final = (
    "enabled", "limit", "limit_tag", "reference", "window_s", "expression", "deadband", "on_delay_s", "off_delay_s",
    "count", "count_s",
)  # fmt: skip


def changes_of(before: AlarmDefinition, after: AlarmDefinition) -> str:
    """Return what was changed, as "limit 40 → 42, priority 3 → 2"; "" if nothing was."""
    if before == after:
        return ""
    changed = [
        field.name for field in fields(AlarmSettings) if getattr(before, field.name) != getattr(after, field.name)
    ]
    return ", ".join(f"{name} {_word(getattr(before, name))} → {_word(getattr(after, name))}" for name in changed)


def is_about_condition(words: str) -> bool:
    """Tell whether what the journal says of a change may be about when the alarm comes; a new one is."""
    return words.startswith(NEW_ALARM) or any(re.search(rf"\b{name}\b", words) for name in _CONDITION)


def _word(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return "–" if value in (None, "") else str(value)
