"""The units that this person wants to see: the one place where a tag's unit turns into the shown one. GUI thread.

What reads it from other threads (the export) gets one `Shown` per tag. Everything behind the screens, commands and
their `seen` value included, stays in the plant's units.
"""

from collections.abc import Callable, Mapping
from functools import cache

from PySide6.QtCore import QObject, Signal

from hmi.units.quantities import QUANTITIES, Quantity, Unit
from hmi.units.shown import Shown, shown_in
from plant_models.tag import INTEGER_LIMITS, Tag


class Units(QObject):
    """By the name of a quantity the unit wanted for it; what isn't named is shown as in the plant."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._chosen: dict[str, str] = {}
        self._wanted: dict[str, tuple[Unit, Unit]] = {}
        self._shown: dict[tuple[str, int, bool], Shown] = {}

    @property
    def chosen(self) -> Mapping[str, str]:
        return self._chosen

    def choose(self, chosen: Mapping[str, str]) -> None:
        """Show these quantities in these units from now on, on every screen; unknown names are passed over."""
        pairs = [(each, each.unit(chosen.get(each.name, ""))) for each in QUANTITIES]
        known = {each.name: unit.name for each, unit in pairs if unit is not None}
        if known != self._chosen:
            self._chosen = known
            self._wanted = {name: pair for each, unit in pairs if unit for name, pair in _ways(each, unit)}
            self._shown = {}
            self.changed.emit()

    def shown(self, tag: Tag) -> Shown:
        """Return how the values of a tag are shown now."""
        way = self._wanted.get(tag.unit)
        if way is not None and _takes_whole_numbers_only(tag):
            way = None
        key = tag.unit, tag.decimals, way is None
        found = self._shown.get(key)
        if found is None:
            found = Shown(tag.unit, tag.decimals) if way is None else shown_in(way[1], way[0], tag.decimals)
            self._shown[key] = found
        return found


@cache
def units() -> Units:
    """Return the units of the application."""
    return Units()


def install_units(chosen: Mapping[str, str]) -> Callable[[], None]:
    """Show quantities in the chosen units; return the undo."""
    units().choose(chosen)
    return lambda: units().choose({})


def shown_as(tag: Tag) -> Shown:
    """Return how the values of a tag are shown now."""
    return units().shown(tag)


def _ways(quantity: Quantity, wanted: Unit) -> list[tuple[str, tuple[Unit, Unit]]]:
    """Return every spelling of a unit of the quantity with that unit and the wanted one."""
    return [(name, (unit, wanted)) for unit in quantity.units for name in (unit.name, *unit.others)]


def _takes_whole_numbers_only(tag: Tag) -> bool:
    """Whether people write whole numbers of the plant's unit to it: in another unit hardly any number would fit."""
    return tag.writable and tag.type in INTEGER_LIMITS and tag.raw_low is None
