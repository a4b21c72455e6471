"""Stretches in which pens have no value, put together so that they can be drawn and named once. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from hmi.trends.trace import Gap


@dataclass(frozen=True, slots=True)
class NamedGap:
    """From when to when the pens of these names (letters) have no value; the quality is the first one's."""

    start_us: int
    end_us: int
    names: tuple[str, ...]
    quality: int


def named_gaps(gaps: Iterable[tuple[str, Gap]], start_us: int, end_us: int) -> tuple[NamedGap, ...]:
    """Return what (name, gap) pairs come to within a window: stretches that each name just those missing in them.

    Gaps of one name don't overlap. The quality of a stretch is that of its first name in order.
    """
    edges: list[tuple[int, bool, str, int]] = []
    for name, gap in gaps:
        if gap.end_us > start_us and gap.start_us < end_us:
            edges.append((max(gap.start_us, start_us), True, name, gap.quality))
            edges.append((min(gap.end_us, end_us), False, name, gap.quality))
    edges.sort()
    found: list[NamedGap] = []
    missing: dict[str, int] = {}
    for (at_us, is_begin, name, quality), (next_us, *_) in pairwise([*edges, (end_us, False, "", 0)]):
        if is_begin:
            missing[name] = quality
        else:
            missing.pop(name, None)
        if missing and next_us > at_us:
            _add(found, at_us, next_us, missing)
    return tuple(found)


def _add(found: list[NamedGap], start_us: int, end_us: int, missing: Mapping[str, int]) -> None:
    """Add a stretch, to the one before it if that is the same."""
    names = tuple(sorted(missing))
    quality = missing[names[0]]
    before = found[-1] if found else None
    if before is not None and (before.end_us, before.names, before.quality) == (start_us, names, quality):
        found[-1] = replace(before, end_us=end_us)
    else:
        found.append(NamedGap(start_us, end_us, names, quality))
