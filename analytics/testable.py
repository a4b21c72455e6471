"""Which alarms can be tested against history, and in words why others can't. Pure, any thread."""

import math
from collections.abc import Mapping
from typing import Final

from plant_models.alarm_definition import LIMIT_KINDS, AlarmDefinition, AlarmKind
from plant_models.message import message
from plant_models.tag import Tag

TESTABLE: Final = (*LIMIT_KINDS, AlarmKind.STATE, AlarmKind.DEVIATION, AlarmKind.RATE)
"""The others depend on what history doesn't keep: when a command was given, when a device was asked."""

_LONGEST_S: Final = 86_400.0


def references(definition: AlarmDefinition) -> tuple[str, ...]:
    """Return the tags beside its own that an alarm is judged by."""
    is_deviation = definition.kind is AlarmKind.DEVIATION
    needed = definition.reference if is_deviation else "", definition.limit_tag if _may_be_held(definition) else ""
    return tuple(filter(None, needed))


def why_not(definition: AlarmDefinition, tags: Mapping[str, Tag]) -> str:
    """Return why an alarm can't be tested against history, "" if it can."""
    if definition.kind not in TESTABLE:
        return message(
            "An alarm of the kind {kind} can't be tested against history; limits, states, deviations and rates can",
            kind=definition.kind.value,
        )
    if definition.kind is AlarmKind.DEVIATION and not definition.reference:
        return message("{alarm} has no reference to deviate from; name its tag", alarm=definition.name)
    for name in (definition.tag, *references(definition)):
        tag = tags.get(name)
        if tag is None:
            return message("There is no tag {tag}", tag=name)
        if tag.is_text:
            return message("{tag} is a text; an alarm compares numbers", tag=name)
    return _number_problem(definition)


def _number_problem(definition: AlarmDefinition) -> str:
    name, limit = definition.name, definition.limit
    is_held = definition.limit_tag and _may_be_held(definition)
    if not is_held and (limit is None or not math.isfinite(limit)):
        return message("{alarm} has no limit; give a number", alarm=name)
    if definition.kind is AlarmKind.RATE and not (limit and 0 < definition.window_s < math.inf):
        return message("{alarm} needs a limit that isn't 0 and a window of some seconds", alarm=name)
    spans_s = (definition.on_delay_s, definition.off_delay_s, definition.count_s, definition.window_s)
    if (
        not 0 <= definition.deadband < math.inf
        or definition.count < 0
        or not all(0 <= s <= _LONGEST_S for s in spans_s)
    ):
        return message(
            "The deadband, delays and count of {alarm} can't be negative, and no delay longer than a day", alarm=name
        )
    return ""


def _may_be_held(definition: AlarmDefinition) -> bool:
    """Whether a tag may hold the limit."""
    return definition.kind is AlarmKind.DEVIATION or definition.kind in LIMIT_KINDS
