"""Stretches in which pens have no value, put together so that they can be drawn and named once. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from hmi.trends.trace import Gap


@dataclass(frozen=True, slots=True)
class NamedGap:
    """From when to when the pens of these names (letters) have no value; the quality is the first one's."""

    start_us: int
    end_us: int
    names: tuple[str, ...]
    quality: int


def named_gaps(gaps: Iterable[tuple[str, Gap]], start_us: int, end_us: int) -> tuple[NamedGap, ...]:
    """Return what (name, gap) pairs come to within a window: overlapping stretches as one, with all their names."""
    inside = sorted(
        (max(gap.start_us, start_us), min(gap.end_us, end_us), name, gap.quality)
        for name, gap in gaps
        if gap.end_us > start_us and gap.start_us < end_us
    )
    found: list[NamedGap] = []
    for begin, end, name, quality in inside:
        if found and begin <= found[-1].end_us:
            last = found.pop()
            names = tuple(sorted({*last.names, name}))
            found.append(NamedGap(last.start_us, max(last.end_us, end), names, last.quality))
        else:
            found.append(NamedGap(begin, end, (name,), quality))
    return tuple(found)
