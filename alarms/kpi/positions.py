"""Which alarms are an operator position's: those of its areas and of the areas in them. Any thread.

An alarm without an area, or of an area that no position watches, calls at every position: counted at none it would be
nobody's.
"""

from collections.abc import Iterator, Mapping, Sequence

from plant_models.alarm_philosophy import Position
from plant_models.plant import Area


class Watch:
    """The positions of a plant, by their numbers in `positions`."""

    def __init__(self, positions: Sequence[Position], areas: Sequence[Area]) -> None:
        self.positions = tuple(positions)
        self._parents: Mapping[str, str] = {area.name: area.parent for area in areas}
        self._everywhere = tuple(range(len(self.positions)))
        self._of_area: dict[str, tuple[int, ...]] = {"": self._everywhere}

    def of_area(self, area: str) -> tuple[int, ...]:
        """Return the numbers of the positions that an alarm of this area calls."""
        found = self._of_area.get(area)
        if found is None:
            above = frozenset(self._with_parents(area))
            found = tuple(at for at, each in enumerate(self.positions) if not each.areas or above & set(each.areas))
            found = self._of_area[area] = found or self._everywhere
        return found

    def _with_parents(self, area: str) -> Iterator[str]:
        seen: set[str] = set()
        while area and area not in seen:
            seen.add(area)
            yield area
            area = self._parents.get(area, "")
