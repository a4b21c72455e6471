"""A station without threads, files or sockets: a real tag table, and commands that end as the test says."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.changing import AlarmChanges
from alarms.definitions import Alarm
from alarms.entry import Moment
from alarms.handling import AlarmRequest
from alarms.journal_query import JournalPage, JournalQuery, JournalRow
from alarms.kpi.loads import PositionLoad
from alarms.kpi.make import make_report
from alarms.kpi.report import AlarmReport, AlarmReportQuery
from alarms.kpi.window import Window
from alarms.snapshot import AlarmRow, AlarmSnapshot
from alarms.standing import counts_of
from alarms.states import AlarmState
from analytics.alarm_past import AlarmPast
from analytics.backtest import BackTest, BackTestRequest, back_test
from analytics.consequence import ConsequenceTime
from analytics.ground import ground_of
from analytics.journal_test import back_test_by_journal
from analytics.proposals import Proposal, propose, propose_by_journal
from analytics.testable import BY_JOURNAL
from drivers.address_space import SpaceLevel
from drivers.frames import FrameTrace, TraceView
from drivers.health import DeviceHealth, LinkState
from drivers.once import OnceAnswer, OnceState
from history.overview import HistoryOverview
from history.queries.aggregates import AggregateQuery, AggregateSeries
from history.queries.instants import Instant, InstantQuery
from history.queries.samples import SampleQuery, SampleSeries
from history.queries.site import site_of
from history.queries.totals import TotalQuery, TotalSeries
from history.series import HistoryQuery, HistorySeries
from plant_models.batch import TagIndices, failure, samples, text_code
from plant_models.clock import Clock, SystemClock
from plant_models.message import joined, message
from plant_models.plant import Plant
from plant_models.quality import Quality
from plant_models.tag_table import TagTable
from station.alarms import StationAlarms
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
    QueueHealth,
    StationHealth,
)
from station.seat_note import SeatNote
from station.session import ENGINEERS, TRUSTERS, Session
from tests.fakes.history import FakeHistory
from tests.fakes.journal import FakeJournal, page_of
from tests.fakes.kpi_journal import kpi_row


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ends; a `readback` of None with VERIFIED is the commanded value."""

    state: CommandState = CommandState.VERIFIED
    readback: float | None = None
    message: str = ""


