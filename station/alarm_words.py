"""What differs between two lists of alarms, in one line for audit and terminal. Pure functions, any thread."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Final

from plant_models.alarm_definition import AlarmDefinition
from plant_models.project.alarm_exchange import difference
from plant_models.project.alarm_section import column_of
from plant_models.project.alarm_sheet import cell_of

_TOLD: Final = 40
_LONGEST: Final = 60


def difference_words(before: Sequence[AlarmDefinition], after: Sequence[AlarmDefinition]) -> str:
    """Return "changed: A.H (limit 8 → 9); added: B.L; removed: C.H"; long lists are cut, and say so."""
    found = difference(before, after)
    old, new = ({alarm.name: alarm for alarm in alarms} for alarms in (before, after))
    changed = [f"{name} ({', '.join(_steps(old[name], new[name]))})" for name in found.changed[:_TOLD]]
    told = (("changed", changed, found.changed), ("added", found.added, found.added))
    parts = [_part(*each) for each in (*told, ("removed", found.removed, found.removed))]
    return "; ".join(filter(None, parts))


def _part(word: str, told: Iterable[str], names: Sequence[str]) -> str:
    rest = len(names) - _TOLD
    more = f", and {rest} more" if rest > 0 else ""
    return f"{word}: {', '.join(list(told)[:_TOLD])}{more}" if names else ""


def _steps(old: AlarmDefinition, new: AlarmDefinition) -> Iterable[str]:
    for field in fields(AlarmDefinition):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after:
            column = column_of(field.name)
            yield f"{column} {_short(cell_of(column, before))} → {_short(cell_of(column, after))}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()} …"
