"""Where in a refused block the hole is: a value that has no address, or a gap that can't be read across.

Binary search for the shortest beginning of the block that the device refuses. For n values it takes one question more
than log2 n, rounded up; what comes on the way is used. One hole is found; what lies beyond it is read next, and asked
about if it is refused too. Pure, any thread.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hole:
    """The value number `place` of a block is refused, or, if not `is_value`, the gap before it."""

    place: int
    is_value: bool


def find_hole(count: int, is_refused: Callable[[int, int], bool]) -> Hole:
    """Return the first hole among `count` values, at least two, that are refused together.

    `is_refused(first, stop)` asks for values `first` to `stop` - 1 and what lies between them.
    """
    came, refused = 0, count  # so many values from the first on come, or are refused, together
    while refused - came > 1:
        middle = (came + refused) // 2
        if is_refused(0, middle):
            refused = middle
        else:
            came = middle
    return Hole(came, came == 0 or is_refused(came, came + 1))
