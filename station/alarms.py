"""The alarms of a running station: evaluated on its thread, handled by its workers, journalled by a third thread.

One lock makes the two one writer; the snapshot is replaced as a whole and read without it. What could not be evaluated
is said, never guessed: after an error all tags are judged again, and until then the snapshot is not evaluated.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import structlog

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.acting import Handled
from alarms.aside_rules import alarm_problem, has_role, request_problem
from alarms.causes import Causes
from alarms.condensing import Condenser
from alarms.definitions import alarms_of, version_of
from alarms.device_alarms import DeviceAlarms
from alarms.engine import AlarmEngine
from alarms.entry import NOBODY, Actor, JournalEntry, Moment
from alarms.handling import AlarmAct, AlarmRequest
from alarms.journal_thread import JournalThread, NotNowError
from alarms.kpi.loads import AlarmLoads
from alarms.kpi.positions import Watch
from alarms.kpi.rows import KpiRow
from alarms.recalling import NOTHING, Meanwhile, is_open, unread
from alarms.snapshot import AlarmSnapshot
from alarms.states import AlarmState
from alarms.system_alarms import SystemAlarms
from database.errors import DatabaseError
from plant_models.alarm_definition import AlarmKind
from plant_models.batch import Batch
from plant_models.clock import Clock
from plant_models.condition import ConditionNews, ConditionsUnknown
from plant_models.message import message, words_of
from plant_models.plant import Plant
from plant_models.tag_table import TagTable
from station.alarm_acts import actor_of, told
from station.alarm_snapshots import NOT_EVALUATED, AlarmSnapshots
from station.away_devices import AwayDevices
from station.condition_queue import ConditionQueue
from station.passed_on import Links, PassedOn
from station.session import Session

LOCK_S: Final = 2.0
"""How long a person waits for a station thread that may hang."""
WRITTEN_S: Final = 5.0
"""How long a person waits for the disk before what they did is reported as not yet recorded."""
_log = structlog.get_logger()
_NOTHING: Final[Mapping[str, float]] = {}
SystemState = Callable[[AlarmSnapshot], Mapping[str, str]]


class StationAlarms:
    """Evaluates, lets people act, shows. `links` tell how the devices are, and pass acknowledgements on to them.

    `system` says which alarms about the station itself hold now, and what exactly is wrong.
    """

    def __init__(
        self,
        plant: Plant,
        table: TagTable,
        journal: JournalThread,
        links: Links,
        clock: Clock,
        system: SystemState = lambda _: {},
    ) -> None:
        self._table = table
        self._journal = journal
        self._links = links
        self._away = AwayDevices()
        self._clock = clock
        self._system_state = system
        self._news = ConditionQueue()
        self._shown = AlarmSnapshots()
        self._plant = plant
        self._engine = self._take_up(plant)
        asked = {name: device.description for name, device in plant.devices.items() if device.alarms}
        self._of_devices = DeviceAlarms(asked, self._engine.config)
        watch = Watch(plant.positions, plant.areas)
        self.loads = AlarmLoads(watch, plant.philosophy.targets, ZoneInfo(plant.time_zone))
        self._system = SystemAlarms(self._engine.config)
        self._lock = threading.Lock()  # of all that raise alarms, and of the loads
        self._condenser = Condenser()
        self._changed: list[Batch] = []
        self._is_sound = True
        self._measures: Mapping[str, float] = _NOTHING
        self._meanwhile: dict[str, Counter[str]] | None = None  # while it isn't known what was before the start
        self._began = self._moment()

    def restore(
        self, read_newest: Callable[[], Sequence[JournalEntry]], read_past: Callable[[], Sequence[KpiRow]] = tuple
    ) -> None:
        """Take up where the last run ended. Before the station thread and the journal's are started.

        What can't be read now alarms begin without; it is taken up as soon as it can be, by the journal thread.
        """
        try:
            newest = read_newest()
        except DatabaseError as error:
            _log.error("alarms: the journal can't be read, acknowledgements until now are unknown", error=str(error))
            self._meanwhile, self._began = defaultdict(Counter), self._moment()
            recall = partial(self._recall, read_newest, read_past)
            self._journal.read_first(recall, self._forget_meanwhile, words_of(error))
            return
        now = self._moment()
        entries = self._take_in(self._engine, newest, NOTHING, now)
        self._offer(entries)
        self._count(newest, _past(read_past), entries, now)
        self._publish()

    def _recall(
        self, read_newest: Callable[[], Sequence[JournalEntry]], read_past: Callable[[], Sequence[KpiRow]]
    ) -> list[JournalEntry]:
        """Take up late what was before the start; return the rows that end what happened since then didn't know of.

        Journal thread, before it writes anything.

        Raises:
            DatabaseError: it can't be read.
            NotNowError: the station thread hangs, or the alarms were changed in this moment.
        """
        newest, past, plant = read_newest(), _past(read_past), self._plant
        engine = self._engine_of(plant)  # may take a second, which the station thread need not wait for
        if not self._lock.acquire(timeout=LOCK_S):
            raise NotNowError(NOT_EVALUATED)
        try:
            if plant is not self._plant:
                raise NotNowError(message("The alarms were changed meanwhile"))
            now, meanwhile = self._moment(), self._meanwhile or NOTHING
            engine.adopt(self._engine, now, NOBODY, "")
            entries = self._take_in(engine, newest, meanwhile, now, self._everything())
            self._engine, self._meanwhile = self._take_up(self._plant, engine), None
            self._count([entry for entry in newest if entry.alarm not in meanwhile], past, (), now)
            self._record(entries, is_needed=True)
            known = (entry for entry in newest if entry.alarm in meanwhile and is_open(entry))
            return [unread(entry, self._began, engine.config) for entry in known]
        finally:
            self._lock.release()

    def _forget_meanwhile(self) -> None:
        """Stop to count what happens: what was before the start will not be known. Any thread."""
        self._meanwhile = None

    def _take_in(
        self,
        engine: AlarmEngine,
        newest: Sequence[JournalEntry],
        meanwhile: Meanwhile,
        now: Moment,
        everything: Batch | None = None,
    ) -> list[JournalEntry]:
        """Let all who raise alarms go on from the newest entry of each; return what that changes.

        Conditions are judged by `everything` first: should that fail, the others haven't taken up anything yet.
        """
        of_devices = [entry for entry in newest if entry.kind == AlarmKind.DEVICE]
        of_system = [entry for entry in newest if entry.kind == AlarmKind.SYSTEM]
        of_tags = [entry for entry in newest if entry.kind not in (AlarmKind.DEVICE, AlarmKind.SYSTEM)]
        entries = engine.restore(of_tags, now, meanwhile)
        if everything is not None:
            entries += engine.evaluate(everything, now)
        entries += self._of_devices.restore(of_devices, now, meanwhile)
        return entries + self._system.restore(of_system, now, meanwhile)

    def _count(
        self, newest: Sequence[JournalEntry], past: Sequence[KpiRow], entries: Sequence[JournalEntry], now: Moment
    ) -> None:
        self.loads.restore(newest, past, now)
        self.loads.note(entries, now)

    def on_changed(self, batch: Batch) -> None:
        """Take a changed batch. Station thread, while it applies; `on_round` follows."""
        self._changed.append(batch)

    def tell(self, news: ConditionNews) -> bool:
        """Take news of a device's own alarms for the next round; False if there is no room. Any thread."""
        return self._news.offer(news)

    def on_round(self) -> None:
        """Judge what changed, let time pass, look at the devices and publish. Station thread, each round."""
        with self._judging():
            away = self._away.look(self._links.health(), self._clock.mono_ns())
            batches, self._changed = self._changed, []
            if not self._is_sound:
                self._begin_anew()
            self._engine.note_devices(*away)
            self._of_devices.note_devices(away.silent)
            entries: list[JournalEntry] = []
            try:
                for batch in batches if self._is_sound else [self._everything()]:
                    entries += self._engine.evaluate(batch, self._moment())
                entries += self._engine.pass_time(self._moment())
                for news in self._news.take():
                    entries += self._follow(news)
                entries += self._of_devices.pass_time(self._moment())
                entries += self._system.follow(self._system_state(self._shown.present(True)), self._moment())
                self._is_sound = True
                for each in self._sources:
                    each.untold.clear()
                if self._shown.is_due(self._revision, self._clock.mono_ns()):
                    self._publish()
            finally:
                # after all of it, so that the journal thread doesn't compete; after an error also what was on its way
                entries = entries if self._is_sound else [entry for each in self._sources for entry in each.untold]
                self._offer(entries)
                self.loads.note(entries, self._moment())
            self.loads.renew(self._moment())
            measures = self._engine.measured
            if measures != self._measures:
                self._measures = measures

    def snapshot(self, is_evaluated: bool) -> AlarmSnapshot:
        """Return what is shown; `is_evaluated` is the watchdog's verdict. Any thread."""
        return self._shown.present(is_evaluated and self._is_sound)

    def measures(self, is_evaluated: bool) -> Mapping[str, float]:
        """Return what alarms compare with their limits now where that is no value of a tag. Any thread."""
        return self._measures if is_evaluated and self._is_sound else _NOTHING

    def use(self, plant: Plant, session: Session, reason: str) -> str:
        """Let a plant with other alarms, but the same tags and devices, be the one that is watched.

        All at once, between two rounds; return why it is not, or not recorded yet, or an empty text. Station worker.
        """
        engine = self._engine_of(plant)  # may take a second, which the station thread need not wait for
        if not self._lock.acquire(timeout=LOCK_S):
            return NOT_EVALUATED
        try:
            before, now = self._engine, self._moment()
            entries = engine.adopt(before, now, actor_of(session), reason)
            entries += engine.evaluate(self._everything(), now)
            self._plant, self._engine = plant, self._take_up(plant, engine)
            self._of_devices.version = self._system.version = engine.config
            tickets = self._record(entries)
        finally:
            self._lock.release()
        return self._problem(tickets)

    def acknowledge(
        self, seen: Sequence[AlarmSeen], session: Session, comment: str, is_evaluated: bool
    ) -> tuple[AckResult, ...]:
        """Acknowledge alarms; on return what was acknowledged is on the disk, or the result says that it isn't.

        Blocks; station worker.
        """
        problem = "" if has_role(session.roles, "operator") else message("Only an operator may do this")
        if problem or not (is_evaluated and self._lock.acquire(timeout=LOCK_S)):
            return tuple(AckResult(each.name, False, problem or NOT_EVALUATED) for each in seen)
        actor = actor_of(session)
        passed_on = PassedOn(self._of_devices, self._links, actor, comment)
        try:
            refused = {each: words for each in seen if (words := self._comment_problem(each, comment))}
            foreign = {each for each in seen if each not in refused and self._of_devices.knows(each.name)}
            passed_on.begin([each for each in seen if each in foreign], self._moment())
            answers = {
                each: self._acknowledge(each, actor, comment) for each in seen if each not in foreign | refused.keys()
            }
            answers |= {each: (AckResult(each.name, False, words), []) for each, words in refused.items()}
            tickets = self._record([entry for _, entries in answers.values() for entry in entries])
        finally:
            self._lock.release()
        results = {each: result for each, (result, _) in answers.items()} | passed_on.wait()
        if self._lock.acquire(timeout=LOCK_S):
            try:
                tickets += self._record(passed_on.end(self._moment()))
            finally:
                self._lock.release()
        else:
            passed_on.abandon()
        problem = self._problem(tickets)
        words = message("It is acknowledged, but not recorded yet")
        return tuple(told(results[each], words, problem) for each in seen)

    def handle(self, request: AlarmRequest, session: Session, is_evaluated: bool) -> tuple[AckResult, ...]:
        """Do what a person wants with alarms; on return it is on the disk, or the result says that it isn't.

        Blocks; station worker.
        """
        problem = request_problem(request, session.roles, self._clock.wall_us())
        if problem or not (is_evaluated and self._lock.acquire(timeout=LOCK_S)):
            return tuple(AckResult(each.name, False, problem or NOT_EVALUATED) for each in request.seen)
        try:
            handled = list(self._handle_each(request, session))
            tickets = self._record([entry for _, entries in handled for entry in entries])
        finally:
            self._lock.release()
        problem = self._problem(tickets)
        words = message("It is done, but not recorded yet")
        return tuple(told(result, words, problem) for result, _ in handled)

    def close(self) -> None:
        """Hand what is held back to the journal, after the last round; nothing if the station thread hangs."""
        if self._lock.acquire(timeout=LOCK_S):
            try:
                self._journal.offer(self._condenser.release_all())
            finally:
                self._lock.release()

    def is_of_device(self, name: str) -> bool:
        """Tell whether a device must be asked to acknowledge this alarm, which takes its time. Any thread."""
        return self._of_devices.knows(name)

    @property
    def _revision(self) -> int:
        return self._engine.revision + self._of_devices.revision + self._system.revision

    def _begin_anew(self) -> None:
        """Take over everything as it stands into a new engine: after an error nobody knows what the old one missed."""
        before, now = self._engine, self._moment()
        for each in self._sources:
            each.untold.clear()
        engine = self._engine_of(self._plant)
        engine.adopt(before, now, NOBODY, "")
        self._engine = self._take_up(self._plant, engine)

    def _take_up(self, plant: Plant, engine: AlarmEngine | None = None) -> AlarmEngine:
        """Show the definitions of a plant; return their engine, a new one if there is none yet."""
        alarms = alarms_of(plant)
        engine = engine or self._engine_of(plant)
        configured = {alarm.name: alarm for alarm in alarms}
        self._shown.use(configured, engine.config, Causes(configured).among)
        return engine

    def _engine_of(self, plant: Plant) -> AlarmEngine:
        alarms = alarms_of(plant)
        enabled = [alarm for alarm in alarms if alarm.definition.enabled]
        targets, config = plant.philosophy.targets, version_of(alarms)
        return AlarmEngine(enabled, len(plant.tags), targets, self._table.heard_ns, config)

    @property
    def _sources(self) -> tuple[AlarmEngine, DeviceAlarms, SystemAlarms]:
        return self._engine, self._of_devices, self._system

    def _source_of(self, name: str) -> AlarmEngine | DeviceAlarms | SystemAlarms:
        """Return who raises an alarm; those of tags if nobody does."""
        return next((each for each in self._sources if each.number_of(name) is not None), self._engine)

    def _comment_problem(self, seen: AlarmSeen, comment: str) -> str:
        """Return that an acknowledgement needs a comment, or an empty text."""
        source = self._source_of(seen.name)
        number = source.number_of(seen.name)
        if number is None or comment.strip():
            return ""
        rules = self._plant.philosophy.rules[source.alarm(number).definition.alarm_class]
        return message("It needs a comment") if rules.comment_needed else ""

    def _acknowledge(self, seen: AlarmSeen, actor: Actor, comment: str) -> Handled:
        of_system = self._system.number_of(seen.name) is not None
        source = self._system if of_system else self._engine
        return source.acknowledge(seen, actor, self._moment(), comment)

    def _handle_each(self, request: AlarmRequest, session: Session) -> Iterator[Handled]:
        """Do what is wanted with one alarm after the other; each that is shelved counts for the next."""
        is_shelving = request.act is AlarmAct.SHELVE
        shelved = (
            sum(row.state is AlarmState.SHLVD for each in self._sources for row in each.rows) if is_shelving else 0
        )
        for seen in request.seen:
            source = self._source_of(seen.name)
            number = source.number_of(seen.name)
            if number is not None:
                alarm, standing = source.alarm(number), source.standing_of(number)
                philosophy = self._plant.philosophy
                problem = alarm_problem(request, alarm, standing, session.roles, shelved, philosophy)
                if problem:
                    yield AckResult(seen.name, False, problem), []
                    continue
            handled = source.handle(seen, request, actor_of(session), self._moment())
            shelved += any(entry.from_state != entry.to_state for entry in handled[1])
            yield handled

    def _follow(self, news: ConditionNews) -> list[JournalEntry]:
        """Follow what a device told; what can't be followed makes its alarms unknown, and no others."""
        try:
            return self._of_devices.take(news, self._moment())
        except Exception as error:  # noqa: BLE001 - the border: one device must not take the alarms of others
            _log.exception("alarms: news of a device can't be followed", device=news.device, error=str(error))
            return self._of_devices.take(ConditionsUnknown(news.device), self._moment())

    def _record(self, entries: list[JournalEntry], is_needed: bool = False) -> list[int | None]:
        """Hand what happened to the journal and show it; return the tickets to wait for. `is_needed`: see `offer`."""
        for each in self._sources:
            each.untold.clear()
        if not entries:
            return []
        ticket = self._offer(entries, is_needed)
        self.loads.note(entries, self._moment())
        self._publish()
        return [ticket]

    def _offer(self, entries: list[JournalEntry], is_needed: bool = False) -> int | None:
        """Hand entries to the journal, those of chattering alarms condensed."""
        meanwhile = self._meanwhile
        if meanwhile is not None:
            for entry in entries:
                meanwhile[entry.alarm][entry.event] += 1
        return self._journal.offer(self._condenser.take(entries, self._clock.mono_ns()), is_needed)

    def _problem(self, tickets: list[int | None]) -> str:
        """Wait for the disk; return why something isn't on it."""
        return next(filter(None, (self._journal.wait_written(ticket, WRITTEN_S) for ticket in tickets)), "")

    @contextmanager
    def _judging(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except BaseException:
                self._is_sound = False  # nobody knows how far it came
                raise

    def _everything(self) -> Batch:
        """Every tag as it stands, to judge again after an error or with other definitions."""
        rows = np.arange(len(self._table.tags))
        now = self._table.read(rows)
        return Batch(rows, now.values, now.qualities, now.source_us, now.received_ns)

    def _publish(self) -> None:
        rows = [*self._engine.rows, *self._of_devices.rows, *self._system.rows]
        self._shown.publish(rows, self._revision, self._clock.mono_ns())

    def _moment(self) -> Moment:
        return Moment(self._clock.wall_us(), self._clock.mono_ns())


def _past(read_past: Callable[[], Sequence[KpiRow]]) -> Sequence[KpiRow]:
    """Return what the loads take up; without it they begin to count anew, and no alarm is lost."""
    try:
        return read_past()
    except DatabaseError as error:
        _log.error("alarms: what happened before this start can't be counted", error=str(error))
        return ()
