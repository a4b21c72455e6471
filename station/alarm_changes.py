"""Changing the alarms of a running station: checked, recorded, written to alarms.csv, taken up. On its workers.

All or none: with any fault the folder and the running alarms stay as they were. Two people can't overwrite each other:
who changes names the version that they saw.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from alarms.changing import AlarmChanges
from alarms.definitions import alarms_of, version_of
from plant_models.alarm_definition import AlarmDefinition
from plant_models.message import message
from plant_models.plant import Plant
from plant_models.project.alarm_edit import ALARMS, prepare_alarms
from plant_models.project.alarm_exchange import difference
from plant_models.project.alarm_references import names_in
from plant_models.project.finding import PlantError
from plant_models.project.load import load_plant
from station.acts import Acts, act_entry
from station.alarm_words import difference_words
from station.protocol import ActResult, AlarmFile
from station.session import ENGINEERS, Session

KIND: Final = "alarms"
_SHOWN: Final = 5

UseAlarms = Callable[[Plant, Session, str], str]
"""Takes up the alarms of a plant, for a person with a reason; returns what is to be remembered of it, or "".

It raises ValueError, with words, if it can't; then the old ones must still be in force.
"""


class AlarmChanger:
    """Knows the alarms in force. One act at a time: `acts` sees to that."""

    def __init__(self, plant: Plant, acts: Acts, use: UseAlarms) -> None:
        self._plant = plant
        self._acts = acts
        self._use = use
        self._tags = frozenset(tag.name for tag in plant.tags)
        self._version = ""
        self._changed_by = ""

    @property
    def plant(self) -> Plant:
        """The plant with the alarms in force."""
        return self._plant

    @property
    def version(self) -> str:
        """The version in force; worked out when somebody first asks."""
        self._version = self._version or version_of(alarms_of(self._plant))
        return self._version

    def change(self, changes: AlarmChanges, session: Session) -> ActResult:
        """Change alarms and alarms.csv; blocks while the plant folder is checked."""
        count = len(changes.changed) + len(changes.removed)
        entry = act_entry(KIND, "", message("Change alarms: {count}", count=count), session, changes.reason)
        return self._acts.carry_out(
            entry, lambda: self._refusal(changes, session), partial(self._change, changes, session)
        )

    def look(self) -> AlarmFile:
        """Return what alarms.csv as it is now would change; blocks while the folder is checked."""
        try:
            on_disk = load_plant(self._plant.folder).alarms
        except PlantError as error:
            return AlarmFile(problems=tuple(str(finding) for finding in error.findings))
        alarms = self._living(on_disk)
        if lost := self._lost(on_disk, alarms):
            return AlarmFile(problems=(lost,))
        living = {alarm.name: alarm for alarm in alarms}
        found = difference(self._plant.alarms, alarms)
        return AlarmFile(
            version=self._version_with(alarms),
            changed=tuple(living[name] for name in (*found.changed, *found.added)),
            removed=found.removed,
            later=tuple(alarm.name for alarm in on_disk if alarm.name not in living),
        )

    def reload(self, session: Session, reason: str, seen: str = "") -> ActResult:
        """Take up alarms.csv as it is now, changed by whatever program; blocks while the folder is checked.

        With `seen` it is refused if the file now says something else than when it was looked at.
        """
        entry = act_entry(KIND, "", message("Read alarms.csv anew"), session, reason)
        return self._acts.carry_out(
            entry, lambda: self._not_allowed(session, reason), partial(self._reload, session, reason, seen)
        )

    def _refusal(self, changes: AlarmChanges, session: Session) -> str:
        if problem := self._not_allowed(session, changes.reason):
            return problem
        if changes.version != self.version:
            if self._changed_by:
                return message("Somebody changed the alarms meanwhile: {user}", user=self._changed_by)
            return message("The alarms are no longer those that you saw")
        if not (changes.changed or changes.removed):
            return message("There is nothing to change")
        names = {alarm.name for alarm in self._plant.alarms}
        unknown = next((name for name in sorted(changes.removed) if name not in names), "")
        return message("There is no alarm {name}", name=unknown) if unknown else ""

    def _not_allowed(self, session: Session, reason: str) -> str:
        folder = self._plant.folder
        if not session.user or not session.roles & ENGINEERS:
            return message("Only an engineer or an administrator may change alarms")
        if not reason.strip():
            return message("A change of alarms needs a reason")
        if not folder.is_dir():
            return message("The plant folder {folder} isn't on this computer", folder=folder)
        if not (os.access(folder, os.W_OK) and os.access(folder / ALARMS, os.W_OK)):
            return message("The plant folder {folder} can't be written", folder=folder)
        return ""

    def _change(self, changes: AlarmChanges, session: Session) -> str:
        on_disk = self._loaded()
        if difference(self._plant.alarms, self._living(on_disk.alarms)):
            raise ValueError(message("{file} was changed by another program: read it anew first", file=ALARMS))
        for alarm in changes.changed:
            for tag in (alarm.tag, *names_in(alarm)):
                if tag not in self._tags:
                    raise ValueError(message("The running station has no tag {tag}", tag=tag))
        try:
            edit = prepare_alarms(on_disk, _changed(on_disk.alarms, changes))
        except PlantError as error:
            raise ValueError(_findings(error)) from error
        edit.write()
        try:
            return self._take_up(self._living(edit.plant.alarms), session, changes.reason)
        except BaseException:
            edit.take_back()
            raise

    def _reload(self, session: Session, reason: str, seen: str) -> str:
        on_disk = self._loaded().alarms
        alarms = self._living(on_disk)
        if lost := self._lost(on_disk, alarms):
            raise ValueError(lost)
        if seen and seen != self._version_with(alarms):
            raise ValueError(message("{file} was changed again since you looked at it", file=ALARMS))
        if not difference(self._plant.alarms, alarms):
            return message("{file} says what is in force already", file=ALARMS)
        return self._take_up(alarms, session, reason)

    def _take_up(self, alarms: Sequence[AlarmDefinition], session: Session, reason: str) -> str:
        plant = replace(self._plant, alarms=tuple(alarms))
        words = difference_words(self._plant.alarms, plant.alarms)
        told = self._use(plant, session, reason)
        self._plant, self._version, self._changed_by = plant, "", session.user
        return "; ".join(filter(None, (words, told)))

    def _version_with(self, alarms: Iterable[AlarmDefinition]) -> str:
        return version_of(alarms_of(replace(self._plant, alarms=tuple(alarms))))

    def _lost(self, on_disk: Iterable[AlarmDefinition], living: Iterable[AlarmDefinition]) -> str:
        """Return why alarms in force would be lost to tags that only the next start has; "" if none would be."""
        in_force = {alarm.name for alarm in self._plant.alarms}
        lost = in_force.intersection(alarm.name for alarm in on_disk) - {alarm.name for alarm in living}
        if not lost:
            return ""
        return message("{alarm} names a tag that the running station doesn't have; restart it", alarm=min(lost))

    def _living(self, alarms: Iterable[AlarmDefinition]) -> list[AlarmDefinition]:
        """Return the alarms whose tags the running station has; others live from its next start on."""
        return [alarm for alarm in alarms if self._tags.issuperset((alarm.tag, *names_in(alarm)))]

    def _loaded(self) -> Plant:
        try:
            return load_plant(self._plant.folder)
        except PlantError as error:
            raise ValueError(_findings(error)) from error


def _changed(alarms: Iterable[AlarmDefinition], changes: AlarmChanges) -> list[AlarmDefinition]:
    """Return alarms with changes made: in their place, new ones at the end."""
    new = {alarm.name: alarm for alarm in changes.changed}
    kept = [new.pop(alarm.name, alarm) for alarm in alarms if alarm.name not in changes.removed]
    return [*kept, *new.values()]


def _findings(error: PlantError) -> str:
    """Return the first mistakes of a plant folder in words."""
    first = "; ".join(str(finding) for finding in error.findings[:_SHOWN])
    return message(
        "The plant folder would have {count} mistakes: {findings}", count=len(error.findings), findings=first
    )
