"""Where an alarm belongs: its area, the display to go to, and what is to be known there. Pure, any thread."""

from collections.abc import Mapping

from alarms.family import parts
from plant_models.alarm_definition import AlarmDefinition
from plant_models.display_places import display_places
from plant_models.message import message
from plant_models.plant import Area, Plant
from plant_models.tag import Tag


class AlarmPlaces:
    """Finds places in one plant."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self._of_equipment = display_places(plant)
        self._of_tags = _tag_displays(plant)
        self._areas: Mapping[str, Area] = {area.name: area for area in plant.areas}
        self._titles: dict[str, tuple[tuple[str, str], ...]] = {}

    def area(self, definition: AlarmDefinition, tag: Tag) -> str:
        """Return the area of an alarm: its own, that of its tag, or that of the equipment."""
        equipment = self._plant.equipment.get(tag.equipment)
        return definition.area or tag.area or (equipment.area if equipment else "")

    def display(self, definition: AlarmDefinition, tag: Tag, area: str) -> str:
        """Return the display to go to: its own, else one that shows equipment or tag, what it is part of, or the area.

        "" if there is none.
        """
        if definition.display in self._plant.displays:
            return definition.display
        equipment, *above = parts(tag.equipment, self._plant.equipment) or ("",)
        shown = self._of_equipment.get(equipment) or self._of_tags.get(tag.name)
        if shown:
            return shown
        of_parents = (self._of_equipment[name] for name in above if name in self._of_equipment)
        of_areas = (each.display for each in self._up(area) if each.display in self._plant.displays)
        return next(of_parents, None) or next(of_areas, "")

    def guidance(self, definition: AlarmDefinition, tag: Tag, area: str) -> tuple[tuple[str, str], ...]:
        """Return who says what: the alarm, its equipment type, its areas from the nearest up."""
        equipment = self._plant.equipment.get(tag.equipment)
        made = self._plant.types.get(equipment.type) if equipment else None
        own = ((message("This alarm"), definition.guidance),) if definition.guidance else ()
        of_type = ((made.title, made.guidance),) if made and made.guidance else ()
        if area not in self._titles:
            self._titles[area] = tuple((each.title, each.guidance) for each in self._up(area) if each.guidance)
        return (*own, *of_type, *self._titles[area])

    def _up(self, name: str) -> list[Area]:
        """Return an area and those that it is part of, upwards."""
        line: list[Area] = []
        while (area := self._areas.get(name)) and area not in line:
            line.append(area)
            name = area.parent
        return line


def _tag_displays(plant: Plant) -> dict[str, str]:
    """Return for each tag the most detailed display that shows it by its name."""
    found: dict[str, str] = {}
    for display in sorted(plant.displays.values(), key=lambda display: -display.level):
        for item in display.layout.items:
            if item.tag:
                found.setdefault(item.tag, display.name)
    return found
