"""What differs between two definitions of an alarm, in words for the journal. Pure, any thread."""

from dataclasses import fields
from typing import Final

from plant_models.alarm_definition import AlarmDefinition, AlarmSettings
from plant_models.message import message

NEW_ALARM: Final = message("New alarm")
TAKEN_OUT: Final = message("The alarm was taken out")


def changes_of(before: AlarmDefinition, after: AlarmDefinition) -> str:
    """Return what was changed, as "limit 40 → 42, priority 3 → 2"; "" if nothing was."""
    if before == after:
        return ""
    changed = [
        field.name for field in fields(AlarmSettings) if getattr(before, field.name) != getattr(after, field.name)
    ]
    return ", ".join(f"{name} {_word(getattr(before, name))} → {_word(getattr(after, name))}" for name in changed)


def _word(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return "–" if value in (None, "") else str(value)
