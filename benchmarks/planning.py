"""How many requests the planner needs against the fewest that can be, on small random cases. No device is involved.

The optimum is found by brute force: every way to share the values among requests is tried. Nothing of the planner's own
way to reckon is used, only the rules: a request reads at most `limit` items in a row, holds each value whole, and
touches no forbidden range.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from drivers.modbus.planner import Block, Span, plan

CASES: Final = 300
_MOST_VALUES: Final = 8

Forbidden = tuple[int, int]
"""First and last address, both included."""


@dataclass(frozen=True, slots=True)
class Case:
    """Values that are read from one table, at most `limit` items in a request."""

    spans: tuple[Span, ...]
    limit: int
    forbidden: tuple[Forbidden, ...] = ()

    def plan(self) -> tuple[Block, ...]:
        """Return the planner's requests."""
        return plan(self.spans, self.limit, {first for first, _ in self.forbidden})

    def is_allowed(self, spans: Sequence[Span]) -> bool:
        """Tell whether one request may read all these values."""
        start, end = min(span.offset for span in spans), max(span.offset + span.count for span in spans)
        return end - start <= self.limit and not any(first < end and start <= last for first, last in self.forbidden)

    def fewest(self) -> int:
        """Return the least number of requests over all ways to share the values among them."""
        return min(len(groups) for groups in _shares(self.spans) if all(self.is_allowed(group) for group in groups))


def planned_requests_vs_optimum(cases: int = CASES, seed: int = 1) -> float:
    """Return the planner's requests divided by the fewest possible, over random cases together."""
    source = random.Random(seed)
    found = [random_case(source) for _ in range(cases)]
    return sum(len(case.plan()) for case in found) / sum(case.fewest() for case in found)


def random_case(source: random.Random) -> Case:
    """Return up to eight values that don't overlap, some close together and some far apart, and forbidden ranges."""
    limit = source.choice((10, 32, 64, 100, 125))
    spans, forbidden = [], []
    offset = 0
    for _ in range(source.randint(1, _MOST_VALUES)):
        offset += source.choice((0, 1, source.randint(0, 20), source.randint(0, 200)))
        if source.random() < 0.1:
            length = source.randint(1, 10)
            forbidden.append((offset, offset + length - 1))
            offset += length
        spans.append(Span(offset, source.choice((1, 2, 4, 8))))
        offset += spans[-1].count
    return Case(tuple(spans), limit, tuple(forbidden))


def _shares(spans: tuple[Span, ...]) -> Iterator[list[list[Span]]]:
    """Yield every way to share `spans` among requests: 4,140 for eight of them."""
    if not spans:
        yield []
        return
    first, rest = spans[0], spans[1:]
    for groups in _shares(rest):
        yield [[first], *groups]
        for place, group in enumerate(groups):
            yield [*groups[:place], [first, *group], *groups[place + 1 :]]
