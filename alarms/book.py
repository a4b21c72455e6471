"""How alarms stand, and what happens to them: each event changes the bits and becomes a journal entry. No I/O.

Whoever knows why something happens (conditions of tags, devices) keeps a book of its own. Station thread, or a worker
that holds the lock of the alarms.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from alarms.acknowledgement import AlarmSeen
from alarms.definitions import Alarm
from alarms.entry import NOBODY, Actor, JournalEntry, Moment
from alarms.snapshot import AlarmRow
from alarms.standing import Standing, number_or_none, restored, row_of
from alarms.states import NORMAL, AlarmEvent, AlarmState, change
from plant_models.message import message
from plant_models.quality import Quality

BAD_QUALITY: Final = "BADQ"
GOOD_QUALITY: Final = "GOODQ"
REMOVED: Final = "REMOVED"


@dataclass(frozen=True, slots=True)
class Cause:
    """When it happened (µs UTC; at its source, if that clock can be believed), by which value, and who did it."""

    at_us: int
    value: float
    actor: Actor = NOBODY
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Whether nobody knows how an alarm stands now, and whether an alarm of its device says so already."""

    is_frozen: bool = False
    is_masked: bool = False


class AlarmBook:
    """Alarms by number, found by `alarm_of`; `config` marks the definitions in force.

    `standings` has those that were raised at least once, `present` those that are not normal. `revision` grows with
    each changed row.
    """

    def __init__(self, alarm_of: Callable[[int], Alarm], config: str, doubt_of: Callable[[int], Doubt]) -> None:
        self._alarm_of = alarm_of
        self._config = config
        self._doubt_of = doubt_of
        self.revision = 0
        self.standings: dict[int, Standing] = {}
        self.present: set[int] = set()
        self._outdated: set[int] = set()  # whose rows are older than they
        self._rows: dict[int, AlarmRow] = {}

    @property
    def rows(self) -> Iterable[AlarmRow]:
        """The alarms that are not normal."""
        for number in self._outdated:
            doubt = self._doubt_of(number)
            row = row_of(self._alarm_of(number), self.standings[number], doubt.is_frozen, doubt.is_masked)
            self._rows[number] = row
        self._outdated.clear()
        return self._rows.values()

    def restore(self, number: int, entry: JournalEntry) -> Standing:
        """Let an alarm stand as it did after its newest entry."""
        self.standings[number] = standing = restored(entry)
        self.show(number)
        return standing

    def happen(self, number: int, event: AlarmEvent, at: Moment, cause: Cause) -> JournalEntry:
        """Let an event happen to an alarm."""
        standing = self.standings.setdefault(number, Standing())
        before = standing.state
        step = change(standing.bits, event)
        standing.bits = step.bits
        standing.changed_us = cause.at_us
        if step.is_new:
            _begin(standing, before, cause, at.wall_us)
        if event is AlarmEvent.ACK:
            standing.acked_by, standing.acked_us = cause.actor.user, at.wall_us
        self.show(number)
        return self._entry(number, event.value, before, at, cause)

    def note_quality(self, number: int, is_bad: bool, at: Moment, cause: Cause) -> list[JournalEntry]:
        """Note that the input of an alarm is bad, or good again, if the journal doesn't know yet."""
        standing = self.standings[number]
        if is_bad == standing.is_bad_noted:
            return []
        standing.is_bad_noted, standing.changed_us = is_bad, at.wall_us
        self.show(number)
        return [self._entry(number, BAD_QUALITY if is_bad else GOOD_QUALITY, standing.state, at, cause)]

    def show(self, number: int) -> None:
        """Let the row of an alarm be made anew, or removed."""
        standing = self.standings[number]
        self.revision += 1
        if standing.state is AlarmState.NORM:
            self.present.discard(number)
            self._outdated.discard(number)
            self._rows.pop(number, None)
            standing.is_bad_noted = False
        else:
            self.present.add(number)
            self._outdated.add(number)

    def forget(self, number: int) -> None:
        """Drop an alarm that is normal, or never was anything else."""
        self.standings.pop(number, None)

    def refusal(self, number: int | None, seen: AlarmSeen) -> str:
        """Return why an alarm can't be acknowledged as it was seen, or an empty text."""
        standing = None if number is None else self.standings.get(number)
        if number is None or standing is None:
            return message("There is no alarm {name}", name=seen.name)
        if seen.occurrence != standing.occurrence:
            return message("It was raised again since you saw it")
        priority = self._alarm_of(number).definition.priority
        if seen.priority != priority:
            return message("Its priority is {now}, you saw {seen}", now=priority, seen=seen.priority)
        refusal = change(standing.bits, AlarmEvent.ACK).refusal
        if refusal and standing.acked_by:
            return message("It was acknowledged by {user}", user=standing.acked_by)
        return refusal

    def _entry(self, number: int, event: str, before: AlarmState, at: Moment, cause: Cause) -> JournalEntry:
        alarm, standing = self._alarm_of(number), self.standings[number]
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
            config=self._config,
        )


def removal(entry: JournalEntry, at: Moment, config: str) -> JournalEntry:
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


def _begin(standing: Standing, before: AlarmState, cause: Cause, wall_us: int) -> None:
    """Begin a new occurrence; its number is the wall time, so that none is ever given twice."""
    standing.occurrence = max(standing.occurrence + 1, wall_us)
    standing.count = 1 if before is AlarmState.NORM else standing.count + 1
    standing.active_us = cause.at_us
    standing.trip_value = number_or_none(cause.value)
    standing.acked_by, standing.acked_us = "", None
