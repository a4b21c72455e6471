"""From changed samples to alarms: conditions turn, states follow, and every event becomes a journal entry. No I/O.

Runs on the station thread; an acknowledgement comes from a worker under the lock of `station.alarms`.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import nan

import numpy as np

from alarms import acting
from alarms.acknowledgement import AlarmSeen
from alarms.acting import Handled
from alarms.book import AlarmBook, Cause, Doubt
from alarms.conditions import Conditions
from alarms.config_words import NEW_ALARM, changes_of
from alarms.definitions import Alarm, version_of
from alarms.ending import removal
from alarms.entry import Actor, JournalEntry, Moment
from alarms.first_out import FirstOut
from alarms.handling import AlarmRequest
from alarms.recalling import NOTHING, Meanwhile, is_open
from alarms.source import AlarmSource
from alarms.standing import Standing, number_or_none
from alarms.states import AlarmEvent, AlarmState, Bits
from alarms.verdicts import Indices, Turns
from alarms.watchers.suppression import Suppression
from alarms.watchers.watching import HeardNs
from plant_models.alarm_definition import DISTANCE_KINDS, AlarmKind
from plant_models.alarm_philosophy import STANDARD_TARGETS, KpiTargets
from plant_models.batch import Batch
from plant_models.message import joined
from plant_models.source_time import believed_us


class AlarmEngine(AlarmSource):
    """All alarms of a plant of `n_tags` tags, save those that devices raise themselves; `targets` say what chatters.

    `heard_ns` tells when the sources of tags were last heard of (`TagTable.heard_ns`); without it, only batches do.
    `config` marks the definitions of which these are the enabled ones.
    """

    def __init__(
        self,
        alarms: Sequence[Alarm],
        n_tags: int,
        targets: KpiTargets = STANDARD_TARGETS,
        heard_ns: HeardNs | None = None,
        config: str = "",
    ) -> None:
        self.alarms = tuple(alarms)
        self.config = config or version_of(alarms)
        self._numbers: Mapping[str, int] = {alarm.name: number for number, alarm in enumerate(alarms)}
        self._row = np.array([alarm.row for alarm in alarms], np.intp)
        self._of_distance = {at for at, alarm in enumerate(alarms) if alarm.definition.kind in DISTANCE_KINDS}
        is_link = np.array([_is_link(alarm) for alarm in alarms], np.bool_)
        self._conditions = Conditions(alarms, n_tags, heard_ns)
        self._suppression = Suppression(alarms, n_tags)
        self._links = np.flatnonzero(is_link)
        self._link_row = self._row[self._links]
        self._is_of_device = np.array([alarms[number].is_of_device for number in self._links.tolist()], np.bool_)
        self._devices = tuple(dict.fromkeys(alarms[number].device for number in self._links.tolist()))
        places = {device: place for place, device in enumerate(self._devices)}
        self._device_of = np.array([places[alarms[number].device] for number in self._links.tolist()], np.intp)
        self._book = AlarmBook(self.alarms.__getitem__, self.config, self._doubt, self._limit, targets)
        self._first_out = FirstOut([alarm.definition.first_out for alarm in alarms])
        self._silent: frozenset[str] = frozenset()
        self._switched_off: frozenset[str] = frozenset()
        self._connecting: frozenset[str] = frozenset()

    def restore(self, newest: Iterable[JournalEntry], at: Moment, meanwhile: Meanwhile = NOTHING) -> list[JournalEntry]:
        """Take up alarms where the journal left them; returns entries for those that the plant no longer has.

        Nothing is raised: what was active stays so until a good value says otherwise. What happened `meanwhile`, since
        the start, is put together with what was before.
        """
        removed = []
        for entry in newest:
            number, events = self._numbers.get(entry.alarm), meanwhile.get(entry.alarm)
            if events is not None and (number is None or not is_open(entry)):
                continue  # over before the start, or ended since then
            if number is not None:
                if events is None:
                    self._book.restore(number, entry, at)
                else:
                    removed += self._book.recall(number, entry, at, events)
                self._take_up(number, self.standing_of(number))
                removed += self._lift(number, at)
                if self.alarms[number].definition.priority < entry.priority:
                    removed += self._become_urgent(number, at, Cause(at.wall_us, nan), events)
            elif is_open(entry):
                removed.append(removal(entry, at, self.config))
        return removed

    def evaluate(self, batch: Batch, at: Moment) -> list[JournalEntry]:
        """Judge a changed batch; return what happened, in order.

        What it suppresses is suppressed before it is raised, and what it no longer does only after it was cleared.
        """
        turns, changed = self._conditions.evaluate(batch)
        numbers, is_suppressed = self._suppression.evaluate(batch)
        entries = [entry for number in numbers[is_suppressed].tolist() for entry in self.suppress(number, True, at)]
        entries += self._follow(turns, at)
        for number in numbers[~is_suppressed].tolist():
            entries += self.suppress(number, False, at)
        return entries + self._note_quality(changed, at) if len(changed) else entries

    def note_devices(
        self, silent: frozenset[str], switched_off: frozenset[str], connecting: frozenset[str] = frozenset()
    ) -> None:
        """Tell which devices don't answer, before what they sent is judged.

        Those switched off needn't answer, and those that are being connected to couldn't yet.
        """
        changed, self._silent = silent ^ self._silent, silent
        self._switched_off, self._connecting = switched_off, connecting
        self._conditions.note_devices(silent, switched_off, connecting)
        if changed:
            for number in [number for number in self._book.present if self.alarms[number].device in changed]:
                self._book.show(number)

    def pass_time(self, at: Moment) -> list[JournalEntry]:
        """Let delays end, and judge devices."""
        entries = self._follow(self._conditions.pass_time(at), at)
        is_silent, is_off, is_connecting = (
            np.array([device in away for device in self._devices], np.bool_)[self._device_of]
            for away in (self._silent, self._switched_off, self._connecting)
        )
        is_frozen = self._conditions.is_unknown(self._link_row)
        is_lost = is_frozen & ~self._conditions.are_waited_for(at.mono_ns)
        raises = ~is_off & np.where(self._is_of_device, is_silent | is_lost, is_lost & ~is_silent)
        clears = is_off | ~(is_silent | is_frozen | is_connecting)
        turns = self._conditions.drive(self._links, raises, clears, at)
        entries += self._follow(turns, at) + self._book.pass_time(at)
        numbers, is_suppressed = self._suppression.pass_time(at.mono_ns)
        for number, is_so in zip(numbers.tolist(), is_suppressed.tolist(), strict=True):
            entries += self.suppress(number, is_so, at)
        return entries

    def adopt(self, before: "AlarmEngine", at: Moment, actor: Actor, reason: str) -> list[JournalEntry]:
        """Take over the alarms of an engine with other definitions as they stand; return what that changes.

        Delays begin anew. What is judged next settles what a changed limit makes of a condition.
        """
        self._silent, self._switched_off = before._silent, before._switched_off
        entries: list[JournalEntry] = []
        for number in before._numbers.values():
            entries += self._inherit(before, number, at, Cause(at.wall_us, nan, actor, reason))
        for number in (number for name, number in self._numbers.items() if name not in before._numbers):
            entries += self._book.note_change(number, at, Cause(at.wall_us, nan, actor, joined((NEW_ALARM, reason))))
        return entries

    def _inherit(self, before: "AlarmEngine", old_number: int, at: Moment, cause: Cause) -> list[JournalEntry]:
        """Take over one alarm of the engine before, or tell that it is gone, or changed."""
        old, standing = before.alarms[old_number], before._book.standings.get(old_number)
        number = self._numbers.get(old.name)
        if number is None:
            is_normal = standing is None or standing.state is AlarmState.NORM
            gone = before._book.taken_out(old_number, at, cause, is_normal)
            return [replace(gone, config=self.config)]
        new = self.alarms[number]
        entries: list[JournalEntry] = []
        if standing is not None:
            self._book.adopt(number, standing, at)
            self._take_up(number, standing)
            entries += self._lift(number, at)
            if new.definition.priority < old.definition.priority:
                entries += self._become_urgent(number, at, cause)
            elif new.definition.alarm_class is not old.definition.alarm_class:
                entries += self._unshelve(number, at, cause)
        words = changes_of(old.definition, new.definition)
        if words:
            comment = joined((words, cause.comment))
            entries += self._book.note_change(number, at, replace(cause, comment=comment))
        return entries

    def suppress(self, number: int, is_suppressed: bool, at: Moment) -> list[JournalEntry]:
        """Let the rule of an alarm suppress it by design, or no longer."""
        event = AlarmEvent.SUPPRESS if is_suppressed else AlarmEvent.UNSUPPRESS
        rule = self.alarms[number].definition.suppress_when
        return self._book.happen(number, event, at, Cause(at.wall_us, self._value(number)), rule=rule)

    def number_of(self, name: str) -> int | None:
        """Return the number of an alarm, None if there is none of this name."""
        return self._numbers.get(name)

    def alarm(self, number: int) -> Alarm:
        """Return the alarm of a number."""
        return self.alarms[number]

    def standing_of(self, number: int) -> Standing:
        """Return how an alarm stands."""
        return self._book.standings.get(number) or Standing()

    @property
    def measured(self) -> dict[str, float]:
        """What alarms of DISTANCE_KINDS in the list compare with their limit now, by name; the unknown is missing."""
        numbers = np.array(sorted(self._book.present & self._of_distance), np.intp)
        values = self._conditions.values_of(numbers)
        return {
            self.alarms[number].name: value
            for number, value in zip(numbers.tolist(), values.tolist(), strict=True)
            if math.isfinite(value)
        }

    def acknowledge(self, seen: AlarmSeen, actor: Actor, at: Moment, comment: str) -> Handled:
        """Acknowledge an alarm as it was seen; without entries it was refused, and the result says why."""
        return acting.acknowledge(self._book, self._numbers.get(seen.name), seen, at, self._caused(at, actor, comment))

    def handle(self, seen: AlarmSeen, request: AlarmRequest, actor: Actor, at: Moment) -> Handled:
        """Do what is wanted with an alarm as it was seen; without entries it was refused, and the result says why."""
        why = self._caused(at, actor, request.comment)
        return acting.handle(self._book, self._numbers.get(seen.name), seen, request, at, why)

    def _caused(self, at: Moment, actor: Actor, comment: str) -> Callable[[int], Cause]:
        return lambda number: Cause(at.wall_us, self._value(number), actor, comment)

    def _take_up(self, number: int, standing: Standing) -> None:
        """Let condition and rule begin as their alarm stands."""
        self._conditions.active[number] = bool(standing.bits & Bits.ACTIVE)
        self._suppression.is_suppressed[number] = bool(standing.bits & Bits.SUPPRESSED)

    def _become_urgent(
        self, number: int, at: Moment, cause: Cause, events: Counter[str] | None = None
    ) -> list[JournalEntry]:
        """Annunciate what got a higher priority; one on the shelf was put there by other rules, and leaves it.

        Not what people did while it had this priority: how often which of these `events` happened since then.
        """
        events = Counter() if events is None else events
        entries = [] if events[AlarmEvent.ACK] else self._book.happen(number, AlarmEvent.ESC, at, cause)
        return entries if events[AlarmEvent.SHELVE] else entries + self._unshelve(number, at, cause)

    def _unshelve(self, number: int, at: Moment, cause: Cause) -> list[JournalEntry]:
        """End a shelf, if there is one."""
        if not self.standing_of(number).bits & Bits.SHELVED:
            return []
        return self._book.happen(number, AlarmEvent.UNSHELVE, at, cause)

    def _lift(self, number: int, at: Moment) -> list[JournalEntry]:
        """End the suppression of an alarm that has no rule any more."""
        rule, standing = self.alarms[number].definition.suppress_when, self.standing_of(number)
        if rule:
            standing.rule = rule if standing.bits & Bits.SUPPRESSED else ""
            return []
        return self._book.happen(number, AlarmEvent.UNSUPPRESS, at, Cause(at.wall_us, nan))

    def _follow(self, turns: Turns, at: Moment) -> list[JournalEntry]:
        entries: list[JournalEntry] = []
        columns = turns.alarms.tolist(), turns.is_raised.tolist(), turns.values.tolist(), turns.at_us.tolist()
        rows = list(zip(*columns, strict=True))
        raised = ((row[0], believed_us(row[3], at.wall_us)) for row in rows if row[1])
        marks = self._first_out.marks(raised, self._is_engaged)
        for number, is_raised, value, source_us in rows:
            event = AlarmEvent.ALM if is_raised else AlarmEvent.RTN
            at_us = believed_us(source_us, at.wall_us)
            cause = Cause(at_us, value, is_time_suspect=at_us != source_us)
            entries += self._book.happen(number, event, at, cause, first_out=marks.get(number, 0) if is_raised else 0)
        return entries

    def _is_engaged(self, number: int) -> bool:
        """Whether an alarm is active, latched or unacknowledged, put aside or not."""
        return bool((self.standing_of(number).bits ^ Bits.ACKED) & (Bits.ACTIVE | Bits.LATCHED | Bits.ACKED))

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

    def _limit(self, number: int) -> float | None:
        return number_or_none(float(self._conditions.limits_of(np.array([number]))[0]))


def _is_link(alarm: Alarm) -> bool:
    return alarm.definition.kind is AlarmKind.COMMUNICATION and alarm.definition.enabled
