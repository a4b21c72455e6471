"""What alarms or events are asked about: a piece of equipment with all that belongs to it, or one tag. Pure."""

from dataclasses import dataclass

from alarms.snapshot import AlarmRow
from hmi.i18n import tr
from plant_models.plant import Plant


@dataclass(frozen=True, slots=True)
class Subject:
    """By exact names: RAW is neither RAWX nor a text with "raw" in it, but RAW.P1 if that is a part of RAW.

    `tags` also holds `name`, so that it is never empty.
    """

    name: str
    is_tag: bool
    equipment: frozenset[str]
    tags: frozenset[str]

    @property
    def words(self) -> str:
        """What people read."""
        return (tr("Tag: {name}") if self.is_tag else tr("Equipment: {name}")).format(name=self.name)

    def holds(self, row: AlarmRow) -> bool:
        """Tell whether an alarm is about it."""
        return row.equipment in self.equipment or row.tag in self.tags


def subject_of(plant: Plant, name: str) -> Subject:
    """Return a subject by the name of equipment or of a tag."""
    if name not in plant.equipment:
        return Subject(name, True, frozenset(), frozenset({name}))
    family = {name}
    level = family
    while level:
        level = {each.name for each in plant.equipment.values() if each.parent in level} - family
        family = family | level
    tags = {tag.name for tag in plant.tags if tag.equipment in family}
    return Subject(name, False, frozenset(family), frozenset(tags | {name}))
