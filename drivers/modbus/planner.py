"""Which blocks to read so that all tags of one table come with the least cost. Pure functions, any thread.

Cost model: one per request, plus a little per register, because a request costs about 70 µs of processor and a round
trip, a register some tenths of a µs. The dynamic programme below is exact for it.
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

REGISTER_COST: Final = 0.004
BIT_COST: Final = REGISTER_COST / 16


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The registers or bits of one value; never split."""

    offset: int
    count: int

    @property
    def end(self) -> int:
        return self.offset + self.count


@dataclass(frozen=True)
class Block:
    """One read request: the spans it serves, in order, and all that lies between them."""

    spans: tuple[Span, ...]

    @property
    def offset(self) -> int:
        return self.spans[0].offset

    @cached_property
    def count(self) -> int:
        return max(span.end for span in self.spans) - self.offset

    def halves(self) -> tuple["Block", "Block"]:
        """Return the block as two, each with half of the spans."""
        middle = len(self.spans) // 2
        return Block(self.spans[:middle]), Block(self.spans[middle:])


def plan(
    spans: Collection[Span], limit: int, cuts: Collection[int] = (), item_cost: float = REGISTER_COST
) -> tuple[Block, ...]:
    """Return the cheapest blocks of at most `limit` items (a span longer than that stands alone).

    No block reads across a cut: cut c forbids a block that holds both items c-1 and c (a hole the device refused).
    """
    ordered = sorted(set(spans))
    sorted_cuts = sorted(cuts)
    best = [0.0]
    first_of = [0]
    for last in range(len(ordered)):
        costs = [
            (best[first] + 1.0 + item_cost * size, first)
            for first, size in _sizes_ending_at(ordered, last, limit, sorted_cuts)
        ]
        cost, first = min(costs)
        best.append(cost)
        first_of.append(first)
    return _trace_back(ordered, first_of)


def _sizes_ending_at(spans: Sequence[Span], last: int, limit: int, cuts: Sequence[int]) -> list[tuple[int, int]]:
    """All (first, size) such that spans first … last may form one block."""
    found = [(last, spans[last].count)]
    end = spans[last].end
    for first in range(last - 1, -1, -1):
        offset = spans[first].offset
        end = max(end, spans[first].end)
        next_cut = bisect_right(cuts, offset)
        if end - offset > limit or (next_cut < len(cuts) and cuts[next_cut] < end):
            break
        found.append((first, end - offset))
    return found


def _trace_back(spans: Sequence[Span], first_of: Sequence[int]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    stop = len(spans)
    while stop:
        first = first_of[stop]
        blocks.append(Block(tuple(spans[first:stop])))
        stop = first
    return tuple(reversed(blocks))
