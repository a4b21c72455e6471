"""Which alarms can be tested against history, which by the journal, and in words why others can't. Pure, any thread."""

import math
from collections.abc import Mapping
from typing import Final

from alarms.named_tags import formula
from plant_models.alarm_definition import LIMIT_KINDS, AlarmDefinition, AlarmKind
from plant_models.message import message
from plant_models.tag import Tag

TESTABLE: Final = (
    *LIMIT_KINDS,
    AlarmKind.STATE,
    AlarmKind.DEVIATION,
    AlarmKind.RATE,
    AlarmKind.DISCREPANCY,
    AlarmKind.STUCK,
    AlarmKind.CALCULATED,
)
"""Those whose condition can be worked out from what history keeps."""
BY_WATCHER: Final = (AlarmKind.DISCREPANCY, AlarmKind.STUCK, AlarmKind.CALCULATED)
"""Those of them that hold or are clear without an excess over a limit."""
BY_JOURNAL: Final = (AlarmKind.COMMUNICATION, AlarmKind.NO_UPDATE, AlarmKind.DEVICE)
"""Those whose condition history doesn't keep: whether a device answered, when a tag was heard of, what a device thinks.
The journal has when they came and went."""

_HELD: Final = (*LIMIT_KINDS, AlarmKind.DEVIATION, AlarmKind.RATE, AlarmKind.STUCK)
"""The kinds whose limit a tag may hold."""
_COMPARED: Final = (AlarmKind.DEVIATION, AlarmKind.DISCREPANCY)
_LONGEST_S: Final = 86_400.0


def judged_tags(definition: AlarmDefinition) -> tuple[str, ...]:
    """Return the tags that an alarm is judged by: its own, what it is compared with, what holds its limit.

    A formula is judged by the tags in it.
    """
    kind = definition.kind
    if kind is AlarmKind.CALCULATED:
        return formula(definition.expression).inputs
    needed = (
        definition.tag,
        definition.reference if kind in _COMPARED else "",
        definition.limit_tag if kind in _HELD else "",
    )
    return tuple(filter(None, needed))


def why_not(definition: AlarmDefinition, tags: Mapping[str, Tag]) -> str:
    """Return why an alarm can't be tested against history, "" if it can."""
    kind, name = definition.kind, definition.name
    if kind not in TESTABLE:
        return message("An alarm of the kind {kind} can't be tested against history", kind=kind.value)
    if kind in _COMPARED and not definition.reference:
        return message("{alarm} has no tag that it is compared with; name one", alarm=name)
    if kind is AlarmKind.CALCULATED:
        problem = _formula_problem(definition)
        if problem:
            return problem
    for each in judged_tags(definition):
        tag = tags.get(each)
        if tag is None:
            return message("There is no tag {tag}", tag=each)
        if tag.is_text:
            return message("{tag} is a text; an alarm compares numbers", tag=each)
    return _limit_problem(definition) or number_problem(definition)


def number_problem(definition: AlarmDefinition) -> str:
    """Return what of the deadband, delays and count of an alarm makes no sense, "" if all does."""
    spans_s = (definition.on_delay_s, definition.off_delay_s, definition.count_s, definition.window_s)
    if (
        not 0 <= definition.deadband < math.inf
        or definition.count < 0
        or not all(0 <= s <= _LONGEST_S for s in spans_s)
    ):
        return message(
            "The deadband, delays and count of {alarm} can't be negative, and no delay longer than a day",
            alarm=definition.name,
        )
    return ""


def _formula_problem(definition: AlarmDefinition) -> str:
    try:
        inputs = formula(definition.expression).inputs
    except ValueError as error:
        return message("The formula of {alarm} can't be read: {problem}", alarm=definition.name, problem=str(error))
    if not inputs:
        return message("The formula of {alarm} names no tag; history has nothing to say of it", alarm=definition.name)
    return ""


def _limit_problem(definition: AlarmDefinition) -> str:
    kind, name, limit = definition.kind, definition.name, definition.limit
    is_held = bool(definition.limit_tag) and kind in _HELD
    if kind is AlarmKind.STUCK:
        if not definition.window_s > 0:
            return message("{alarm} needs a window of some seconds", alarm=name)
        if not is_held and not 0 <= (limit or 0.0) < math.inf:
            return message("The limit of {alarm} can't be negative", alarm=name)
        return ""
    if kind in (AlarmKind.DISCREPANCY, AlarmKind.CALCULATED):
        return ""
    if not is_held and (limit is None or not math.isfinite(limit)):
        return message("{alarm} has no limit; give a number", alarm=name)
    if kind is AlarmKind.RATE and not ((is_held or limit) and 0 < definition.window_s < math.inf):
        return message("{alarm} needs a limit that isn't 0 and a window of some seconds", alarm=name)
    return ""
