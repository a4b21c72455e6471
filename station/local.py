"""A plant that runs in this process: everything is started in order, and stopped in reverse.

`start` and `stop` block and belong to the thread that owns the station; everything else may be used from any thread,
as `station.protocol.Station` says.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.changing import AlarmChanges
from alarms.entry import JournalEntry
from alarms.handling import AlarmRequest
from alarms.journal_query import JournalPage, JournalQuery
from alarms.journal_thread import JournalThread
from alarms.kpi.loads import PositionLoad
from alarms.kpi.report import AlarmReport, AlarmReportQuery
from alarms.snapshot import AlarmSnapshot
from alarms.store.feed import JournalFeed
from alarms.store.journal import Journal
from analytics.backtest import BackTest, BackTestRequest
from analytics.consequence import ConsequenceTime
from analytics.proposals import Proposal
from database.errors import DatabaseError
from drivers.base import Pool, Sink
from drivers.frames import TraceView
from drivers.late import Found, LatePool
from drivers.once import OnceAnswer, OnceState
from drivers.pool import DriverPool
from history.history import History, HistoryLinks
from history.overview import HistoryOverview
from history.queries.aggregates import AggregateQuery, AggregateSeries
from history.queries.instants import Instant, InstantQuery
from history.queries.samples import SampleQuery, SampleSeries
from history.queries.totals import TotalQuery, TotalSeries
from history.series import HistoryQuery, HistorySeries
from plant_models.batch import TagIndices
from plant_models.clock import Clock
from plant_models.condition import ConditionNews
from plant_models.device import Endpoint
from plant_models.plant import Plant
from plant_models.tag_table import TagTable
from station.acts import Acts
from station.address_space import AddressSpace
from station.address_tool import AddressTool
from station.alarm_acts import refusal_entries
from station.alarm_changes import AlarmChanger
from station.alarm_reports import AlarmReports
from station.alarm_snapshots import NOT_EVALUATED
from station.alarm_studies import AlarmStudies
from station.alarms import StationAlarms
from station.audit_check import AuditCheck
from station.certificates import Certificates
from station.chain import AuditEntry, personal_entry
from station.command_check import CommandCheck
from station.commands import STOPPED, Commands
from station.consequence_watch import ConsequenceWatch
from station.devices import Devices
from station.errors import StationError
from station.history_questions import HistoryQuestions
from station.journal_view import JournalView
from station.last_run import LastRun
from station.late_gate import LateGate
from station.lock import InstanceLock
from station.log import logging_to
from station.manual_gate import ManualGate
from station.manual_values import ManualValues
from station.parts import StationParts
from station.protocol import (
    ActResult,
    AddressRequest,
    AlarmFile,
    Browsed,
    CertificateDecision,
    CommandRequest,
    CommandState,
    CommandStatus,
    ManualRequest,
    ManualValue,
    NewTags,
    OwnCertificate,
    StationHealth,
)
from station.queue import BatchQueue
from station.seat_note import SeatNote
from station.seats import Seats
from station.session import Session, operating_system_session
from station.store.audit import DATABASE_NAME, Audit
from station.store.feed import AuditFeed
from station.store.recovery import STOP
from station.system_watch import SystemWatch
from station.tag_maker import TagMaker
from station.thread import StationThread
from station.watchdog import Watchdog

WORKERS: Final = 4
ROOM: Final = "ROOM"
"""Event of the journal: the room for what waits for the server is short, gone, or there again."""
ASKING: Final = 2
"""Workers for long questions to history."""
_log = structlog.get_logger()

PoolMaker = Callable[[Plant, Mapping[str, int], Sink, Clock, Mapping[str, Endpoint]], Pool]


class LocalStation:
    """Fulfils `station.protocol.Station`. It is started once and stopped once.

    `endpoints` say where devices really are, by name, where that differs from the plant folder. If that isn't known
    yet, they are a promise: everything runs without drivers until it is kept.
    """

    def __init__(
        self,
        plant: Plant,
        data_folder: Path,
        clock: Clock,
        endpoints: Mapping[str, Endpoint] | Found | None = None,
        make_pool: PoolMaker | None = None,
    ) -> None:
        self._plant = plant
        self._folder = data_folder
        self._clock = clock
        self._table = TagTable(plant.tags, plant.scan_s, clock, plant.rest_s)
        self._queue = BatchQueue()
        self._gate = ManualGate(self._queue, clock, len(plant.tags))
        self._journal = Journal(data_folder / DATABASE_NAME, clock)
        self._journal_thread = JournalThread(self._journal, clock)
        audit = Audit(data_folder, clock)
        self._journal_view = JournalView(self._journal, audit, plant, clock)
        feeds = (of_audit := AuditFeed(audit), JournalFeed(self._journal, of_audit.node))
        links = HistoryLinks(audit.manual_changes, feeds, self._note_room)
        self._history = History(self._table, plant, data_folder, clock, links)
        past = LateGate(self._gate, self._history)
        make_pool = make_pool or partial(DriverPool, folder=data_folder, tell=self._tell, past=past)
        pool = self._pool(endpoints or {}, make_pool)
        self._alarms = StationAlarms(
            plant,
            self._table,
            self._journal_thread,
            pool,
            clock,
            SystemWatch(lambda: self.health, plant.philosophy.shelved_max, clock),
        )
        self._table.add_listener(self._alarms.on_changed)
        self._table.add_listener(self._history.on_changed)
        self._thread = StationThread(self._table, self._queue, clock, self._on_round)
        self._watchdog = Watchdog(lambda: self._thread.heartbeat_ns, clock)
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="station-worker")
        self._slow_workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="station-waiting")
        self._asking = ThreadPoolExecutor(ASKING, thread_name_prefix="station-asking")
        self._questions = HistoryQuestions(self._history.reader, self._asking, lambda: self._is_running)
        self._alarm_reports = AlarmReports(plant, self._journal, audit, clock)
        journal = self._alarm_reports.past_of, self._alarm_reports.nature_of
        self._studies = AlarmStudies(plant, self._history.reader, self._questions, lambda: self.alarms, clock, journal)
        self._consequences = ConsequenceWatch(self._table, self._history.reader, lambda: self.alarms, clock)
        self._parts = StationParts(plant=plant, table=self._table, pool=pool, audit=audit, clock=clock)
        self._manual = ManualValues(self._parts, self._gate)
        self._check = CommandCheck(self._parts, lambda: self._watchdog.is_evaluated)
        self._commands = Commands(self._parts, self._check, self._workers)
        self._last_run = LastRun(audit, self._manual, self._commands, self._queue)
        self._audit_check = AuditCheck(audit, self._last_run.restore)
        self._address_tool = AddressTool(self._parts, self._workers)
        acts = Acts(self._parts.audit)
        self._seats = Seats(self._parts)
        self._devices = Devices(self._parts, acts)
        self._certificates = Certificates(self._parts, acts, data_folder)
        self._tag_maker = TagMaker(self._parts, acts)
        self._alarm_changer = AlarmChanger(plant, acts, self._use_alarms)
        self._address_space = AddressSpace(self._parts, self._tag_maker, self._workers, data_folder)
        self._started = ExitStack()
        self._is_running = False

    def start(self) -> None:
        """Start lock, log, audit and its check, journal, history, station thread, watchdog and drivers, in this order;
        a failing start undoes what was started.

        An audit that can't be opened doesn't keep the plant from being watched: `health.audit_error` tells of it, and
        commands are refused as long as it lasts. What it says of manual values and memory tags holds again as soon as
        it can be read.

        Raises:
            StationError: the data folder is in use or can't be used.
        """
        with ExitStack() as undo:
            lock = InstanceLock(self._folder)
            lock.acquire()
            undo.callback(lock.release)
            try:
                undo.enter_context(logging_to(self._folder, self._clock))
            except OSError as error:
                raise StationError(f"The log in {self._folder} can't be written: {error.strerror}.") from error
            self._open_audit()
            undo.callback(self._close_audit)
            self._audit_check.start()
            undo.callback(self._audit_check.stop)
            undo.callback(self._journal.close)
            self._alarms.restore(self._journal.newest, self._alarm_reports.past)
            self._journal_thread.start()
            undo.callback(self._journal_thread.stop)
            self._history.start()
            undo.callback(self._stop_history)
            self._last_run.restore()
            self._thread.start()
            undo.callback(self._stop_thread)
            self._watchdog.start()
            undo.callback(self._watchdog.stop)
            self._consequences.start()
            undo.callback(self._consequences.stop)
            undo.callback(self._commands.close_open)
            undo.callback(self._workers.shutdown)
            undo.callback(self._slow_workers.shutdown)
            undo.callback(self._asking.shutdown)
            undo.callback(self._address_space.stop)
            undo.callback(self._parts.pool.stop)
            undo.callback(self._commands.refuse_new)
            self._parts.pool.start()
            _log.info("station: started", plant=self._plant.name, tags=len(self._plant.tags))
            self._started = undo.pop_all()
            self._is_running = True

    def stop(self) -> None:
        """Stop everything in reverse, within 3 s; does nothing if it isn't started."""
        self._is_running = False
        self._started.close()

    @property
    def plant(self) -> Plant:
        return self._alarm_changer.plant

    @property
    def table(self) -> TagTable:
        return self._table

    @property
    def is_evaluated(self) -> bool:
        return self._watchdog.is_evaluated

    @property
    def health(self) -> StationHealth:
        return StationHealth(
            is_evaluated=self.is_evaluated,
            devices=self._parts.pool.health(),
            queue=self._queue.health,
            audit_error=self._parts.audit.error,
            audit_damage=self._parts.audit.damage,
            unrestored=self._last_run.error,
            journal=self._journal_thread.health,
            history=self._history.health,
        )

    @property
    def alarms(self) -> AlarmSnapshot:
        return self._alarms.snapshot(self._watchdog.is_evaluated)

    @property
    def consequences(self) -> Mapping[str, ConsequenceTime]:
        return self._consequences.present

    @property
    def alarm_measures(self) -> Mapping[str, float]:
        return self._alarms.measures(self._watchdog.is_evaluated)

    @property
    def alarm_loads(self) -> tuple[PositionLoad, ...]:
        return self._alarms.loads.shown

    @property
    def manual_values(self) -> tuple[ManualValue, ...]:
        return self._manual.present

    def lease(self, rows: TagIndices) -> None:
        wanted = self._table.lease(rows)
        if len(wanted):
            self._parts.pool.lease(wanted)

    def last_command(self, tag: str) -> CommandStatus | None:
        return self._commands.last(tag)

    def refusals(self, request: CommandRequest, session: Session) -> tuple[str, ...]:
        return self._check.reasons(request, session)

    async def command(self, request: CommandRequest, session: Session) -> CommandStatus:
        if not self._is_running:
            at_us = self._clock.wall_us()
            state = CommandState.REJECTED
            return CommandStatus(request=request, user=session.user, state=state, at_us=at_us, message=STOPPED)
        released = await asyncio.wrap_future(self._workers.submit(self._commands.release, request, session))
        return await asyncio.wrap_future(released)

    async def set_manual(self, request: ManualRequest, session: Session) -> str:
        if not self._is_running:
            return STOPPED
        return await asyncio.wrap_future(self._workers.submit(self._manual.set, request, session))

    async def switch_device(self, name: str, is_enabled: bool, session: Session, reason: str = "") -> ActResult:
        if not self._is_running:
            return ActResult(False, STOPPED)
        switched = self._workers.submit(self._devices.switch, name, is_enabled, session, reason)
        return await asyncio.wrap_future(switched)

    async def ask_address(self, request: AddressRequest, session: Session) -> OnceAnswer:
        if not self._is_running:
            return OnceAnswer(OnceState.NOT_SENT, message=STOPPED)
        asked = await asyncio.wrap_future(self._workers.submit(self._address_tool.ask, request, session))
        return await asyncio.wrap_future(asked)

    async def decide_certificate(self, decision: CertificateDecision, session: Session) -> ActResult:
        if not self._is_running:
            return ActResult(False, STOPPED)
        return await asyncio.wrap_future(self._workers.submit(self._certificates.decide, decision, session))

    async def own_certificate(self) -> OwnCertificate:
        if not self._is_running:
            return OwnCertificate(None, "", STOPPED)
        return await asyncio.wrap_future(self._workers.submit(self._certificates.own))

    async def browse(self, device: str, addresses: Sequence[str], session: Session) -> Browsed:
        if not self._is_running:
            return Browsed(problem=STOPPED)
        return await self._address_space.browse(device, addresses, session)

    async def add_tags(self, wanted: NewTags, session: Session) -> ActResult:
        if not self._is_running:
            return ActResult(False, STOPPED)
        return await asyncio.wrap_future(self._workers.submit(self._tag_maker.add, wanted, session))

    async def trace(self, device: str, is_on: bool) -> None:
        self._parts.pool.trace(self._plant.devices[device].name, is_on)

    async def frames(self, device: str, after: int = 0) -> TraceView:
        return self._parts.pool.frames(self._plant.devices[device].name, after)

    async def acknowledge(
        self, seen: Sequence[AlarmSeen], session: Session, comment: str = ""
    ) -> tuple[AckResult, ...]:
        if not self._is_running:
            return tuple(AckResult(each.name, False, STOPPED) for each in seen)
        is_slow = any(self._alarms.is_of_device(each.name) for each in seen)
        workers = self._slow_workers if is_slow else self._workers
        return await asyncio.wrap_future(workers.submit(self._acknowledge, seen, session, comment))

    async def handle_alarms(self, request: AlarmRequest, session: Session) -> tuple[AckResult, ...]:
        if not self._is_running:
            return tuple(AckResult(each.name, False, STOPPED) for each in request.seen)
        return await asyncio.wrap_future(self._workers.submit(self._handle_alarms, request, session))

    async def change_alarms(self, changes: AlarmChanges, session: Session) -> ActResult:
        if not self._is_running:
            return ActResult(False, STOPPED)
        return await asyncio.wrap_future(self._workers.submit(self._alarm_changer.change, changes, session))

    async def alarm_file(self) -> AlarmFile:
        if not self._is_running:
            return AlarmFile(problems=(STOPPED,))
        return await asyncio.wrap_future(self._workers.submit(self._alarm_changer.look))

    async def reload_alarms(self, session: Session, reason: str, seen: str = "") -> ActResult:
        if not self._is_running:
            return ActResult(False, STOPPED)
        return await asyncio.wrap_future(self._workers.submit(self._alarm_changer.reload, session, reason, seen))

    async def note_seat(self, note: SeatNote, session: Session) -> str:
        if not self._is_running:
            return STOPPED
        return await asyncio.wrap_future(self._workers.submit(self._seats.note, note, session))

    async def history(self, query: HistoryQuery) -> tuple[HistorySeries, ...]:
        if not self._is_running:
            raise DatabaseError(STOPPED)
        return await asyncio.wrap_future(self._workers.submit(self._history.reader.answer, query))

    async def samples(self, query: SampleQuery) -> tuple[SampleSeries, ...]:
        return await self._questions.samples(query)

    async def at(self, query: InstantQuery) -> Instant:
        return await self._questions.at(query)

    async def aggregates(self, query: AggregateQuery) -> tuple[AggregateSeries, ...]:
        return await self._questions.aggregates(query)

    async def totals(self, query: TotalQuery) -> tuple[TotalSeries, ...]:
        return await self._questions.totals(query)

    async def back_test(self, request: BackTestRequest) -> BackTest:
        return await self._studies.back_test(request)

    async def propose(self, alarm: str) -> Proposal:
        return await self._studies.propose(alarm)

    async def history_overview(self) -> HistoryOverview:
        if not self._is_running:
            raise DatabaseError(STOPPED)
        return await asyncio.wrap_future(self._workers.submit(self._history.overview))

    async def journal(self, query: JournalQuery) -> JournalPage:
        if not self._is_running:
            raise DatabaseError(STOPPED)
        return await asyncio.wrap_future(self._workers.submit(self._journal_view.read, query))

    async def alarm_report(self, query: AlarmReportQuery) -> AlarmReport:
        if not self._is_running:
            raise DatabaseError(STOPPED)
        return await asyncio.wrap_future(self._asking.submit(self._alarm_reports.make, query))

    def _pool(self, endpoints: Mapping[str, Endpoint] | Found, make_pool: PoolMaker) -> Pool:
        def made(where: Mapping[str, Endpoint]) -> Pool:
            return make_pool(self._plant, self._table.index, self._gate, self._clock, where)

        if isinstance(endpoints, Future):
            return LatePool(self._plant, self._clock, endpoints, made)
        return made(endpoints)

    def _tell(self, news: ConditionNews) -> bool:
        return self._alarms.tell(news)

    def _note_room(self, words: str) -> None:
        """Keep in the journal how the room for history stands that waits for its server."""
        stamps = self._clock.wall_us(), self._clock.mono_ns()
        self._journal_thread.offer([JournalEntry(at_us=stamps[0], mono_ns=stamps[1], event=ROOM, comment=words)])

    def _on_round(self) -> None:
        self._gate.keep_alive()
        self._alarms.on_round()

    def _acknowledge(self, seen: Sequence[AlarmSeen], session: Session, comment: str) -> tuple[AckResult, ...]:
        results = self._alarms.acknowledge(seen, session, comment, self._watchdog.is_evaluated)
        return self._note_refusals(refusal_entries("acknowledge", seen, results, session, comment), results)

    def _use_alarms(self, plant: Plant, session: Session, reason: str) -> str:
        told = self._alarms.use(plant, session, reason)
        if told == NOT_EVALUATED:
            raise ValueError(told)
        return told

    def _handle_alarms(self, request: AlarmRequest, session: Session) -> tuple[AckResult, ...]:
        results = self._alarms.handle(request, session, self._watchdog.is_evaluated)
        refused = refusal_entries(request.act.value, request.seen, results, session, request.comment)
        return self._note_refusals(refused, results)

    def _note_refusals(self, refused: Sequence[AuditEntry], results: tuple[AckResult, ...]) -> tuple[AckResult, ...]:
        try:
            if refused:
                self._parts.audit.append(*refused)
        except DatabaseError as error:
            _log.error("station: refused acts on alarms could not be recorded", error=str(error))
        return results

    def _open_audit(self) -> None:
        try:
            self._parts.audit.open()
        except DatabaseError as error:
            _log.error("station: the audit can't be opened, commands are refused", error=str(error))

    def _close_audit(self) -> None:
        try:
            self._parts.audit.append(personal_entry(STOP, operating_system_session()))
        except DatabaseError as error:
            _log.error("station: the stop could not be recorded", error=str(error))
        try:
            self._parts.audit.close()
        except DatabaseError as error:
            _log.error("station: the audit was left behind", error=str(error))

    def _stop_history(self) -> None:
        if not self._history.stop():
            _log.error("station: the recorder thread hangs and was left behind")

    def _stop_thread(self) -> None:
        if not self._thread.stop():
            _log.error("station: the station thread hangs and was left behind")
        self._alarms.close()
