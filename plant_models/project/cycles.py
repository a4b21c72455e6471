"""Finding things that need each other in a circle. Pure functions, any thread."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter


def find_cycles(needs: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Return circles such as ["A", "B", "A"] (A needs B, B needs A), each node in one circle at most."""
    left = {name: set(inputs) for name, inputs in needs.items()}
    cycles = []
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            cycle: list[str] = error.args[1][::-1]
            cycles.append(_from_smallest(cycle))
            for name in cycle[1:]:
                del left[name]
            continue
        return cycles


def _from_smallest(cycle: list[str]) -> list[str]:
    ring = cycle[:-1]
    start = ring.index(min(ring))
    return [*ring[start:], *ring[:start], ring[start]]
