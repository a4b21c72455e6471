"""Alarms that devices raise themselves: their conditions followed as alarms of the plant. No I/O.

The device decides what is active, acknowledged and suppressed; here it is said in the words of ISA-18.2, and kept in
the journal. What nobody has heard of since the device was lost is shown as frozen, never as gone. Station thread, or a
worker that holds the lock of the alarms.
"""

from collections.abc import Iterable, Mapping
from math import nan
from typing import Final

from alarms import acting
from alarms.acknowledgement import AlarmSeen
from alarms.acting import Handled
from alarms.book import AlarmBook, Cause, Doubt
from alarms.definitions import Alarm
from alarms.ending import removal
from alarms.entry import Actor, JournalEntry, Moment
from alarms.following import GONE, Stand, stand_of, way
from alarms.handling import AlarmAct, AlarmRequest
from alarms.recalling import NOTHING, Meanwhile, is_open
from alarms.source import AlarmSource
from alarms.standing import Standing
from alarms.states import NORMAL, AlarmEvent
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.condition import Condition, ConditionNews, ConditionsTold, ConditionsUnknown
from plant_models.message import message
from plant_models.source_time import believed_us

_LEAST_SEVERITIES: Final = ((801, 1), (601, 2), (401, 3))
"""The severity from which on a condition has a priority; below them, it has 4."""

_UNHEARD: Final = message("The device hasn't told of it since it was lost; try again when it has")
_LONGEST_US: Final = 366 * 86_400_000_000
"""How old an alarm that a device still remembers may be; an older time comes from a wrong clock."""


