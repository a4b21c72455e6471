"""The alarms of a plant while they are read, each with the row it comes from. Any thread."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from plant_models.alarm_definition import AlarmDefinition
from plant_models.project.alarm_defaults import AlarmKey, Fields
from plant_models.project.alarm_section import column_of
from plant_models.project.finding import Finding
from plant_models.project.table import Table
from plant_models.project.tag_rows import TagList
from plant_models.tag import Tag


@dataclass(slots=True)
class AlarmList:
    """Alarms in their order; `origins[i]` is the row of alarms.csv that alarm i comes from, None if a type made it.

    `defaults` is what types say. As `Neighbours` it is all the tags.
    """

    table: Table
    tags: TagList
    defaults: Mapping[AlarmKey, Fields]
    alarms: list[AlarmDefinition] = field(default_factory=list)
    origins: list[int | None] = field(default_factory=list)
    taken: set[AlarmKey] = field(default_factory=set)
    _told: set[tuple[str, ...]] = field(default_factory=set)

    @property
    def word(self) -> str:
        return "tag"

    @property
    def names(self) -> Collection[str]:
        return self.tags.index

    def find(self, name: str) -> Tag | None:
        position = self.tags.index.get(name)
        return None if position is None else self.tags.tags[position]

    def may_exist(self, name: str) -> bool:
        return self.tags.knows(name)

    def add(self, alarm: AlarmDefinition, origin: int | None) -> None:
        """Take an alarm, the first of its key."""
        self.taken.add(key_of(alarm))
        self.alarms.append(alarm)
        self.origins.append(origin)

    def report(self, position: int, key: str, problem: str, remedy: str, findings: list[Finding]) -> None:
        """Add a finding at the cell that says `key` of an alarm; where the type says it, at the first equipment."""
        alarm, origin = self.alarms[position], self.origins[position]
        told = f"{alarm.tag}: {problem}"
        if origin is not None:
            if origin not in self.table.bad_rows:
                findings.append(self.table.finding(origin, column_of(key), told, remedy))
            return
        place = self.tags.index[alarm.tag]
        tag = self.tags.tags[place]
        same = (self.tags.instances.by_name[tag.equipment].type, tag.member, alarm.kind.value, alarm.id, key)
        if not self.tags.is_bad(place) and same not in self._told:
            self._told.add(same)
            findings.append(self.tags.finding(place, "name", told, remedy))

    def advise(self, position: int, key: str, problem: str, remedy: str, findings: list[Finding]) -> None:
        """Add advice at the cell that says `key` of an alarm, which comes from a row."""
        origin = self.origins[position]
        if origin is not None and origin not in self.table.bad_rows:
            place = self.table.finding(origin, column_of(key), f"{self.alarms[position].tag}: {problem}", remedy)
            findings.append(Finding(place.file, place.line, place.column, place.problem, place.remedy, True))


def key_of(alarm: AlarmDefinition) -> AlarmKey:
    """Return what tells an alarm from all others."""
    return alarm.tag, alarm.kind, alarm.id
