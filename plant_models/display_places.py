"""Which display to open for a piece of equipment: from an alarm, from a search. Pure, any thread."""

from collections.abc import Mapping

from plant_models.display import Display
from plant_models.plant import Plant


def display_places(plant: Plant) -> Mapping[str, str]:
    """Return for each piece of equipment the display that shows it best; what no display shows is absent.

    A display of the equipment's own area comes first, then the more detailed one, then the one that draws it as a
    symbol and not only by its values.
    """
    best: dict[str, tuple[bool, int, bool]] = {}
    found: dict[str, str] = {}
    for display in plant.displays.values():
        for name, is_drawn in _shown(plant, display).items():
            equipment = plant.equipment[name]
            rank = (bool(equipment.area) and equipment.area == display.area, display.level, is_drawn)
            if name not in best or rank > best[name]:
                best[name], found[name] = rank, display.name
    return found


def _shown(plant: Plant, display: Display) -> dict[str, bool]:
    """Return the equipment on a display, and whether it is drawn as such."""
    owners = {tag.name: tag.equipment for tag in plant.tags}
    shown: dict[str, bool] = {}
    for item in display.layout.items:
        name = item.equipment or owners.get(item.tag, "")
        if name in plant.equipment:
            shown[name] = shown.get(name, False) or bool(item.equipment)
    return shown