class FakeStation:
    """Fulfils `station.protocol.Station`. Everything runs in the thread of the test.

    `put` plays the plant. `answers` and `reasons` (by tag) say how commands end and why they are refused; without them
    a command is verified and its value appears in the table. Every awaitable takes `delay_s`. `requests` remembers all.
    `past.put_past` writes history; what was `put` is in it too. `put_alarms` plays the alarms; `ack_refusals` (by
    alarm name) says why one isn't acknowledged, or why what else was wanted (`alarm_requests`) isn't done. The
    journal is `journal_rows`, newest first. `manual_refusal` says why no tag gets a manual value, `switch_refusal`
    why no device is switched. `traces` are those of the devices, into which a test puts frames. `address_requests`
    remembers questions to single addresses, which are answered from `registers` unless there is an
    `address_answer`. `decisions` about certificates and tags `added` are remembered, and refused with
    `act_refusal`; changes of alarms and the reasons of `reloads` of the `file_of_alarms` are refused with
    `change_refusal`. What history takes
    is `overview`; what servers have is `space`, by node, or a `space_problem`. `configured` at `alarm_version` and
    `alarm_causes` stand in the next snapshot of `put_alarms`. `consequences` and `alarm_measures` are what the test
    says; back-tests are made of the past that was put, or of `alarm_pasts` (by alarm name), and remembered in
    `back_tests`; proposals are made unless `proposals` has one for the alarm. `loads` stand in for those of the alarms,
    and `make_report` makes what `report_queries` ask for. `seat_notes` are remembered unless there is a `seat_refusal`.
    """

    def __init__(self, plant: Plant, clock: Clock | None = None, delay_s: float = 0.0) -> None:
        self.plant = plant
        self.clock = clock or SystemClock()
        self.table = TagTable(plant.tags, plant.scan_s, self.clock, plant.rest_s)
        self.past = FakeHistory(self.table, plant.longest_scan_s, self.clock, site_of(plant))
        self.delay_s = delay_s
        self.overview = HistoryOverview(folder="/data")
        self.consequences: Mapping[str, ConsequenceTime] = {}
        self.alarm_measures: Mapping[str, float] = {}
        self.back_tests: list[BackTestRequest] = []
        self.alarm_pasts: dict[str, AlarmPast] = {}
        self.proposals: dict[str, Proposal] = {}
        self.answers: dict[str, Answer] = {}
        self.reasons: dict[str, tuple[str, ...]] = {}
        self.requests: list[tuple[CommandRequest, Session]] = []
        self.health = StationHealth(
            is_evaluated=True,
            devices=tuple(
                DeviceHealth(device=name, state=LinkState.CONNECTED, since_us=self.clock.wall_us())
                for name in plant.devices
            ),
            queue=QueueHealth(0, 0, 0, 0),
        )
        self.traces = {name: FrameTrace(self.clock) for name in plant.devices}
        self.address_requests: list[AddressRequest] = []
        self.registers: dict[str, float] = {}
        self.address_answer: OnceAnswer | None = None
        self.decisions: list[CertificateDecision] = []
        self.added: list[NewTags] = []
        self.act_refusal = self.space_problem = self.add_problem = ""
        self.own = OwnCertificate(None, "/data/certificates/own.der", message("The key {file} can't be read", file="x"))
        self.space: dict[str, SpaceLevel] = {}
        self.browsed: list[tuple[str, ...]] = []
        self._last: dict[str, CommandStatus] = {}
        self.manual: tuple[ManualValue, ...] = ()
        self.manual_requests: list[ManualRequest] = []
        self.manual_refusal = ""
        self._device_words: dict[str, float] = {}
        self._events = FakeJournal(self.clock)
        self._evaluated = StationAlarms(
            plant,
            self.table,
            self._events,  # type: ignore[arg-type]
            SimpleNamespace(health=lambda: self.health.devices),  # type: ignore[arg-type]
            self.clock,
        )
        self.table.add_listener(self._evaluated.on_changed)
        self._shown: AlarmSnapshot | None = None
        self.leased: set[int] = set()
        self.switches: list[tuple[str, bool, str]] = []
        self.switch_refusal = ""
        self.ack_refusals: dict[str, str] = {}
        self.acknowledged: list[AlarmSeen] = []
        self.seat_notes: list[SeatNote] = []
        self.seat_refusal = ""
        self.ack_comments: list[str] = []
        self.reloads: list[str] = []
        self.file_of_alarms = AlarmFile()
        self.alarm_requests: list[AlarmRequest] = []
        self.alarm_changes: list[AlarmChanges] = []
        self.change_refusal = ""
        self.alarm_version = "1"
        self.configured: Mapping[str, Alarm] = {}
        self.alarm_causes: Mapping[str, str] = {}
        self.journal_rows: Sequence[JournalRow] = ()
        self.journal_queries: list[JournalQuery] = []
        self.journal_error: Exception | None = None
        self.loads: tuple[PositionLoad, ...] | None = None
        self.report_queries: list[AlarmReportQuery] = []
        self.make_report: Callable[[AlarmReportQuery], AlarmReport] = self._report

    def put(self, values: Mapping[str, float | str], quality: int = Quality.GOOD) -> None:
        """Give tags values as if a device had just sent them."""
        texts = [value if isinstance(value, str) else None for value in values.values()]
        numbers = [text_code(value) if isinstance(value, str) else value for value in values.values()]
        rows = [self.table.index[name] for name in values]
        stamps = self.clock.wall_us(), self.clock.mono_ns()
        self.table.apply(samples(rows, numbers, quality, *stamps, texts=texts))
        self._evaluated.on_round()

    def judge(self) -> None:
        """Let the alarms follow what was applied to the table."""
        self._evaluated.on_round()

    def put_link(self, device: str, state: LinkState, last_error: str = "") -> None:
        """Set the link state of one device in the health."""
        changed = DeviceHealth(device=device, state=state, since_us=self.clock.wall_us(), last_error=last_error)
        devices = tuple(changed if old.device == device else old for old in self.health.devices)
        self.health = replace(self.health, devices=devices)
        self._evaluated.on_round()

    def put_alarms(self, rows: Sequence[AlarmRow], is_evaluated: bool = True) -> None:
        """Replace the alarms by a new snapshot."""
        sequence = self.alarms.sequence + 1
        self._shown = AlarmSnapshot(
            sequence=sequence,
            rows=tuple(rows),
            counts=counts_of(rows),
            is_evaluated=is_evaluated,
            configured=self.configured,
            version=self.alarm_version,
            causes=self.alarm_causes,
        )

    def lease(self, rows: TagIndices) -> None:
        self.leased.update(rows.tolist())
        self.table.lease(rows)

    @property
    def is_evaluated(self) -> bool:
        return self.health.is_evaluated

    @property
    def alarms(self) -> AlarmSnapshot:
        return self._shown or self._evaluated.snapshot(self.health.is_evaluated)

    @property
    def alarm_loads(self) -> tuple[PositionLoad, ...]:
        self._evaluated.loads.renew(Moment(self.clock.wall_us(), self.clock.mono_ns()))
        return self._evaluated.loads.shown if self.loads is None else self.loads

    def last_command(self, tag: str) -> CommandStatus | None:
        return self._last.get(tag)

    def refusals(self, request: CommandRequest, session: Session) -> tuple[str, ...]:
        if request.tag not in self.table.index:
            return (message("There is no tag {tag}", tag=request.tag),)
        device = self.table.tags[self.table.index[request.tag]].device
        if any(link.device == device and link.state is LinkState.DISABLED for link in self.health.devices):
            return (message("{device} is not connected", device=device),)
        return self.reasons.get(request.tag, ())

    async def handle_alarms(self, request: AlarmRequest, session: Session) -> tuple[AckResult, ...]:
        await asyncio.sleep(self.delay_s)
        self.alarm_requests.append(request)
        refusals = {each.name: self.ack_refusals.get(each.name, "") for each in request.seen}
        return tuple(AckResult(name, not words, words) for name, words in refusals.items())

    async def history(self, query: HistoryQuery) -> tuple[HistorySeries, ...]:
        await asyncio.sleep(self.delay_s)
        return self.past.answer(query)

    async def samples(self, query: SampleQuery) -> tuple[SampleSeries, ...]:
        await asyncio.sleep(self.delay_s)
        return self.past.reader.samples(query)

    async def at(self, query: InstantQuery) -> Instant:
        await asyncio.sleep(self.delay_s)
        return self.past.reader.at(query)

    async def aggregates(self, query: AggregateQuery) -> tuple[AggregateSeries, ...]:
        await asyncio.sleep(self.delay_s)
        return self.past.reader.aggregates(query)

    async def totals(self, query: TotalQuery) -> tuple[TotalSeries, ...]:
        await asyncio.sleep(self.delay_s)
        return self.past.reader.totals(query)

    async def back_test(self, request: BackTestRequest) -> BackTest:
        self.back_tests.append(request)
        await asyncio.sleep(self.delay_s)
        alarm = self._evaluated.snapshot(True).configured.get(request.definition.name)
        asked = replace(request, present=request.present or (alarm and alarm.definition))
        if request.definition.kind in BY_JOURNAL:
            return back_test_by_journal(asked, ground_of(self.plant), self._read_past)
        return back_test(asked, ground_of(self.plant), self.past.reader)

    async def propose(self, alarm: str) -> Proposal:
        definition = self._evaluated.snapshot(True).configured[alarm].definition
        await asyncio.sleep(self.delay_s)
        found, now_us, ground = self.proposals.get(alarm), self.clock.wall_us(), ground_of(self.plant)
        if found is not None:
            return found
        if definition.kind in BY_JOURNAL:
            return propose_by_journal(definition, alarm, now_us, ground, self._read_past)
        return propose(definition, now_us, ground, self.past.reader)

    def _read_past(self, alarm: str, start_us: int, end_us: int) -> AlarmPast:
        past = self.alarm_pasts.get(alarm, AlarmPast())
        return AlarmPast([row for row in past.rows if start_us <= row.at_us < end_us], past.known)

    async def history_overview(self) -> HistoryOverview:
        await asyncio.sleep(self.delay_s)
        return self.overview

    async def command(self, request: CommandRequest, session: Session) -> CommandStatus:
        self.requests.append((request, session))
        reasons = self.refusals(request, session)
        if reasons:
            return self._note(request, session, Answer(CommandState.REJECTED, message=joined(reasons)))
        self._note(request, session, Answer(CommandState.PENDING))
        await asyncio.sleep(self.delay_s)
        answer = self.answers.get(request.tag, Answer())
        if answer.state is CommandState.VERIFIED and answer.readback is None:
            answer = replace(answer, readback=request.value)
        if answer.state is CommandState.VERIFIED and answer.readback is not None:
            self.put({request.tag: answer.readback})
        return self._note(request, session, answer)

    @property
    def manual_values(self) -> tuple[ManualValue, ...]:
        return self.manual

    async def set_manual(self, request: ManualRequest, session: Session) -> str:
        await asyncio.sleep(self.delay_s)
        self.manual_requests.append(request)
        if self.manual_refusal:
            return self.manual_refusal
        others = tuple(each for each in self.manual if each.tag != request.tag)
        if request.tag not in self.table.index:
            return message("There is no tag {tag}", tag=request.tag)
        if request.value is None:
            if len(others) == len(self.manual):
                return message("{tag} has no manual value", tag=request.tag)
            self.manual = others
            self.put({request.tag: self._device_words.pop(request.tag)})
            return ""
        if not request.reason:
            return message("A manual value needs a reason")
        self._device_words.setdefault(request.tag, self.table.sample(request.tag).value)
        now_us = self.clock.wall_us()
        self.manual = (*others, ManualValue(request.tag, request.value, session.user, request.reason, now_us))
        self.put({request.tag: request.value}, Quality.GOOD_LOCAL_OVERRIDE)
        return ""

    async def switch_device(self, name: str, is_enabled: bool, session: Session, reason: str = "") -> ActResult:
        self.switches.append((name, is_enabled, reason))
        await asyncio.sleep(self.delay_s)
        present = next((health.state for health in self.health.devices if health.device == name), None)
        if self.switch_refusal or present is None:
            return ActResult(False, self.switch_refusal or message("There is no device {device}", device=name))
        if is_enabled != (present is LinkState.DISABLED):
            words = "{device} is in service already" if is_enabled else "{device} is out of service already"
            return ActResult(False, message(words, device=name))
        self.put_link(name, LinkState.CONNECTED if is_enabled else LinkState.DISABLED)
        if not is_enabled:
            rows = [self.table.index[tag.name] for tag in self.plant.tags if tag.device == name]
            self.table.apply(failure(rows, Quality.BAD_OUT_OF_SERVICE, self.clock.wall_us(), self.clock.mono_ns()))
        return ActResult(True)

    async def ask_address(self, request: AddressRequest, session: Session) -> OnceAnswer:
        await asyncio.sleep(self.delay_s)
        self.address_requests.append(request)
        if request.device not in self.plant.devices:
            return OnceAnswer(OnceState.NOT_SENT, message=message("There is no device {device}", device=request.device))
        if request.value is not None:
            if not request.reason:
                return OnceAnswer(OnceState.NOT_SENT, message=message("A test write needs a reason"))
            if not session.roles & ENGINEERS:
                return OnceAnswer(OnceState.NOT_SENT, message=message("Only an engineer may write to an address"))
            self.registers[request.address] = request.value
        value = self.registers.get(request.address, 0.0)
        return self.address_answer or OnceAnswer(OnceState.DONE, (round(value),), value)

    async def decide_certificate(self, decision: CertificateDecision, session: Session) -> ActResult:
        await asyncio.sleep(self.delay_s)
        self.decisions.append(decision)
        if self.act_refusal or decision.device not in self.plant.devices:
            return ActResult(False, self.act_refusal or message("There is no device {device}", device=decision.device))
        return ActResult(True) if session.roles & TRUSTERS else ActResult(False, message("Only an engineer may"))

    async def own_certificate(self) -> OwnCertificate:
        await asyncio.sleep(self.delay_s)
        return self.own

    async def browse(self, device: str, addresses: Sequence[str], session: Session) -> Browsed:
        self.browsed.append(tuple(addresses))
        await asyncio.sleep(self.delay_s)
        if device not in self.plant.devices:
            return Browsed(problem=message("There is no device {device}", device=device))
        if self.space_problem or not session.roles & ENGINEERS:
            return Browsed(problem=self.space_problem or message("Only an engineer may browse a server"))
        levels = tuple(self.space.get(each, SpaceLevel(())) for each in addresses)
        tags = {tag.address: tag.name for wanted in self.added for tag in wanted.tags}
        return Browsed(levels=levels, tags=tags, add_problem=self.add_problem)

    async def add_tags(self, wanted: NewTags, session: Session) -> ActResult:
        await asyncio.sleep(self.delay_s)
        if self.act_refusal or wanted.device not in self.plant.devices:
            return ActResult(False, self.act_refusal or message("There is no device {device}", device=wanted.device))
        if not session.roles & ENGINEERS:
            return ActResult(False, message("Only an engineer may add tags"))
        self.added.append(wanted)
        return ActResult(True)

    async def trace(self, device: str, is_on: bool) -> None:
        await asyncio.sleep(self.delay_s)
        self.traces[device].switch(is_on)

    async def frames(self, device: str, after: int = 0) -> TraceView:
        await asyncio.sleep(self.delay_s)
        return self.traces[device].view(after)

    async def acknowledge(
        self, seen: Sequence[AlarmSeen], session: Session, comment: str = ""
    ) -> tuple[AckResult, ...]:
        await asyncio.sleep(self.delay_s)
        self.acknowledged += seen
        self.ack_comments.append(comment)
        if self._shown is None:
            return self._evaluated.acknowledge(seen, session, comment, self.health.is_evaluated)
        results = tuple(self._acknowledge(each) for each in seen)
        done = {result.name for result in results if result.is_done}
        self.put_alarms([_acked(row, session) if row.name in done else row for row in self.alarms.rows])
        return results

    async def change_alarms(self, changes: AlarmChanges, session: Session) -> ActResult:
        await asyncio.sleep(self.delay_s)
        self.alarm_changes.append(changes)
        refusal = self.change_refusal or _change_refusal(session, changes.reason)
        return ActResult(not refusal, refusal)

    async def alarm_file(self) -> AlarmFile:
        await asyncio.sleep(self.delay_s)
        return self.file_of_alarms

    async def reload_alarms(self, session: Session, reason: str, seen: str = "") -> ActResult:
        await asyncio.sleep(self.delay_s)
        self.reloads.append(reason)
        if seen and seen != self.file_of_alarms.version:
            return ActResult(False, message("{file} was changed again since you looked at it", file="alarms.csv"))
        refusal = self.change_refusal or _change_refusal(session, reason)
        return ActResult(not refusal, refusal)

    async def note_seat(self, note: SeatNote, session: Session) -> str:
        await asyncio.sleep(self.delay_s)
        if not session.user or self.seat_refusal:
            return self.seat_refusal or message("What is done at a seat needs a user and a seat")
        self.seat_notes.append(note)
        return ""

    async def journal(self, query: JournalQuery) -> JournalPage:
        self.journal_queries.append(query)
        await asyncio.sleep(self.delay_s)
        if self.journal_error is not None:
            raise self.journal_error
        return page_of(self.journal_rows or self._events.rows, query)

    async def alarm_report(self, query: AlarmReportQuery) -> AlarmReport:
        self.report_queries.append(query)
        await asyncio.sleep(self.delay_s)
        if self.journal_error is not None:
            raise self.journal_error
        return self.make_report(query)

    def _report(self, query: AlarmReportQuery) -> AlarmReport:
        if query.position not in ("", *(each.name for each in self.plant.positions)):
            raise KeyError(query.position)
        zone, whole = ZoneInfo(self.plant.time_zone), (query.start_us, query.end_us)
        rows = [kpi_row(entry, seq, entry.at_us) for seq, entry in enumerate(self._events.entries, 1)]
        return make_report(query, rows, Window(*whole, zone, (whole,)), self.plant.philosophy.targets, 0)

    def _acknowledge(self, seen: AlarmSeen) -> AckResult:
        refusal = self.ack_refusals.get(seen.name, "")
        row = next((row for row in self.alarms.rows if row.name == seen.name), None)
        if not refusal and (row is None or row.occurrence != seen.occurrence):
            refusal = message("The alarm was raised again since you saw it")
        return AckResult(seen.name, not refusal, refusal)

    def _note(self, request: CommandRequest, session: Session, answer: Answer) -> CommandStatus:
        status = CommandStatus(
            request=request,
            user=session.user,
            state=answer.state,
            at_us=self.clock.wall_us(),
            readback=answer.readback,
            message=answer.message,
        )
        self._last[request.tag] = status
        return status


def _change_refusal(session: Session, reason: str) -> str:
    if not session.roles & ENGINEERS:
        return message("Only an engineer or an administrator may change alarms")
    return "" if reason else message("A change of alarms needs a reason")


def _acked(row: AlarmRow, session: Session) -> AlarmRow:
    return replace(row, state=AlarmState.ACKED, acked_by=session.user)
