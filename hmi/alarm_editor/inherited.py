"""What the equipment type of a tag says of an alarm, for whoever changes it. Pure, any thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hmi.context import Context
from hmi.i18n import tr
from plant_models.alarm_definition import AlarmDefinition
from plant_models.project.alarm_defaults import default_alarms


@dataclass(frozen=True, slots=True)
class Inherited:
    """The fields that a type says, by name; the `title` of the type is "" if there is none."""

    title: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)

    def says(self, name: str) -> bool:
        """Tell whether the type says anything in a field; an empty default says nothing."""
        return self.fields.get(name) not in (None, "", 0, 0.0, False)


def inherited_by(context: Context, definition: AlarmDefinition) -> Inherited:
    """Return the defaults of an alarm, in the unit of its tag."""
    tag, plant = context.tag(definition.tag), context.plant
    if tag is None or tag.equipment not in plant.equipment:
        return Inherited()
    found = default_alarms([tag], plant.equipment, plant.types).get((tag.name, definition.kind, definition.id))
    title = tr(context.type_of(plant.equipment[tag.equipment]).title)
    return Inherited() if found is None else Inherited(title, found)
