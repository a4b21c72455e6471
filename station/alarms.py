"""The alarms of a running station: evaluated on its thread, acknowledged by its workers, journalled by a third thread.

One lock makes the two one writer; the snapshot is replaced as a whole and read without it. What could not be evaluated
is said, never guessed: after an error all tags are judged again, and until then the snapshot is not evaluated.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import structlog

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.definitions import alarms_of
from alarms.device_alarms import DeviceAlarms
from alarms.engine import AlarmEngine
from alarms.entry import Actor, JournalEntry, Moment
from alarms.journal_thread import JournalThread
from alarms.kpi.loads import AlarmLoads
from alarms.kpi.positions import Watch
from alarms.kpi.rows import KpiRow
from alarms.snapshot import AlarmRow, AlarmSnapshot
from alarms.standing import counts_of, in_order
from alarms.states import AlarmState
from database.errors import DatabaseError
from drivers.health import LinkState
from plant_models.alarm_definition import AlarmKind
from plant_models.batch import Batch
from plant_models.clock import Clock
from plant_models.condition import ConditionNews, ConditionsUnknown
from plant_models.message import joined, message, words_of
from plant_models.plant import Plant
from plant_models.tag_table import TagTable
from station.chain import AuditEntry
from station.condition_queue import ConditionQueue
from station.passed_on import Links, PassedOn
from station.protocol import CommandState
from station.session import Session

LOCK_S: Final = 2.0
"""How long an acknowledgement waits for a station thread that may hang."""
WRITTEN_S: Final = 5.0
"""How long an acknowledgement waits for the disk before it is reported as not yet recorded."""
NOT_EVALUATED: Final = message("Alarms are not evaluated")
_UNEVALUATED: Final = AlarmRow(
    name="",
    tag="",
    kind=None,
    priority=1,
    state=AlarmState.UNACK,
    text=NOT_EVALUATED,
    consequence=message("Nothing on the screens and in this list may be believed; the plant goes on by itself"),
    action=message("Watch the plant on site and restart the station"),
    respond_min=0.0,
)
_log = structlog.get_logger()


class StationAlarms:
    """Evaluates, acknowledges, shows. `links` tell how the devices are, and pass acknowledgements on to them."""

    def __init__(self, plant: Plant, table: TagTable, journal: JournalThread, links: Links, clock: Clock) -> None:
        self._table = table
        self._journal = journal
        self._links = links
        self._clock = clock
        self._news = ConditionQueue()
        self._engine = AlarmEngine(alarms_of(plant), len(plant.tags))
        asked = {name: device.description for name, device in plant.devices.items() if device.alarms}
        self._of_devices = DeviceAlarms(asked, self._engine.config)
        watch = Watch(plant.positions, plant.areas)
        self.loads = AlarmLoads(watch, plant.philosophy.targets, ZoneInfo(plant.time_zone))
        self._lock = threading.Lock()  # of the engine and the loads
        self._publishing = threading.Lock()  # of the snapshot, held for moments only
        self._changed: list[Batch] = []
        self._is_sound = True
        self._revision = 0
        self._rows: tuple[AlarmRow, ...] = ()
        self._snapshot = AlarmSnapshot()

    def restore(
        self, read_newest: Callable[[], Sequence[JournalEntry]], read_past: Callable[[], Sequence[KpiRow]] = tuple
    ) -> None:
        """Take up where the last run ended; if that can't be read, begin anew and tell it in the journal's health."""
        try:
            newest, past = read_newest(), read_past()
        except DatabaseError as error:
            _log.error("alarms: the journal can't be read, acknowledgements until now are unknown", error=str(error))
            self._journal.note_error(words_of(error))
            return
        of_devices = [entry for entry in newest if entry.kind == AlarmKind.DEVICE]
        of_tags = [entry for entry in newest if entry.kind != AlarmKind.DEVICE]
        now = self._moment()
        removed = self._engine.restore(of_tags, now) + self._of_devices.restore(of_devices, now)
        self._journal.offer(removed)
        self.loads.restore(newest, past, now)
        self.loads.note(removed, now)
        self._publish()

    def on_changed(self, batch: Batch) -> None:
        """Take a changed batch. Station thread, while it applies; `on_round` follows."""
        self._changed.append(batch)

    def tell(self, news: ConditionNews) -> bool:
        """Take news of a device's own alarms for the next round; False if there is no room. Any thread."""
        return self._news.offer(news)

    def on_round(self) -> None:
        """Judge what changed, let time pass, look at the devices and publish. Station thread, each round."""
        with self._judging():
            links = self._links.health()
            batches, self._changed = self._changed, []
            silent = frozenset(link.device for link in links if link.state is LinkState.DOWN)
            self._engine.note_devices(
                silent, frozenset(link.device for link in links if link.state is LinkState.DISABLED)
            )
            self._of_devices.note_devices(silent)
            entries: list[JournalEntry] = []
            try:
                for batch in batches if self._is_sound else [self._everything()]:
                    entries += self._engine.evaluate(batch, self._moment())
                entries += self._engine.pass_time(self._moment())
                for news in self._news.take():
                    entries += self._follow(news)
                self._is_sound = True
                self._publish()
            finally:
                self._journal.offer(entries)  # after all of it, so that the journal thread doesn't compete meanwhile
                self.loads.note(entries, self._moment())
            self.loads.renew(self._moment())

    def snapshot(self, is_evaluated: bool) -> AlarmSnapshot:
        """Return what is shown; `is_evaluated` is the watchdog's verdict. Any thread."""
        is_evaluated = is_evaluated and self._is_sound
        with self._publishing:
            if self._snapshot.is_evaluated != is_evaluated:
                self._replace(is_evaluated)
            return self._snapshot

    def acknowledge(
        self, seen: Sequence[AlarmSeen], session: Session, comment: str, is_evaluated: bool
    ) -> tuple[AckResult, ...]:
        """Acknowledge alarms; on return what was acknowledged is on the disk, or the result says that it isn't.

        Blocks; station worker.
        """
        if not (is_evaluated and self._lock.acquire(timeout=LOCK_S)):
            return tuple(AckResult(each.name, False, NOT_EVALUATED) for each in seen)
        actor = Actor(session.user, session.seat, ",".join(sorted(session.roles)))
        passed_on = PassedOn(self._of_devices, self._links, actor, comment)
        try:
            foreign = [each for each in seen if self._of_devices.knows(each.name)]
            passed_on.begin(foreign, self._moment())
            answers = {
                each: self._engine.acknowledge(each, actor, self._moment(), comment)
                for each in seen
                if each not in foreign
            }
            tickets = self._record([entry for _, entry in answers.values() if entry is not None])
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
        problem = next(filter(None, (self._journal.wait_written(ticket, WRITTEN_S) for ticket in tickets)), "")
        return tuple(_told(results[each], problem) for each in seen)

    def is_of_device(self, name: str) -> bool:
        """Tell whether a device must be asked to acknowledge this alarm, which takes its time. Any thread."""
        return self._of_devices.knows(name)

    def _follow(self, news: ConditionNews) -> list[JournalEntry]:
        """Follow what a device told; what can't be followed makes its alarms unknown, and no others."""
        try:
            return self._of_devices.take(news, self._moment())
        except Exception as error:  # noqa: BLE001 - the border: one device must not take the alarms of others
            _log.exception("alarms: news of a device can't be followed", device=news.device, error=str(error))
            return self._of_devices.take(ConditionsUnknown(news.device), self._moment())

    def _record(self, entries: list[JournalEntry]) -> list[int | None]:
        """Hand what happened to the journal and show it; return the tickets to wait for."""
        if not entries:
            return []
        ticket = self._journal.offer(entries)
        self.loads.note(entries, self._moment())
        self._publish()
        return [ticket]

    @contextmanager
    def _judging(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except BaseException:
                self._is_sound = False  # nobody knows how far it came
                raise

    def _everything(self) -> Batch:
        """Every tag as it stands, to judge again after an error."""
        rows = np.arange(len(self._table.tags))
        now = self._table.read(rows)
        return Batch(rows, now.values, now.qualities, now.source_us, now.received_ns)

    def _publish(self) -> None:
        revision = self._engine.revision + self._of_devices.revision
        if self._revision == revision:
            return
        rows = in_order([*self._engine.rows, *self._of_devices.rows])
        with self._publishing:
            self._revision, self._rows = revision, rows
            self._replace(self._snapshot.is_evaluated)

    def _replace(self, is_evaluated: bool) -> None:
        rows = self._rows if is_evaluated else (_UNEVALUATED, *self._rows)
        self._snapshot = AlarmSnapshot(
            sequence=self._snapshot.sequence + 1, rows=rows, counts=counts_of(rows), is_evaluated=is_evaluated
        )

    def _moment(self) -> Moment:
        return Moment(self._clock.wall_us(), self._clock.mono_ns())


def _told(result: AckResult, problem: str) -> AckResult:
    if not (result.is_done and problem):
        return result
    words = message("It is acknowledged, but not recorded yet")
    return AckResult(result.name, True, joined((words, problem)))


def refusal_entries(
    seen: Sequence[AlarmSeen], results: Sequence[AckResult], session: Session, comment: str
) -> list[AuditEntry]:
    """Return the audit rows of acknowledgements that were refused; those that were not stand in the journal."""
    return [
        AuditEntry(
            kind="acknowledge",
            user=session.user,
            seat=session.seat,
            roles=",".join(sorted(session.roles)),
            tag=each.name,
            reason=comment,
            state=CommandState.REJECTED.value,
            message=result.message,
        )
        for each, result in zip(seen, results, strict=True)
        if not result.is_done
    ]
