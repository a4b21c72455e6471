"""From changed samples to alarms: conditions turn, states follow, and every event becomes a journal entry. No I/O.

Runs on the station thread; an acknowledgement comes from a worker under the lock of `station.alarms`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.conditions import Conditions, Indices, Turns
from alarms.definitions import Alarm, version_of
from alarms.entry import NOBODY, Actor, JournalEntry, Moment
from alarms.snapshot import AlarmRow
from alarms.standing import Standing, in_order, number_or_none, restored, row_of
from alarms.states import NORMAL, AlarmEvent, AlarmState, Bits, change, state_of
from plant_models.alarm_definition import AlarmKind
from plant_models.batch import Batch
from plant_models.message import message
from plant_models.quality import Quality
from plant_models.source_time import believed_us

BAD_QUALITY: Final = "BADQ"
GOOD_QUALITY: Final = "GOODQ"
REMOVED: Final = "REMOVED"


@dataclass(frozen=True, slots=True)
class _Cause:
    """When it happened (µs UTC; at its source, if that clock can be believed), by which value, and who did it."""

    at_us: int
    value: float
    actor: Actor = NOBODY
    comment: str = ""


class AlarmEngine:
    """All alarms of a plant of `n_tags` tags. `revision` grows with each changed row."""

    def __init__(self, alarms: Sequence[Alarm], n_tags: int) -> None:
        self.alarms = tuple(alarms)
        self.config = version_of(alarms)
        self.revision = 0
        self._numbers: Mapping[str, int] = {alarm.name: number for number, alarm in enumerate(alarms)}
        self._row = np.array([alarm.row for alarm in alarms], np.intp)
        is_link = np.array([alarm.definition.kind is AlarmKind.COMMUNICATION for alarm in alarms], np.bool_)
        definitions = [alarm.definition for alarm in alarms]
        self._conditions = Conditions(definitions, self._row, n_tags, is_link)
        self._links = np.flatnonzero(is_link)
        self._link_row = self._row[self._links]
        self._is_of_device = np.array([alarms[number].is_of_device for number in self._links.tolist()], np.bool_)
        self._devices = tuple(dict.fromkeys(alarms[number].device for number in self._links.tolist()))
        places = {device: place for place, device in enumerate(self._devices)}
        self._device_of = np.array([places[alarms[number].device] for number in self._links.tolist()], np.intp)
        self._standings: dict[int, Standing] = {}
        self._present: set[int] = set()  # that are not normal
        self._outdated: set[int] = set()  # whose rows are older than they
        self._rows: dict[int, AlarmRow] = {}
        self._silent: frozenset[str] = frozenset()
        self._switched_off: frozenset[str] = frozenset()

    @property
    def rows(self) -> tuple[AlarmRow, ...]:
        """The alarms that are not normal, in the order of attention."""
        for number in self._outdated:
            alarm, standing = self.alarms[number], self._standings[number]
            self._rows[number] = row_of(alarm, standing, self._is_frozen(number), self._is_masked(number))
        self._outdated.clear()
        return in_order(self._rows.values())

    def restore(self, newest: Iterable[JournalEntry], at: Moment) -> list[JournalEntry]:
        """Take up alarms where the journal left them; returns entries for those that the plant no longer has.

        Nothing is raised: what was active stays so until a good value says otherwise.
        """
        removed = []
        for entry in newest:
            number = self._numbers.get(entry.alarm)
            if number is not None:
                self._standings[number] = standing = restored(entry)
                self._conditions.active[number] = bool(standing.bits & Bits.ACTIVE)
                self._show(number)
            elif state_of(Bits(entry.bits)) is not AlarmState.NORM:
                removed.append(_removal(entry, at, self.config))
        return removed

    def evaluate(self, batch: Batch, at: Moment) -> list[JournalEntry]:
        """Judge a changed batch; return what happened, in order."""
        turns, tags = self._conditions.evaluate(batch)
        entries = self._follow(turns, at)
        return entries + self._note_quality(tags, at) if len(tags) else entries

    def note_devices(self, silent: frozenset[str], switched_off: frozenset[str]) -> None:
        """Tell which devices don't answer, before what they sent is judged; those switched off needn't answer."""
        changed, self._silent, self._switched_off = silent ^ self._silent, silent, switched_off
        if changed:
            for number in [number for number in self._present if self.alarms[number].device in changed]:
                self._show(number)

    def pass_time(self, at: Moment) -> list[JournalEntry]:
        """Let delays end, and judge devices."""
        silent, switched_off = self._silent, self._switched_off
        entries = self._follow(self._conditions.pass_time(at.mono_ns), at)
        is_silent = np.array([device in silent for device in self._devices], np.bool_)[self._device_of]
        is_off = np.array([device in switched_off for device in self._devices], np.bool_)[self._device_of]
        is_frozen = (self._link_row >= 0) & self._conditions.is_frozen[self._link_row]
        raises = ~is_off & np.where(self._is_of_device, is_silent | is_frozen, is_frozen & ~is_silent)
        clears = is_off | ~(is_silent | is_frozen)
        turns = self._conditions.drive(self._links, raises, clears, at.wall_us, at.mono_ns)
        return entries + self._follow(turns, at)

    def acknowledge(
        self, seen: AlarmSeen, actor: Actor, at: Moment, comment: str
    ) -> tuple[AckResult, JournalEntry | None]:
        """Acknowledge an alarm as it was seen; without an entry it was refused, and the result says why."""
        number = self._numbers.get(seen.name)
        standing = None if number is None else self._standings.get(number)
        if number is None or standing is None:
            return _refusal(seen, message("There is no alarm {name}", name=seen.name)), None
        if seen.occurrence != standing.occurrence:
            return _refusal(seen, message("It was raised again since you saw it")), None
        priority = self.alarms[number].definition.priority
        if seen.priority != priority:
            return _refusal(
                seen, message("Its priority is {now}, you saw {seen}", now=priority, seen=seen.priority)
            ), None
        refusal = change(standing.bits, AlarmEvent.ACK).refusal
        if refusal and standing.acked_by:
            refusal = message("It was acknowledged by {user}", user=standing.acked_by)
        if refusal:
            return _refusal(seen, refusal), None
        cause = _Cause(at.wall_us, self._value(number), actor, comment)
        return AckResult(seen.name, True), self._apply(number, AlarmEvent.ACK, at, cause)

    def _follow(self, turns: Turns, at: Moment) -> list[JournalEntry]:
        entries = []
        columns = turns.alarms.tolist(), turns.is_raised.tolist(), turns.values.tolist(), turns.at_us.tolist()
        for number, is_raised, value, at_us in zip(*columns, strict=True):
            event = AlarmEvent.ALM if is_raised else AlarmEvent.RTN
            entries.append(self._apply(number, event, at, _Cause(believed_us(at_us, at.wall_us), value)))
        return entries

    def _apply(self, number: int, event: AlarmEvent, at: Moment, cause: _Cause) -> JournalEntry:
        """Let an event happen to an alarm. Bits and conditions go together, so that none is without effect."""
        standing = self._standings.setdefault(number, Standing())
        before = standing.state
        step = change(standing.bits, event)
        standing.bits = step.bits
        standing.changed_us = cause.at_us
        if step.is_new:
            _begin(standing, before, cause, at.wall_us)
        if event is AlarmEvent.ACK:
            standing.acked_by, standing.acked_us = cause.actor.user, at.wall_us
        self._show(number)
        return self._entry(number, event.value, before, at, cause)

    def _note_quality(self, tags: Indices, at: Moment) -> list[JournalEntry]:
        """Note for alarms that are not normal that their input froze or thawed; the silence of a device says it all."""
        entries: list[JournalEntry] = []
        if not self._present:
            return entries
        for number in self._conditions.alarms_of(tags).tolist():
            if number not in self._present:
                continue
            self._show(number)
            standing, is_frozen = self._standings[number], self._is_frozen(number)
            if is_frozen == standing.is_bad_noted or self._is_masked(number):
                continue
            standing.is_bad_noted, standing.changed_us = is_frozen, at.wall_us
            event = BAD_QUALITY if is_frozen else GOOD_QUALITY
            cause = _Cause(at.wall_us, self._value(number))
            entries.append(self._entry(number, event, standing.state, at, cause))
        return entries

    def _show(self, number: int) -> None:
        """Let the row of an alarm be made anew, or removed."""
        standing = self._standings[number]
        self.revision += 1
        if standing.state is AlarmState.NORM:
            self._present.discard(number)
            self._outdated.discard(number)
            self._rows.pop(number, None)
            standing.is_bad_noted = False
        else:
            self._present.add(number)
            self._outdated.add(number)

    def _is_frozen(self, number: int) -> bool:
        alarm = self.alarms[number]
        is_link = alarm.definition.kind is AlarmKind.COMMUNICATION
        return not is_link and bool(self._conditions.is_frozen[alarm.row])

    def _is_masked(self, number: int) -> bool:
        alarm = self.alarms[number]
        return not alarm.is_of_device and alarm.device in self._silent

    def _value(self, number: int) -> float:
        return float(self._conditions.values_of(np.array([number]))[0])

    def _entry(self, number: int, event: str, before: AlarmState, at: Moment, cause: _Cause) -> JournalEntry:
        alarm, standing = self.alarms[number], self._standings[number]
        definition = alarm.definition
        return JournalEntry(
            at_us=cause.at_us,
            mono_ns=at.mono_ns,
            event=event,
            alarm=alarm.name,
            tag=definition.tag,
            kind=definition.kind.value,
            priority=definition.priority,
            from_state=before.value,
            to_state=standing.state.value,
            bits=int(standing.bits),
            occurrence=standing.occurrence,
            count=standing.count,
            active_us=standing.active_us,
            trip_value=standing.trip_value,
            acked_by=standing.acked_by,
            acked_us=standing.acked_us,
            value=number_or_none(cause.value),
            limit=definition.limit,
            unit=alarm.unit,
            quality=Quality.BAD if standing.is_bad_noted else Quality.GOOD,
            text=definition.text,
            area=alarm.area,
            user=cause.actor.user,
            seat=cause.actor.seat,
            roles=cause.actor.roles,
            comment=cause.comment,
            config=self.config,
        )


def _begin(standing: Standing, before: AlarmState, cause: _Cause, wall_us: int) -> None:
    """Begin a new occurrence; its number is the wall time, so that none is ever given twice."""
    standing.occurrence = max(standing.occurrence + 1, wall_us)
    standing.count = 1 if before is AlarmState.NORM else standing.count + 1
    standing.active_us = cause.at_us
    standing.trip_value = number_or_none(cause.value)
    standing.acked_by, standing.acked_us = "", None


def _removal(entry: JournalEntry, at: Moment, config: str) -> JournalEntry:
    """Tell that an alarm that was not normal is no longer configured."""
    return replace(
        entry,
        at_us=at.wall_us,
        mono_ns=at.mono_ns,
        event=REMOVED,
        from_state=entry.to_state,
        to_state=AlarmState.NORM.value,
        bits=int(NORMAL),
        value=None,
        quality=Quality.GOOD,
        user="",
        seat="",
        roles="",
        comment="",
        config=config,
    )


def _refusal(seen: AlarmSeen, words: str) -> AckResult:
    return AckResult(seen.name, False, words)
