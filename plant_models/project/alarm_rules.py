"""What one alarm must say for itself, by its kind, and what would be nonsense. Pure functions, any thread.

What needs its neighbours stands elsewhere: limits in `limits`, other tags in `alarm_references`.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from plant_models.alarm_definition import DECLARED_KINDS, LIMIT_KINDS, AlarmKind, AlarmSettings
from plant_models.equipment import Member
from plant_models.project import cells
from plant_models.tag import DataType, Tag

Watched = Tag | Member
"""What an alarm watches: a tag, or a member of a type."""


class AlarmMistake(NamedTuple):
    """What is wrong with the field `key` of an alarm."""

    key: str
    problem: str
    remedy: str


_LIMITED: Final = frozenset({"limit", "limit_tag", "deadband", "consequence_at"})
_SAYS: Final[Mapping[AlarmKind, frozenset[str]]] = {
    **dict.fromkeys(LIMIT_KINDS, _LIMITED),
    AlarmKind.RATE: frozenset({"limit", "limit_tag", "window_s", "deadband", "consequence_at"}),
    AlarmKind.DEVIATION: frozenset({"limit", "limit_tag", "reference", "deadband"}),
    AlarmKind.DISCREPANCY: frozenset({"reference"}),
    AlarmKind.STATE: frozenset({"limit"}),
    AlarmKind.STUCK: frozenset({"limit", "limit_tag", "window_s", "deadband"}),
    AlarmKind.NO_UPDATE: frozenset({"window_s"}),
    AlarmKind.COMMUNICATION: frozenset(),
    AlarmKind.CALCULATED: frozenset({"expression"}),
}
_OF_KINDS: Final = ("limit", "limit_tag", "reference", "window_s", "expression", "deadband", "consequence_at")
"""The fields that not every kind has."""
_NEEDED: Final[Mapping[str, str]] = {
    "reference": "name the tag that it is compared with",
    "window_s": "say over how many seconds",
    "expression": "write the formula",
}
_SECONDS: Final = ("on_delay_s", "off_delay_s", "window_s", "count_s", "deadband", "respond_min")
_ON_TEXTS: Final = (AlarmKind.COMMUNICATION, AlarmKind.NO_UPDATE, AlarmKind.CALCULATED)


def needs_limit(kind: AlarmKind) -> bool:
    """Tell whether alarms of a kind must have a limit; what is stuck without one doesn't move at all."""
    return kind is not AlarmKind.STUCK and "limit" in _SAYS.get(kind, ())


def alarm_mistakes(alarm: AlarmSettings, watched: Watched | None) -> Iterator[AlarmMistake]:
    """Yield what is wrong with an alarm on `watched`, None if that can't be told."""
    if alarm.kind not in DECLARED_KINDS:
        remedy = f"use {', '.join(DECLARED_KINDS)}"
        yield AlarmMistake("kind", f"only the program itself makes {alarm.kind} alarms", remedy)
        return
    yield from _of_its_kind(alarm)
    for key in _SECONDS:
        value = getattr(alarm, key)
        if value is not None and value < 0:
            yield AlarmMistake(key, f"{key} {value:g} is negative", "use 0 or more")
    if alarm.realarm_min is not None and alarm.realarm_min <= 0:
        yield AlarmMistake("realarm_min", f"realarm_min {alarm.realarm_min:g} is not above 0", "leave it out for never")
    if watched is not None and is_text(watched) and alarm.kind not in _ON_TEXTS:
        yield AlarmMistake("limit", f"a {alarm.kind} alarm on a text", "only comm, silent and calc alarms watch texts")
    yield from _limit(alarm)
    yield from _count(alarm)
    yield from _dates(alarm)


def is_text(watched: Watched) -> bool:
    """Tell whether what is watched has no number."""
    return watched.is_text if isinstance(watched, Tag) else watched.type is DataType.TEXT


def _of_its_kind(alarm: AlarmSettings) -> Iterator[AlarmMistake]:
    said = _SAYS[alarm.kind]
    for key in _OF_KINDS:
        is_given = getattr(alarm, key) not in (None, "", 0.0) or (key == "limit" and alarm.limit is not None)
        if is_given and key not in said:
            yield AlarmMistake(key, f"a {alarm.kind} alarm has no {key}", "leave it empty")
        elif not is_given and key in said and key in _NEEDED:
            yield AlarmMistake(key, f"a {alarm.kind} alarm without {key}", _NEEDED[key])
    if alarm.limit is not None and alarm.limit_tag and "limit_tag" in said:
        yield AlarmMistake("limit_tag", "both a limit and a limit_tag", "keep one of them")


def _limit(alarm: AlarmSettings) -> Iterator[AlarmMistake]:
    limit, end = alarm.limit, alarm.consequence_at
    if limit is None:
        return
    if alarm.kind is AlarmKind.RATE and limit == 0:
        yield AlarmMistake("limit", "a rate of 0", "use a rate above 0 for rising, below 0 for falling")
    if alarm.kind is AlarmKind.DEVIATION and limit <= 0:
        yield AlarmMistake("limit", f"a dev limit of {limit:g}", "use one above 0")
    if alarm.kind is AlarmKind.STUCK and limit < 0:
        yield AlarmMistake("limit", f"a stuck limit of {limit:g}", "use 0 or more; 0 for one that doesn't move at all")
    if end is None or alarm.kind not in LIMIT_KINDS:
        return
    if alarm.kind in (AlarmKind.HIGH, AlarmKind.HIGH_HIGH) and end <= limit:
        yield AlarmMistake("consequence_at", f"consequence_at {end:g} is not above the limit {limit:g}", "correct it")
    if alarm.kind in (AlarmKind.LOW, AlarmKind.LOW_LOW) and end >= limit:
        yield AlarmMistake("consequence_at", f"consequence_at {end:g} is not below the limit {limit:g}", "correct it")


def _count(alarm: AlarmSettings) -> Iterator[AlarmMistake]:
    if alarm.count and not alarm.count_s:
        yield AlarmMistake("count_s", "a count without count_s", "say within how many seconds")
    if alarm.count_s and not alarm.count:
        yield AlarmMistake("count", "count_s without a count", "say how often, 2 or more")
    if alarm.count < 0 or alarm.count == 1:
        yield AlarmMistake("count", f"a count of {alarm.count}", "use 2 or more, or 0 for none")


def _dates(alarm: AlarmSettings) -> Iterator[AlarmMistake]:
    for key in ("approved_on", "review_due"):
        value = getattr(alarm, key)
        try:
            if value:
                cells.iso_date(value)
        except ValueError as error:
            problem, _, remedy = str(error).partition("; ")
            yield AlarmMistake(key, problem, remedy)
    if alarm.approved_on and alarm.review_due and alarm.review_due <= alarm.approved_on:
        yield AlarmMistake("review_due", "the review is due before the approval", "correct one of the dates")
