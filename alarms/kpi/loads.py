"""How much is asked of each operator position now: counted as it happens, and taken up from the journal at a start.

Whoever holds the lock of the alarms calls `restore`, `note` and `renew`; `shown` is for everybody. A flood begins when
more than ten annunciations lie in the last ten minutes, the present one included, and ends when fewer than five do;
those minutes slide on the monotonic clock, so that setting a clock changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Final

from alarms.entry import JournalEntry, Moment
from alarms.kpi.minutes import MINUTE_NS, MINUTES, Minutes
from alarms.kpi.positions import Watch
from alarms.kpi.rows import ASIDE, STANDING, KpiRow, annunciations, is_annunciation
from alarms.kpi.window import HOUR_US, local_midnight_us
from alarms.states import AlarmEvent
from plant_models.alarm_definition import DIAGNOSTIC
from plant_models.alarm_philosophy import KpiTargets, Position

FLOOD_MINUTES: Final = 10
AGAIN_NS: Final = 1_000_000_000
"""What only time changes is looked at once a second, what becomes stale once a minute."""
_ALM: Final = AlarmEvent.ALM.value
_FORGET_NS: Final = 60_000_000_000

Places = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionLoad:
    """What is asked of one position.

    `last_10_min`, `last_hour` and `today` (since midnight of the site) count annunciations; `flood_since_us` (µs UTC)
    is None while there is no flood. `standing` are active to be seen, `aside` shelved, suppressed or out of service.
    `chattering` and `stale` name alarms, in the order of their names.
    """

    position: Position
    last_10_min: int = 0
    last_hour: int = 0
    today: int = 0
    flood_since_us: int | None = None
    standing: int = 0
    aside: int = 0
    chattering: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()

    @property
    def is_flood(self) -> bool:
        """Whether more comes than anybody can follow."""
        return self.flood_since_us is not None


@dataclass(frozen=True, slots=True)
class _Stay:
    """An alarm that stands: which occurrence, since when (µs UTC), at which positions, and when it becomes stale
    (monotonic, ns)."""

    occurrence: int
    active_us: int
    places: Places
    stale_ns: int

    def goes_on(self, entry: JournalEntry, places: Places) -> bool:
        """Whether it is the same after an entry; not if it is known now to stand for longer."""
        is_same = (self.occurrence, self.places) == (entry.occurrence, places)
        return is_same and not 0 < entry.active_us < self.active_us


@dataclass(slots=True)
class _Counter:
    """What is counted for one position."""

    minutes: Minutes = field(default_factory=Minutes)
    today: int = 0
    flood_since_us: int | None = None
    standing: int = 0
    aside: int = 0


class AlarmLoads:
    """The loads of all positions of `watch`."""

    def __init__(self, watch: Watch, targets: KpiTargets, zone: tzinfo) -> None:
        self._watch, self._targets, self._zone = watch, targets, zone
        self._counters = [_Counter() for _ in watch.positions]
        self._standing: dict[str, _Stay] = {}
        self._aside: dict[str, Places] = {}
        self._stale: dict[str, Places] = {}
        self._activations: dict[str, tuple[int, ...]] = {}
        self._forgot_ns = 0
        self._chatterers: dict[str, tuple[int, Places]] = {}
        self._day = (0, 0)
        self._is_changed = True
        self._renewed_ns = 0
        self._stale_minute = -1
        self._shown = tuple(PositionLoad(position=each) for each in watch.positions)

    @property
    def shown(self) -> tuple[PositionLoad, ...]:
        """The loads as they were last renewed; the same object until something changes. Any thread."""
        return self._shown

    def restore(self, newest: Iterable[JournalEntry], past: Sequence[KpiRow], at: Moment) -> None:
        """Take up how alarms stand after the newest entry of each, and what happened in the last day or more."""
        self._note_day(at.wall_us)
        for entry in newest:
            self._stand(entry, self._watch.of_area(entry.area), at)
        for row in past:
            age_us = at.wall_us - row.time_us
            if age_us >= 0 and (count := annunciations(row)):
                is_today = row.time_us >= self._day[0]
                self._count(self._watch.of_area(row.area), at.mono_ns - age_us * 1000, count, count * is_today)
        self.renew(at)

    def note(self, entries: Iterable[JournalEntry], at: Moment) -> None:
        """Take what has just happened."""
        self._note_day(at.wall_us)
        for entry in entries:
            self._is_changed = True
            places = self._watch.of_area(entry.area)
            if is_annunciation(entry.event, entry.from_state, entry.to_state, entry.priority):
                self._count(places, at.mono_ns, 1, 1)
                if entry.event == _ALM:
                    self._note_activation(entry.alarm, places, at.mono_ns)
            self._stand(entry, places, at)

    def renew(self, at: Moment) -> None:
        """Let time pass, and show what has changed; cheap enough for every round."""
        if not self._is_changed and at.mono_ns - self._renewed_ns < AGAIN_NS:
            return
        self._renewed_ns, self._is_changed = at.mono_ns, False
        self._note_day(at.wall_us)
        self._age(at.mono_ns)
        self._forget(at.mono_ns)
        made = tuple(self._load(place, at) for place in range(len(self._counters)))
        if made != self._shown:
            self._shown = made

    def _count(self, places: Places, mono_ns: int, count: int, today: int) -> None:
        for place in places:
            self._counters[place].today += today
            self._counters[place].minutes.add(mono_ns, count)

    def _note_day(self, wall_us: int) -> None:
        """Begin to count anew at midnight of the site, and when a clock is set to another day."""
        if not self._day[0] <= wall_us < self._day[1]:
            self._day = local_midnight_us(wall_us, self._zone), local_midnight_us(wall_us, self._zone, days=1)
            for counter in self._counters:
                counter.today = 0

    def _forget(self, mono_ns: int) -> None:
        """Drop what came too long ago to chatter: devices give a new name to each of their branches."""
        if mono_ns - self._forgot_ns < _FORGET_NS:
            return
        self._forgot_ns = mono_ns
        oldest_ns = mono_ns - round(self._targets.chatter_s * 1e9)
        self._activations = {name: times for name, times in self._activations.items() if times[-1] >= oldest_ns}

    def _note_activation(self, name: str, places: Places, mono_ns: int) -> None:
        count = self._targets.chatter_count
        times = self._activations[name] = (*self._activations.get(name, ()), mono_ns)[-count:]
        end_ns = times[0] + round(self._targets.chatter_s * 1e9)
        if len(times) == count and mono_ns <= end_ns:
            self._chatterers[name] = end_ns, places

    def _stand(self, entry: JournalEntry, places: Places, at: Moment) -> None:
        """Note how an alarm stands after an entry; what only maintenance needs to know isn't an operator's load."""
        is_standing = entry.to_state in STANDING and entry.priority != DIAGNOSTIC
        before = self._standing.get(entry.alarm)
        if before is not None and not (is_standing and before.goes_on(entry, places)):
            del self._standing[entry.alarm]
            self._stale.pop(entry.alarm, None)
            for place in before.places:
                self._counters[place].standing -= 1
            before = None
        if before is None and is_standing:
            self._begin(entry, places, at)
        for place in self._aside.pop(entry.alarm, ()):
            self._counters[place].aside -= 1
        if entry.to_state in ASIDE:
            self._aside[entry.alarm] = places
            for place in places:
                self._counters[place].aside += 1

    def _begin(self, entry: JournalEntry, places: Places, at: Moment) -> None:
        """Let an alarm stand; one that came back from the shelf may be stale at once."""
        left_us = round(self._targets.stale_h * HOUR_US) - (at.wall_us - (entry.active_us or entry.at_us))
        self._standing[entry.alarm] = _Stay(entry.occurrence, entry.active_us, places, at.mono_ns + left_us * 1000)
        if left_us < 0:
            self._stale[entry.alarm] = places
        for place in places:
            self._counters[place].standing += 1

    def _age(self, mono_ns: int) -> None:
        """Let alarms become stale, and chatter end."""
        if self._stale_minute != mono_ns // MINUTE_NS:
            self._stale_minute = mono_ns // MINUTE_NS
            self._stale = {name: stay.places for name, stay in self._standing.items() if stay.stale_ns < mono_ns}
        for name in [name for name, (end_ns, _) in self._chatterers.items() if end_ns < mono_ns]:
            del self._chatterers[name]

    def _load(self, place: int, at: Moment) -> PositionLoad:
        counter = self._counters[place]
        last_10_min = counter.minutes.last(FLOOD_MINUTES, at.mono_ns)
        if counter.flood_since_us is None and last_10_min > self._targets.flood_begins:
            counter.flood_since_us = at.wall_us
        elif last_10_min < self._targets.flood_ends:
            counter.flood_since_us = None
        return PositionLoad(
            position=self._watch.positions[place],
            last_10_min=last_10_min,
            last_hour=counter.minutes.last(MINUTES, at.mono_ns),
            today=counter.today,
            flood_since_us=counter.flood_since_us,
            standing=counter.standing,
            aside=counter.aside,
            chattering=tuple(sorted(name for name, (_, places) in self._chatterers.items() if place in places)),
            stale=tuple(sorted(name for name, places in self._stale.items() if place in places)),
        )
