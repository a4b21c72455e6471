"""Finding things that need each other in a circle. Pure functions, any thread."""

from collections.abc import Iterable, Iterator, Mapping


def find_cycles(needs: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Return circles such as ["A", "B", "A"] (A needs B, B needs A): one for each need that closes a circle.

    A walk in depth, without recursion since chains may be long.
    """
    cycles: list[list[str]] = []
    finished: set[str] = set()
    for start in needs:
        path: dict[str, Iterator[str]] = {} if start in finished else {start: iter(needs[start])}
        while path:
            name = next(reversed(path))
            for needed in path[name]:
                if needed in path:
                    way = list(path)
                    cycles.append(_from_smallest(way[way.index(needed) :]))
                elif needed in needs and needed not in finished:
                    path[needed] = iter(needs[needed])
                    break
            else:
                finished.add(name)
                del path[name]
    return cycles


def _from_smallest(ring: list[str]) -> list[str]:
    start = ring.index(min(ring))
    return [*ring[start:], *ring[:start], ring[start]]
