"""From changed samples to alarms: conditions turn, states follow, and every event becomes a journal entry. No I/O.

Runs on the station thread; an acknowledgement comes from a worker under the lock of `station.alarms`.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.book import AlarmBook, Cause, Doubt, removal
from alarms.conditions import Conditions
from alarms.definitions import Alarm, version_of
from alarms.entry import Actor, JournalEntry, Moment
from alarms.snapshot import AlarmRow
from alarms.states import AlarmEvent, AlarmState, Bits, state_of
from alarms.verdicts import Indices, Turns
from alarms.watchers.watching import HeardNs
from plant_models.alarm_definition import AlarmKind
from plant_models.batch import Batch
from plant_models.source_time import believed_us


class AlarmEngine:
    """All alarms of a plant of `n_tags` tags, save those that devices raise themselves.

    `heard_ns` tells when the sources of tags were last heard of (`TagTable.heard_ns`); without it, only batches do.
    """

    def __init__(self, alarms: Sequence[Alarm], n_tags: int, heard_ns: HeardNs | None = None) -> None:
        self.alarms = tuple(alarms)
        self.config = version_of(alarms)
        self._numbers: Mapping[str, int] = {alarm.name: number for number, alarm in enumerate(alarms)}
        self._row = np.array([alarm.row for alarm in alarms], np.intp)
        is_link = np.array([_is_link(alarm) for alarm in alarms], np.bool_)
        self._conditions = Conditions(alarms, n_tags, heard_ns)
        self._links = np.flatnonzero(is_link)
        self._link_row = self._row[self._links]
        self._is_of_device = np.array([alarms[number].is_of_device for number in self._links.tolist()], np.bool_)
        self._devices = tuple(dict.fromkeys(alarms[number].device for number in self._links.tolist()))
        places = {device: place for place, device in enumerate(self._devices)}
        self._device_of = np.array([places[alarms[number].device] for number in self._links.tolist()], np.intp)
        self._book = AlarmBook(self.alarms.__getitem__, self.config, self._doubt)
        self._silent: frozenset[str] = frozenset()
        self._switched_off: frozenset[str] = frozenset()

    @property
    def rows(self) -> Iterable[AlarmRow]:
        """The alarms that are not normal."""
        return self._book.rows

    @property
    def revision(self) -> int:
        """A number that grows with each changed row."""
        return self._book.revision

    def restore(self, newest: Iterable[JournalEntry], at: Moment) -> list[JournalEntry]:
        """Take up alarms where the journal left them; returns entries for those that the plant no longer has.

        Nothing is raised: what was active stays so until a good value says otherwise.
        """
        removed = []
        for entry in newest:
            number = self._numbers.get(entry.alarm)
            if number is not None:
                standing = self._book.restore(number, entry)
                self._conditions.active[number] = bool(standing.bits & Bits.ACTIVE)
            elif state_of(Bits(entry.bits)) is not AlarmState.NORM:
                removed.append(removal(entry, at, self.config))
        return removed

    def evaluate(self, batch: Batch, at: Moment) -> list[JournalEntry]:
        """Judge a changed batch; return what happened, in order."""
        turns, changed = self._conditions.evaluate(batch)
        entries = self._follow(turns, at)
        return entries + self._note_quality(changed, at) if len(changed) else entries

    def note_devices(self, silent: frozenset[str], switched_off: frozenset[str]) -> None:
        """Tell which devices don't answer, before what they sent is judged; those switched off needn't answer."""
        changed, self._silent, self._switched_off = silent ^ self._silent, silent, switched_off
        self._conditions.note_devices(silent, switched_off)
        if changed:
            for number in [number for number in self._book.present if self.alarms[number].device in changed]:
                self._book.show(number)

    def pass_time(self, at: Moment) -> list[JournalEntry]:
        """Let delays end, and judge devices."""
        silent, switched_off = self._silent, self._switched_off
        entries = self._follow(self._conditions.pass_time(at), at)
        is_silent = np.array([device in silent for device in self._devices], np.bool_)[self._device_of]
        is_off = np.array([device in switched_off for device in self._devices], np.bool_)[self._device_of]
        is_frozen = self._conditions.is_unknown(self._link_row)
        raises = ~is_off & np.where(self._is_of_device, is_silent | is_frozen, is_frozen & ~is_silent)
        clears = is_off | ~(is_silent | is_frozen)
        turns = self._conditions.drive(self._links, raises, clears, at)
        return entries + self._follow(turns, at)

    def acknowledge(
        self, seen: AlarmSeen, actor: Actor, at: Moment, comment: str
    ) -> tuple[AckResult, JournalEntry | None]:
        """Acknowledge an alarm as it was seen; without an entry it was refused, and the result says why."""
        number = self._numbers.get(seen.name)
        refusal = self._book.refusal(number, seen)
        if refusal or number is None:
            return AckResult(seen.name, False, refusal), None
        cause = Cause(at.wall_us, self._value(number), actor, comment)
        return AckResult(seen.name, True), self._book.happen(number, AlarmEvent.ACK, at, cause)

    def _follow(self, turns: Turns, at: Moment) -> list[JournalEntry]:
        entries = []
        columns = turns.alarms.tolist(), turns.is_raised.tolist(), turns.values.tolist(), turns.at_us.tolist()
        for number, is_raised, value, at_us in zip(*columns, strict=True):
            event = AlarmEvent.ALM if is_raised else AlarmEvent.RTN
            entries.append(self._book.happen(number, event, at, Cause(believed_us(at_us, at.wall_us), value)))
        return entries

    def _note_quality(self, alarms: Indices, at: Moment) -> list[JournalEntry]:
        """Note for alarms that are not normal that their inputs froze or thawed; the silence of a device says it all.

        Rows are made anew for those whose limit moved, too.
        """
        entries: list[JournalEntry] = []
        if not self._book.present:
            return entries
        for number in alarms.tolist():
            if number not in self._book.present:
                continue
            self._book.show(number)
            doubt = self._doubt(number)
            if not doubt.is_masked:
                cause = Cause(at.wall_us, self._value(number))
                entries += self._book.note_quality(number, doubt.is_frozen, at, cause)
        return entries

    def _doubt(self, number: int) -> Doubt:
        alarm = self.alarms[number]
        return Doubt(self._conditions.is_frozen(number), not alarm.is_of_device and alarm.device in self._silent)

    def _value(self, number: int) -> float:
        return float(self._conditions.values_of(np.array([number]))[0])


def _is_link(alarm: Alarm) -> bool:
    return alarm.definition.kind is AlarmKind.COMMUNICATION and alarm.definition.enabled
