"""What an operator is told about an alarm, by whom, and how a text becomes steps. Pure, any thread.

An alarm has words of its own; its equipment type and the areas it lies in add theirs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from alarms.definitions import Alarm
from hmi.i18n import tr
from plant_models.alarm_definition import AlarmDefinition
from plant_models.equipment import AlarmTemplate
from plant_models.plant import Area, Plant

_NUMBERED: Final = re.compile(r"(?:^|\s)\d{1,2}[.)]\s+")
_BULLET: Final = re.compile(r"^(?:[-•*]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Guidance:
    """What `who` says ("" for the alarm itself)."""

    who: str
    words: str

    @property
    def text(self) -> str:
        """It as one text: "Area Works: keep the doors shut"."""
        return tr("{who}: {words}").format(who=self.who, words=tr(self.words)) if self.who else tr(self.words)


def guidance_of(plant: Plant, alarm: Alarm) -> tuple[Guidance, ...]:
    """Return all guidance for an alarm: its own, that of its type, then that of its areas, the nearest first."""
    definition, template = alarm.definition, template_of(plant, alarm.definition)
    said = [Guidance("", definition.guidance)]
    if template is not None and template.guidance:
        kind = tr(plant.types[plant.equipment[alarm.equipment].type].title)
        who = tr("Equipment type {name}").format(name=kind)
        if definition.guidance == template.guidance:
            said = []
        said.append(Guidance(who, template.guidance))
    for area in _areas(plant, alarm.area):
        said.append(Guidance(tr("Area {name}").format(name=area.title), area.guidance))
    return tuple(each for each in said if each.words.strip())


def template_of(plant: Plant, definition: AlarmDefinition) -> AlarmTemplate | None:
    """Return the default of an equipment type that an alarm comes from, None if it is of the plant alone."""
    equipment, _, member = definition.tag.rpartition(".")
    found = plant.equipment.get(equipment)
    if found is None:
        return None
    templates = plant.types[found.type].alarms
    wanted = (member, definition.kind, definition.id)
    return next((each for each in templates if (each.member, each.kind, each.id) == wanted), None)


def steps(text: str) -> tuple[str, ...]:
    """Return the steps of a text that has several, one a line or numbered; one step is the text itself."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and len(_NUMBERED.findall(lines[0])) > 1:
        lines = [part.strip() for part in _NUMBERED.split(lines[0]) if part.strip()]
    return tuple(_BULLET.sub("", line) for line in lines)


def _areas(plant: Plant, name: str) -> Iterator[Area]:
    by_name = {area.name: area for area in plant.areas}
    passed: set[str] = set()
    while name in by_name and name not in passed:
        passed.add(name)
        yield by_name[name]
        name = by_name[name].parent
