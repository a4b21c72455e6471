"""Which blocks to read so that all tags of one table come with the least cost. Pure functions, any thread.

Cost model: one per request, plus a little per register, because a request costs the round trip and the time until the
device answers, some ms, and a register some tenths of a µs. So little that a plan of the least cost never has more than
one request in 80 too many: 125 registers cost 1/80 of a request. The dynamic programme below is exact for this cost.
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

REGISTER_COST: Final = 0.0001
SERIAL_REGISTER_COST: Final = 0.05
"""On a line of 19,200 baud a register takes 1.1 ms, a request with its pauses and the device's own time some 20 ms."""
BITS_A_REGISTER: Final = 16
BIT_COST: Final = REGISTER_COST / BITS_A_REGISTER


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

    @property
    def end(self) -> int:
        return self.offset + self.count

    def part(self, first: int, stop: int) -> "Block":
        """Return the block of spans number `first` to `stop` - 1, and what lies between them."""
        return Block(self.spans[first:stop])


def plan(
    spans: Collection[Span], limit: int, cuts: Collection[int] = (), item_cost: float = REGISTER_COST
) -> tuple[Block, ...]:
    """Return the cheapest blocks of at most `limit` items (a span longer than that stands alone).

    No block reads across a cut: cut c forbids a block that holds both items c-1 and c (a hole that the device refused,
    or the beginning of a range that nothing may touch).
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
