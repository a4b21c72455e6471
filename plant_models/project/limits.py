"""Whether the alarm limits of each tag stand in order, LL < L < H < HH, and within its range. Pure functions."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from plant_models.alarm_definition import LIMIT_KINDS, AlarmKind

Limit = tuple[str, AlarmKind, float | None]
"""Tag (or member), kind and limit of one alarm."""

Range = tuple[float | None, float | None]


class LimitMistake(NamedTuple):
    """`position` is that of the alarm in the list."""

    position: int
    problem: str
    remedy: str


def check_limits(alarms: Sequence[Limit], ranges: Mapping[str, Range]) -> Iterator[LimitMistake]:
    """Yield what is wrong with the limits of `alarms`; `ranges` gives low and high of their tags."""
    of_tag: dict[str, dict[AlarmKind, int]] = {}
    for position, (tag, kind, limit) in enumerate(alarms):
        same = of_tag.setdefault(tag, {})
        if kind in same:
            yield LimitMistake(position, f"a second {kind} alarm on {tag}", "keep one of them")
            continue
        same[kind] = position
        yield from _alone(position, alarms[position], ranges.get(tag, (None, None)))
        if kind is not AlarmKind.COMMUNICATION and limit is None:
            yield LimitMistake(position, f"a {kind} alarm without a limit", "give it a limit")
    for same in of_tag.values():
        ordered = [same[kind] for kind in LIMIT_KINDS if kind in same and alarms[same[kind]][2] is not None]
        yield from _order([(position, alarms[position]) for position in ordered])


def _alone(position: int, alarm: Limit, bounds: Range) -> Iterator[LimitMistake]:
    _, kind, limit = alarm
    if limit is None or kind not in LIMIT_KINDS:
        return
    low, high = bounds
    if (low is not None and limit < low) or (high is not None and limit > high):
        spelled = f"{'' if low is None else f'{low:g}'} to {'' if high is None else f'{high:g}'}"
        yield LimitMistake(position, f"limit {kind} {limit:g} lies outside the range {spelled}", "use one within it")


def _order(limits: list[tuple[int, Limit]]) -> Iterator[LimitMistake]:
    for (_, (_, lower, low)), (position, (_, higher, high)) in pairwise(limits):
        if low is not None and high is not None and low >= high:
            problem = f"limit {higher} {high:g} is not above {lower} {low:g}"
            yield LimitMistake(position, problem, "keep them in the order LL < L < H < HH")
