"""How alarms stand, and what happens to them: each event changes the bits and becomes a journal entry. No I/O.

Whoever knows why something happens (conditions of tags, devices, the station itself) keeps a book of its own. Station
thread, or a worker that holds the lock of the alarms.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import nan
from typing import Final

from alarms.acknowledgement import AlarmSeen
from alarms.config_words import TAKEN_OUT
from alarms.definitions import Alarm
from alarms.ending import removal
from alarms.entry import NOBODY, Actor, JournalEntry, Moment
from alarms.recalling import RECALL, merged
from alarms.snapshot import AlarmRow
from alarms.standing import NOT_ASIDE, Aside, Standing, number_or_none, restored, row_of
from alarms.states import NORMAL, AlarmEvent, AlarmState, Bits, Change, change
from alarms.timers import Due, Timers
from plant_models.alarm_philosophy import STANDARD_TARGETS, KpiTargets
from plant_models.message import joined, message
from plant_models.quality import Quality

BAD_QUALITY: Final = "BADQ"
GOOD_QUALITY: Final = "GOODQ"
COMMENT: Final = "COMMENT"
CONFIG: Final = "CONFIG"
CLOCK: Final = "CLOCK"
"""The clock was set, and with it the time at which a shelf ends."""
_SET_US: Final = 2_000_000
"""A wall clock that is further from the monotonic one than before was set."""
_MINUTE_NS: Final = 60_000_000_000


@dataclass(frozen=True, slots=True)
class Cause:
    """When it happened (µs UTC; at its source, if that clock can be believed), by which value, and who did it.

    `is_time_suspect`: the source's clock wasn't believed.
    """

    at_us: int
    value: float
    actor: Actor = NOBODY
    comment: str = ""
    is_time_suspect: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """Whether nobody knows how an alarm stands now, and whether an alarm of its device says so already."""

    is_frozen: bool = False
    is_masked: bool = False


class AlarmBook:
    """Alarms by number, found by `alarm_of`; `config` marks the definitions in force, `limit_of` gives the limit.

    `standings` has those that something happened to, `present` those that are not normal. `revision` grows with
    each changed row. `untold` has all entries since somebody emptied it, also those that an error kept from being
    returned.
    """

    def __init__(
        self,
        alarm_of: Callable[[int], Alarm],
        config: str,
        doubt_of: Callable[[int], Doubt],
        limit_of: Callable[[int], float | None],
        targets: KpiTargets = STANDARD_TARGETS,
    ) -> None:
        self._alarm_of = alarm_of
        self.config = config
        self._doubt_of = doubt_of
        self._limit_of = limit_of
        self._targets = targets
        self.revision = 0
        self.standings: dict[int, Standing] = {}
        self.present: set[int] = set()
        self._outdated: set[int] = set()  # whose rows are older than they
        self._rows: dict[int, AlarmRow] = {}
        self._timers = Timers()
        self.untold: list[JournalEntry] = []
        self._wall_from_mono_us: int | None = None

    @property
    def rows(self) -> Iterable[AlarmRow]:
        """The alarms that are not normal."""
        for number in self._outdated:
            doubt = self._doubt_of(number)
            row = row_of(
                self._alarm_of(number),
                self.standings[number],
                doubt.is_frozen,
                doubt.is_masked,
                self._limit_of(number),
            )
            self._rows[number] = row
        self._outdated.clear()
        return self._rows.values()

    def restore(self, number: int, entry: JournalEntry, at: Moment) -> Standing:
        """Let an alarm stand as it did after its newest entry.

        A shelf ends at its wall time, but is never longer than it was made, whatever the clock says now.
        """
        self.standings[number] = standing = restored(entry, self._alarm_of(number).unit)
        self._resume(number, standing, at)
        self.show(number)
        return standing

    def recall(
        self, number: int, entry: JournalEntry, at: Moment, events: Counter[str], is_told: bool = False
    ) -> list[JournalEntry]:
        """Put together how an alarm stood at the start, after its newest entry then, and what happened since.

        `is_told`: see `merged`.
        """
        now = self.standings.get(number) or Standing()
        standing = merged(restored(entry, self._alarm_of(number).unit), now, events, is_told)
        self.standings[number] = standing
        self._timers.stop(number, Due.SHELF)
        self._timers.stop(number, Due.REALARM)
        self._resume(number, standing, at)
        self._settle(standing)
        self.show(number)
        return [self._entry(number, RECALL, now.state, at, Cause(at.wall_us, nan))]

    def adopt(self, number: int, standing: Standing, at: Moment) -> None:
        """Take over an alarm from a book that ends, as it stands."""
        self.standings[number] = mine = replace(standing)  # what goes wrong later must not change the other book
        self._resume(number, mine, at)
        self.show(number)

    def effect(self, number: int, event: AlarmEvent) -> Change:
        """Return what an event would do to an alarm."""
        standing = self.standings.get(number)
        bits = standing.bits if standing else NORMAL
        return change(bits, event, self._alarm_of(number).definition.latching)

    def happen(
        self,
        number: int,
        event: AlarmEvent,
        at: Moment,
        cause: Cause,
        aside: Aside = NOT_ASIDE,
        rule: str = "",
        first_out: int = 0,
    ) -> list[JournalEntry]:
        """Let an event happen to an alarm; one that changes nothing leaves no entry.

        `aside` belongs to SHELVE and OUT_OF_SERVICE, `rule` to SUPPRESS, `first_out` to ALM.
        """
        standing = self.standings.setdefault(number, Standing())
        before = standing.state
        step = self.effect(number, event)
        if step.is_ignored or step.refusal:
            return []
        standing.bits = step.bits
        standing.changed_us = cause.at_us
        if step.is_new:
            _begin(standing, before, cause, at.wall_us, first_out)
            self._note_chatter(standing, at.mono_ns)
        if event is AlarmEvent.ACK:
            standing.acked_by, standing.acked_us = cause.actor.user, at.wall_us
        self._put_aside(number, standing, event, at, aside)
        if event is AlarmEvent.SUPPRESS:
            standing.rule = rule
        self._time_realarm(number, standing, at)
        self._settle(standing)
        entries = [self._entry(number, event.value, before, at, cause)]
        if event is AlarmEvent.RTN and standing.aside.is_one_shot and standing.bits & Bits.SHELVED:
            entries += self.happen(number, AlarmEvent.UNSHELVE, at, Cause(at.wall_us, cause.value))
        self.show(number)
        return entries

    def comment(self, number: int, at: Moment, cause: Cause) -> list[JournalEntry]:
        """Keep what a person says of an alarm."""
        standing = self.standings.setdefault(number, Standing())
        standing.note = cause.comment
        self.show(number)
        return [self._entry(number, COMMENT, standing.state, at, cause)]

    def note_change(self, number: int, at: Moment, cause: Cause) -> list[JournalEntry]:
        """Keep that the definition of an alarm was changed; `cause` says what, by whom."""
        standing = self.standings.setdefault(number, Standing())
        self.show(number)
        return [self._entry(number, CONFIG, standing.state, at, cause)]

    def note_quality(self, number: int, is_bad: bool, at: Moment, cause: Cause) -> list[JournalEntry]:
        """Note that the input of an alarm is bad, or good again, if the journal doesn't know yet."""
        standing = self.standings[number]
        if is_bad == standing.is_bad_noted:
            return []
        standing.is_bad_noted, standing.changed_us = is_bad, at.wall_us
        self.show(number)
        return [self._entry(number, BAD_QUALITY if is_bad else GOOD_QUALITY, standing.state, at, cause)]

    def pass_time(self, at: Moment) -> list[JournalEntry]:
        """End shelves and annunciate anew what is due; tell when the clock was set."""
        entries = self._follow_clock(at)
        for number, what in self._timers.ripe(at.mono_ns):
            event = AlarmEvent.UNSHELVE if what is Due.SHELF else AlarmEvent.REALM
            entries += self.happen(number, event, at, Cause(at.wall_us, nan))
        return entries

    def show(self, number: int) -> None:
        """Let the row of an alarm be made anew, or removed."""
        standing = self.standings[number]
        self.revision += 1
        if standing.state is AlarmState.NORM:
            self.present.discard(number)
            self._outdated.discard(number)
            self._rows.pop(number, None)
        else:
            self.present.add(number)
            self._outdated.add(number)

    def forget(self, number: int) -> None:
        """Drop an alarm that is normal, or never was anything else."""
        self.standings.pop(number, None)

    def refusal(self, number: int | None, seen: AlarmSeen, event: AlarmEvent = AlarmEvent.ACK) -> str:
        """Return why an event can't happen to an alarm as it was seen, or an empty text."""
        standing = None if number is None else self.standings.get(number)
        if number is None or (standing is None and event is AlarmEvent.ACK):
            return message("There is no alarm {name}", name=seen.name)
        standing = standing or Standing()
        if seen.occurrence != standing.occurrence:
            return message("It was raised again since you saw it")
        priority = self._alarm_of(number).definition.priority
        if seen.priority != priority:
            return message("Its priority is {now}, you saw {seen}", now=priority, seen=seen.priority)
        refusal = self.effect(number, event).refusal
        if event is AlarmEvent.ACK and refusal and standing.acked_by:
            return message("It was acknowledged by {user}", user=standing.acked_by)
        if event in _OF_ASIDE and _is_aside_since(seen, standing):
            return message("{user} has put it aside since you saw it", user=standing.aside.by)
        return refusal

    def taken_out(self, number: int, at: Moment, cause: Cause, is_normal: bool) -> JournalEntry:
        """Return the entry of an alarm that is no longer configured, by whom; one that isn't normal ends by that."""
        standing = self.standings.setdefault(number, Standing())
        entry = self._entry(number, CONFIG, standing.state, at, cause)
        words = joined((TAKEN_OUT, cause.comment))
        entry = replace(entry, comment=words)
        return entry if is_normal else removal(entry, at, self.config, cause.actor, words)

    def _settle(self, standing: Standing) -> None:
        """Let what belonged to an alarm until it became normal be over."""
        if standing.state is AlarmState.NORM:
            standing.is_bad_noted, standing.shelvings = False, 0

    def _note_chatter(self, standing: Standing, now_ns: int) -> None:
        """Mark an alarm that comes too often in too short a time, until it comes more slowly."""
        count, span_ns = self._targets.chatter_count, self._targets.chatter_s * 1e9
        standing.raised_ns = (*standing.raised_ns, now_ns)[-count:]
        standing.is_chattering = len(standing.raised_ns) == count and now_ns - standing.raised_ns[0] <= span_ns

    def _put_aside(self, number: int, standing: Standing, event: AlarmEvent, at: Moment, aside: Aside) -> None:
        """Take over what belongs to shelf and service, and time the end of a shelf."""
        if event in _ASIDE_EVENTS:
            standing.aside = aside
            standing.shelvings += event is AlarmEvent.SHELVE
        elif not standing.bits & (Bits.SHELVED | Bits.OUT_OF_SERVICE):
            standing.aside = NOT_ASIDE
        if not standing.bits & Bits.SUPPRESSED:
            standing.rule = ""
        if event is AlarmEvent.SHELVE and aside.until_us is not None:
            self._timers.start(number, Due.SHELF, at.mono_ns + (aside.until_us - at.wall_us) * 1_000)
        elif not standing.bits & Bits.SHELVED:
            self._timers.stop(number, Due.SHELF)

    def _time_realarm(self, number: int, standing: Standing, at: Moment) -> None:
        minutes = self._alarm_of(number).definition.realarm_min
        if minutes is None or standing.state is not AlarmState.ACKED:
            self._timers.stop(number, Due.REALARM)
        elif self._timers.left_ns(number, Due.REALARM, at.mono_ns) is None:
            self._timers.start(number, Due.REALARM, at.mono_ns + round(minutes * _MINUTE_NS))

    def _resume(self, number: int, standing: Standing, at: Moment) -> None:
        """Time again what was under way when another run, or another book, ended."""
        aside = standing.aside
        if standing.bits & Bits.SHELVED and aside.until_us is not None:
            left_us = aside.until_us - at.wall_us
            if aside.at_us is not None:
                left_us = min(left_us, aside.until_us - aside.at_us)
            self._timers.start(number, Due.SHELF, at.mono_ns + left_us * 1_000)
        minutes = self._alarm_of(number).definition.realarm_min
        if minutes is not None and standing.state is AlarmState.ACKED and standing.acked_us is not None:
            since_ns = max(0, at.wall_us - standing.acked_us) * 1_000
            self._timers.start(number, Due.REALARM, at.mono_ns + round(minutes * _MINUTE_NS) - since_ns)

    def _follow_clock(self, at: Moment) -> list[JournalEntry]:
        """Write the ends of shelves anew when the wall clock was set: they last as long as they were meant to."""
        offset_us = at.wall_us - at.mono_ns // 1_000
        before_us, self._wall_from_mono_us = self._wall_from_mono_us, offset_us
        if before_us is None or abs(offset_us - before_us) < _SET_US:
            return []
        entries = []
        for number in self.present:
            standing = self.standings[number]
            left_ns = self._timers.left_ns(number, Due.SHELF, at.mono_ns)
            if left_ns is not None:
                until_us = at.wall_us + left_ns // 1_000
                standing.aside = replace(standing.aside, until_us=until_us, at_us=min(at.wall_us, until_us))
                self.show(number)
                entries.append(self._entry(number, CLOCK, standing.state, at, Cause(at.wall_us, nan)))
        return entries

    def _entry(self, number: int, event: str, before: AlarmState, at: Moment, cause: Cause) -> JournalEntry:
        alarm, standing = self._alarm_of(number), self.standings[number]
        definition, aside = alarm.definition, standing.aside
        entry = JournalEntry(
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
            limit=self._limit_of(number),
            unit=alarm.unit,
            quality=Quality.BAD if standing.is_bad_noted else Quality.GOOD,
            text=definition.text,
            area=alarm.area,
            user=cause.actor.user,
            seat=cause.actor.seat,
            roles=cause.actor.roles,
            comment=cause.comment,
            config=self.config,
            alarm_class=definition.alarm_class.value,
            until_us=aside.until_us,
            aside_by=aside.by or None,
            aside_us=aside.at_us,
            aside_why=aside.why or None,
            is_one_shot=1 if aside.is_one_shot else None,
            shelvings=standing.shelvings or None,
            rule=standing.rule or None,
            note=standing.note or None,
            first_out=standing.first_out or None,
            is_time_suspect=1 if cause.is_time_suspect else None,
        )
        self.untold.append(entry)
        return entry


def _begin(standing: Standing, before: AlarmState, cause: Cause, wall_us: int, first_out: int) -> None:
    """Begin a new occurrence; its number is the wall time, so that none is ever given twice."""
    standing.occurrence = max(standing.occurrence + 1, wall_us)
    standing.count = 1 if before is AlarmState.NORM else standing.count + 1
    standing.active_us = cause.at_us
    standing.trip_value = number_or_none(cause.value)
    standing.acked_by, standing.acked_us = "", None
    standing.first_out = first_out
    standing.note = "" if before is AlarmState.NORM else standing.note


def _is_aside_since(seen: AlarmSeen, standing: Standing) -> bool:
    """Whether somebody has put an alarm aside, or for another time, since it was seen."""
    is_other = seen.state is not standing.state or seen.aside_us != standing.aside.at_us
    return seen.state is not None and bool(standing.aside.by) and is_other


_ASIDE_EVENTS: Final = (AlarmEvent.SHELVE, AlarmEvent.OUT_OF_SERVICE)
_OF_ASIDE: Final = (*_ASIDE_EVENTS, AlarmEvent.UNSHELVE, AlarmEvent.RETURN_TO_SERVICE)