class DeviceAlarms(AlarmSource):
    """The alarms of those `devices` (name: description) that are asked for theirs; `config` marks the definitions."""

    def __init__(self, devices: Mapping[str, str], config: str) -> None:
        self._devices = devices
        self._config = config
        self._alarms: dict[int, Alarm] = {}
        self._numbers: dict[str, int] = {}
        self._given = 0
        self._newest: dict[int, Condition] = {}
        self._unheard: set[int] = set()  # since the device was lost
        self._told: set[str] = set()  # the devices that have said how all their conditions stand
        self._silent: frozenset[str] = frozenset()
        self._acknowledging: dict[str, tuple[Actor, str]] = {}
        self._book = AlarmBook(self._alarms.__getitem__, config, self._doubt, lambda _: None)

    def restore(self, newest: Iterable[JournalEntry], at: Moment, meanwhile: Meanwhile = NOTHING) -> list[JournalEntry]:
        """Take up alarms where the journal left them; returns entries for those of devices that aren't asked any more.

        Until a device has told of its conditions, nobody knows how they stand. What happened `meanwhile`, since the
        start, is put together with what was before; the device has the last word.
        """
        entries = []
        for entry in filter(is_open, newest):
            device = entry.alarm.partition(":")[0]
            number, events = self._numbers.get(entry.alarm), meanwhile.get(entry.alarm)
            if events is not None:
                if number is not None:  # else it has become normal since the start
                    entries += self._book.recall(number, entry, at, events, is_told=True)
                    self._forget_if_normal(number)
            elif device in self._devices:
                number = self._add(self._remembered(entry, device))
                self._unheard.add(number)
                self._book.restore(number, entry, at)
                if device in self._told:
                    entries += self._end(number, device, at)
            else:
                entries.append(removal(entry, at, self._config))
        return entries

    def note_devices(self, silent: frozenset[str]) -> None:
        """Tell which devices don't answer."""
        changed, self._silent = silent ^ self._silent, silent
        for device in changed:
            self._show(device)

    def take(self, news: ConditionNews, at: Moment) -> list[JournalEntry]:
        """Follow what a device told; return what happened, in order."""
        if isinstance(news, Condition):
            return self._follow(news, at)
        if isinstance(news, ConditionsUnknown):
            self._told.discard(news.device)
            self._unheard.update(self._of(news.device))
            self._show(news.device)
            return []
        return self._settle(news, at)

    def knows(self, name: str) -> bool:
        """Tell whether this is an alarm of a device that isn't normal."""
        return name in self._numbers

    def begin_acknowledgement(self, seen: AlarmSeen, actor: Actor, comment: str) -> Condition | str:
        """Return what the device is to acknowledge, or in words why it can't be.

        Should the device tell of it before it answers, the journal names `actor`. After a condition
        `end_acknowledgement` or `forget_acknowledgement` must follow.
        """
        number = self._numbers.get(seen.name)
        refusal = self._book.refusal(number, seen)
        if refusal or number is None:
            return refusal
        if number in self._unheard:
            return _UNHEARD
        if seen.name in self._acknowledging:
            return message("It is being acknowledged by {user}", user=self._acknowledging[seen.name][0].user)
        self._acknowledging[seen.name] = (actor, comment)
        return self._newest[number]

    def end_acknowledgement(self, seen: AlarmSeen, is_done: bool, at: Moment) -> list[JournalEntry]:
        """Note what the device said; return the entry of the acknowledgement unless its news have brought it before.

        One that was raised again meanwhile stays open: the device has the last word.
        """
        actor, comment = self._acknowledging.pop(seen.name)
        number = self._numbers.get(seen.name)
        if not is_done or number is None or self._book.refusal(number, seen):
            return []
        return self._book.happen(number, AlarmEvent.ACK, at, Cause(at.wall_us, nan, actor, comment))

    def handle(self, seen: AlarmSeen, request: AlarmRequest, actor: Actor, at: Moment) -> Handled:
        """Do here what is wanted with an alarm as it was seen: the device isn't asked."""
        number = self._numbers.get(seen.name)
        why = Cause(at.wall_us, nan, actor, request.comment)
        result, entries = acting.handle(self._book, number, seen, request, at, lambda _: why)
        if number is not None:
            if request.act in (AlarmAct.UNSHELVE, AlarmAct.RETURN_TO_SERVICE) and entries:
                entries = entries + self._realign(number, at)
            self._forget_if_normal(number)
        return result, entries

    def pass_time(self, at: Moment) -> list[JournalEntry]:
        """Let shelves end."""
        entries = self._book.pass_time(at)
        for number in dict.fromkeys(self._numbers[entry.alarm] for entry in entries):
            entries += self._realign(number, at)
            self._forget_if_normal(number)
        return entries

    def number_of(self, name: str) -> int | None:
        """Return the number of an alarm that isn't normal, None if there is none of this name."""
        return self._numbers.get(name)

    def alarm(self, number: int) -> Alarm:
        """Return the alarm of a number."""
        return self._alarms[number]

    def standing_of(self, number: int) -> Standing:
        """Return how an alarm stands."""
        return self._book.standings[number]

    @property
    def version(self) -> str:
        """The mark of the definitions in force, which entries carry."""
        return self._book.config

    @version.setter
    def version(self, mark: str) -> None:
        self._book.config = self._config = mark

    def forget_acknowledgement(self, name: str) -> None:
        """Let go of an acknowledgement whose end can't be noted; any thread."""
        self._acknowledging.pop(name, None)

    def _follow(self, condition: Condition, at: Moment) -> list[JournalEntry]:
        """Let an alarm become what the device says of it."""
        number = self._numbers.get(condition.key)
        to = stand_of(condition)
        if condition.device not in self._devices or (number is None and not way(NORMAL, to)):
            return []
        alarm = self._alarm_of(condition)
        if number is None:
            number = self._add(alarm)
        is_worse = alarm.definition.priority < self._alarms[number].definition.priority
        self._alarms[number], self._newest[number] = alarm, condition
        self._unheard.discard(number)
        at_us = _time_of(condition, at.wall_us)
        who = self._acknowledging.get(condition.key) or (Actor(condition.user, condition.device), condition.comment)
        entries = self._go(number, to, at, Cause(at_us, nan, *who), is_worse)
        if number in self._book.present:
            self._book.show(number)
            entries += self._book.note_quality(number, not condition.is_good, at, Cause(at.wall_us, nan))
        self._forget_if_normal(number)
        return entries

    def _settle(self, told: ConditionsTold, at: Moment) -> list[JournalEntry]:
        """Let what a device doesn't tell of be normal: it became so while nobody listened."""
        entries: list[JournalEntry] = []
        self._told.add(told.device)
        for number in self._of(told.device):
            if self._alarms[number].name in told.keys and number in self._newest:
                self._unheard.discard(number)
            else:
                entries += self._end(number, told.device, at)
        return entries

    def _end(self, number: int, device: str, at: Moment) -> list[JournalEntry]:
        """Let an alarm that its device doesn't tell of be normal."""
        entries = self._go(number, GONE, at, Cause(at.wall_us, nan, Actor(seat=device)))
        self._forget_if_normal(number)
        return entries

    def _go(self, number: int, to: Stand, at: Moment, cause: Cause, is_worse: bool = False) -> list[JournalEntry]:
        """Let happen what leads to a stand; a person is named for an acknowledgement only."""
        standing = self._book.standings.get(number)
        nobody = Cause(cause.at_us, cause.value)
        entries: list[JournalEntry] = []
        for event in way(standing.bits if standing else NORMAL, to, is_worse):
            entries += self._book.happen(number, event, at, cause if event is AlarmEvent.ACK else nobody)
        if entries and entries[-1].event == AlarmEvent.UNSHELVE.value:  # what left the shelf by itself
            entries += self._go(number, to, at, cause)
        return entries

    def _realign(self, number: int, at: Moment) -> list[JournalEntry]:
        """Lead an alarm that came back to the list to how its device last said that it stands."""
        newest = self._newest.get(number)
        if newest is None or number in self._unheard:
            return []
        return self._go(number, stand_of(newest), at, Cause(at.wall_us, nan, Actor(newest.user, newest.device)))

    def _add(self, alarm: Alarm) -> int:
        self._given += 1
        self._alarms[self._given] = alarm
        self._numbers[alarm.name] = self._given
        return self._given

    def _forget_if_normal(self, number: int) -> None:
        """Drop what is normal: devices make conditions as they like, and branches for every occurrence."""
        if number not in self._book.present:
            self._book.forget(number)
            self._unheard.discard(number)
            self._newest.pop(number, None)
            del self._numbers[self._alarms.pop(number).name]

    def _of(self, device: str) -> list[int]:
        return [number for number, alarm in self._alarms.items() if alarm.device == device]

    def _show(self, device: str) -> None:
        for number in self._of(device):
            self._book.show(number)

    def _doubt(self, number: int) -> Doubt:
        is_silent = self._alarms[number].device in self._silent
        return Doubt(is_silent or number in self._unheard or not self._newest[number].is_good, is_silent)

    def _alarm_of(self, condition: Condition) -> Alarm:
        priority = next((level for least, level in _LEAST_SEVERITIES if condition.severity >= least), 4)
        words = condition.text or condition.name or condition.id
        text = words if condition.source in words else f"{condition.source}: {words}"
        definition = AlarmDefinition(tag="", kind=AlarmKind.DEVICE, priority=priority, text=text)
        return Alarm(name=condition.key, definition=definition, device=condition.device, description=condition.name)

    def _remembered(self, entry: JournalEntry, device: str) -> Alarm:
        """Return what the journal knows of an alarm whose device hasn't told of it yet."""
        definition = AlarmDefinition(tag="", kind=AlarmKind.DEVICE, priority=entry.priority, text=entry.text)
        return Alarm(name=entry.alarm, definition=definition, device=device, description=self._devices[device])


def _time_of(condition: Condition, wall_us: int) -> int:
    """Return when something happened; what was asked for may be old."""
    if condition.is_recalled and wall_us - _LONGEST_US <= condition.at_us <= wall_us:
        return condition.at_us
    return believed_us(condition.at_us, wall_us)
