"""Whether the alarm limits of each tag stand in order, LL < L < H < HH, within its range, and among its states.

Pure functions.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from plant_models.alarm_definition import LIMIT_KINDS, AlarmKind
from plant_models.equipment import Member
from plant_models.tag import DataType, Tag

Limit = tuple[str, AlarmKind, float | None]
"""Tag (or member), kind and limit of one alarm."""

Watched = Tag | Member


class LimitMistake(NamedTuple):
    """`position` is that of the alarm in the list."""

    position: int
    problem: str
    remedy: str


def check_limits(alarms: Sequence[Limit], watched: Mapping[str, Watched]) -> Iterator[LimitMistake]:
    """Yield what is wrong with the limits of `alarms`; `watched` gives the tags or members that they watch."""
    of_tag: dict[str, dict[AlarmKind, int]] = {}
    for position, (tag, kind, limit) in enumerate(alarms):
        same = of_tag.setdefault(tag, {})
        if kind in same:
            yield LimitMistake(position, f"a second {kind} alarm on {tag}", "keep one of them")
            continue
        same[kind] = position
        if limit is not None and tag in watched:
            if kind is AlarmKind.STATE:
                yield from _state(position, limit, watched[tag])
            elif kind in LIMIT_KINDS:
                yield from _alone(position, kind, limit, watched[tag])
        if kind is not AlarmKind.COMMUNICATION and limit is None:
            yield LimitMistake(position, f"a {kind} alarm without a limit", "give it a limit")
    for same in of_tag.values():
        ordered = [same[kind] for kind in LIMIT_KINDS if kind in same and alarms[same[kind]][2] is not None]
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
    for (_, (_, lower, low)), (position, (_, higher, high)) in pairwise(limits):
        if low is not None and high is not None and low >= high:
            problem = f"limit {higher} {high:g} is not above {lower} {low:g}"
            yield LimitMistake(position, problem, "keep them in the order LL < L < H < HH")
