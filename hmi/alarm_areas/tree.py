"""The areas as panels of alarms show them: the uppermost ones, those within them, and one for all the rest. Pure.

The rest is what belongs to no area: the devices and the station itself.
"""

from collections.abc import Iterator
from typing import Final

from hmi.i18n import tr
from plant_models.plant import Plant

OTHER: Final = "@other"
"""The name of the rest; names of areas never begin with "@"."""


class AreaTree:
    """A plant with one area round everything shows what is within it."""

    def __init__(self, plant: Plant) -> None:
        self._titles = {area.name: area.title for area in plant.areas}
        self._parents = {area.name: area.parent for area in plant.areas if area.parent in self._titles}
        tops = [name for name in self._titles if name not in self._parents]
        while len(tops) == 1 and self.children(tops[0]):
            tops = list(self.children(tops[0]))
        self.tops: tuple[str, ...] = (*tops, OTHER)
        self._paths = {name: self._find_path(name) for name in self._titles}

    def title(self, name: str) -> str:
        """Return what people read."""
        return tr("Other") if name == OTHER else self._titles.get(name, name)

    def children(self, name: str) -> tuple[str, ...]:
        """Return the areas that are part of this one, in the order of the plant."""
        return tuple(each for each, parent in self._parents.items() if parent == name)

    def below(self, name: str) -> Iterator[tuple[str, int]]:
        """Yield the areas within one and how deep they lie in it, from 1, each below the one that it is part of."""
        for child in self.children(name):
            yield child, 1
            yield from ((each, depth + 1) for each, depth in self.below(child))

    def path(self, area: str) -> tuple[str, ...]:
        """Return everything that an alarm of an area counts for: the area, what it is part of, up to the uppermost."""
        return self._paths.get(area, (OTHER,))

    def holds(self, name: str, area: str) -> bool:
        """Tell whether an alarm of `area` counts for `name`."""
        return name in self.path(area)

    def areas(self, name: str) -> frozenset[str]:
        """Return the areas whose alarms count for one; "", which stands for no area, counts for OTHER."""
        return frozenset(each for each in ("", *self._titles) if self.holds(name, each))

    def _find_path(self, name: str) -> tuple[str, ...]:
        found = [name]
        while found[-1] not in self.tops and found[-1] in self._parents:
            found.append(self._parents[found[-1]])
        return tuple(found) if found[-1] in self.tops else (OTHER,)
