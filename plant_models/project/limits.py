"""Whether the alarm limits of each tag stand in order, LL < L < H < HH, within its range, and among its states.

Alarms with an id of their own are in order among those of the same id. Pure functions.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from plant_models.alarm_definition import LIMIT_KINDS, AlarmKind
from plant_models.project.alarm_rules import Watched, needs_limit
from plant_models.tag import DataType


class Limit(NamedTuple):
    """Tag (or member), kind, id and limit of one alarm; `limit_tag` holds the limit instead."""

    tag: str
    kind: AlarmKind
    limit: float | None
    id: str = ""
    limit_tag: str = ""


class LimitMistake(NamedTuple):
    """`position` is that of the alarm in the list."""

    position: int
    problem: str
    remedy: str


def check_limits(alarms: Sequence[Limit], watched: Mapping[str, Watched]) -> Iterator[LimitMistake]:
    """Yield what is wrong with the limits of `alarms`; `watched` gives the tags or members that they watch."""
    of_tag: dict[tuple[str, str], dict[AlarmKind, int]] = {}
    for position, alarm in enumerate(alarms):
        tag, kind, limit = alarm.tag, alarm.kind, alarm.limit
        same = of_tag.setdefault((tag, alarm.id), {})
        if kind in same:
            yield LimitMistake(position, f"a second {kind} alarm on {tag}", "keep one of them, or give it an id")
            continue
        same[kind] = position
        if limit is not None and tag in watched:
            if kind is AlarmKind.STATE:
                yield from _state(position, limit, watched[tag])
            elif kind in LIMIT_KINDS:
                yield from _alone(position, kind, limit, watched[tag])
        if limit is None and needs_limit(kind) and not alarm.limit_tag:
            yield LimitMistake(position, f"a {kind} alarm without a limit", "give it a limit")
    for same in of_tag.values():
        ordered = [same[kind] for kind in LIMIT_KINDS if kind in same and alarms[same[kind]].limit is not None]
        yield from _order([(position, alarms[position]) for position in ordered])


def _state(position: int, limit: float, watched: Watched) -> Iterator[LimitMistake]:
    words = watched.states or (("off", "on") if watched.type is DataType.BOOL else ())
    if words and limit not in range(len(words)):
        known = ", ".join(f"{value} {word}" for value, word in enumerate(words))
        yield LimitMistake(position, f"{limit:g} is none of the states", f"use one of {known}")


def _alone(position: int, kind: AlarmKind, limit: float, watched: Watched) -> Iterator[LimitMistake]:
    low, high = watched.low, watched.high
    if (low is not None and limit < low) or (high is not None and limit > high):
        spelled = f"{'' if low is None else f'{low:g}'} to {'' if high is None else f'{high:g}'}"
        yield LimitMistake(position, f"limit {kind} {limit:g} lies outside the range {spelled}", "use one within it")


def _order(limits: list[tuple[int, Limit]]) -> Iterator[LimitMistake]:
    for (_, lower), (position, higher) in pairwise(limits):
        if lower.limit is not None and higher.limit is not None and lower.limit >= higher.limit:
            problem = f"limit {higher.kind} {higher.limit:g} is not above {lower.kind} {lower.limit:g}"
            yield LimitMistake(position, problem, "keep them in the order LL < L < H < HH")
