"""Alarms judged one sample after the other, as plainly as can be: what the vectors must come to."""

import math
from collections.abc import Sequence

from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.quality import Quality, is_bad

Row = tuple[int, float, int]
"""µs UTC, value, quality."""


def is_usable(row: Row | None) -> bool:
    """Whether an alarm may be judged by a sample."""
    if row is None:
        return False
    return math.isfinite(row[1]) and not is_bad(row[2]) and row[2] != Quality.UNCERTAIN_LAST_USABLE


def newest(rows: Sequence[Row], at_us: int) -> Row | None:
    """Return the sample in force at a time."""
    return next((row for row in reversed(rows) if row[0] <= at_us), None)


def verdicts(definition: AlarmDefinition, past: dict[str, list[Row]]) -> list[tuple[int, bool, bool]]:
    """Return when the condition is judged, and whether it holds or is clear then."""
    own = past[definition.tag]
    names = [definition.tag]
    if definition.kind is AlarmKind.DEVIATION:
        names.append(definition.reference)
    if definition.limit_tag:
        names.append(definition.limit_tag)
    moments = {row[0] for name in names for row in past[name]}
    window_us = round(definition.window_s * 1e6)
    if definition.kind is AlarmKind.RATE:
        moments |= {row[0] + window_us for row in own if row[0] + window_us <= own[-1][0]}
    found = []
    for at_us in sorted(moments):
        now = {name: newest(past[name], at_us) for name in names}
        rows = list(now.values())
        if definition.kind is AlarmKind.RATE:
            rows += [newest(own, at_us - window_us), *(row for row in own if at_us - window_us <= row[0] <= at_us)]
        if not all(map(is_usable, rows)):
            found.append((at_us, False, False))
            continue
        found.append((at_us, *_verdict(definition, now, newest(own, at_us - window_us))))
    return found


def _verdict(definition: AlarmDefinition, now: dict[str, Row | None], before: Row | None) -> tuple[bool, bool]:
    values = {name: row[1] for name, row in now.items() if row}
    value, limit = values[definition.tag], values.get(definition.limit_tag, definition.limit)
    assert limit is not None
    if definition.kind is AlarmKind.STATE:
        return value == limit, value != limit
    if definition.kind is AlarmKind.DEVIATION:
        value = abs(value - values[definition.reference])
    if definition.kind is AlarmKind.RATE:
        assert before
        value = (value - before[1]) / (definition.window_s * 1e9 / 60e9)
    sign = -1 if definition.kind in (AlarmKind.LOW, AlarmKind.LOW_LOW) or limit < 0 else 1
    return value * sign > limit * sign, value * sign < limit * sign - definition.deadband


def turns(definition: AlarmDefinition, judged: list[tuple[int, bool, bool]], end_us: int) -> list[tuple[bool, int]]:
    """Return how the alarm turns: raised or cleared, and when."""
    on_us, off_us = round(definition.on_delay_s * 1e6), round(definition.off_delay_s * 1e6)
    window_us = round(definition.count_s * 1e6)
    is_active = holds = by_count = False
    due_us: int | None = None
    comings: list[int] = []
    found: list[tuple[bool, int]] = []

    def turn(at_us: int) -> None:
        nonlocal is_active, due_us, by_count
        is_active, due_us, by_count = not is_active, None, by_count and not is_active
        found.append((is_active, at_us))

    for at_us, raises, clears in judged:
        if due_us is not None and due_us <= at_us:
            turn(due_us)
        is_often = False
        if raises and not holds:
            comings.append(at_us)
            recent = [each for each in comings if at_us - each <= window_us]
            is_often = 0 < definition.count <= len(recent)
        holds = raises or (holds and not clears)
        if is_often and not is_active:
            turn(at_us)
            by_count = True
            continue
        if not (clears if is_active else raises):
            due_us = None
        elif due_us is None:
            delay_us = max(off_us, window_us if by_count else 0) if is_active else on_us
            due_us = at_us + delay_us
            if not delay_us:
                turn(at_us)
    if due_us is not None and due_us <= end_us:
        turn(due_us)
    return found
