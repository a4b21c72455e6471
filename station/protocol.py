"""The one face of a plant that screens and programs see, whether it runs in this process or elsewhere.

Two halves: mirrors, read at once from any thread without I/O, and awaitables for everything else. No method blocks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID, uuid4

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.changing import AlarmChanges
from alarms.handling import AlarmRequest
from alarms.health import JournalHealth
from alarms.journal_query import JournalPage, JournalQuery
from alarms.kpi.loads import PositionLoad
from alarms.kpi.report import AlarmReport, AlarmReportQuery
from alarms.snapshot import AlarmSnapshot
from analytics.backtest import BackTest, BackTestRequest
from analytics.consequence import ConsequenceTime
from analytics.proposals import Proposal
from drivers.address_space import SpaceLevel
from drivers.certificate_facts import CertificateFacts
from drivers.frames import TraceView
from drivers.health import DeviceHealth
from drivers.once import OnceAnswer
from history.health import HistoryHealth
from history.overview import HistoryOverview
from history.queries.aggregates import AggregateQuery, AggregateSeries
from history.queries.instants import Instant, InstantQuery
from history.queries.samples import SampleQuery, SampleSeries
from history.queries.totals import TotalQuery, TotalSeries
from history.series import HistoryQuery, HistorySeries
from plant_models.alarm_definition import AlarmDefinition
from plant_models.batch import TagIndices
from plant_models.plant import Plant
from plant_models.project.new_tags import NewTag
from plant_models.tag import DataType
from plant_models.tag_table import TagTable
from station.seat_note import SeatNote
from station.session import Session


class CommandState(StrEnum):
    """The life of a command; the last five are ends."""

    PENDING = "pending"
    SENT = "sent"
    VERIFIED = "verified"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"
    REJECTED = "rejected"
    NOT_SENT = "not sent"

    @property
    def is_end(self) -> bool:
        return self not in (CommandState.PENDING, CommandState.SENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRequest:
    """A person wants `tag` to be `value` (in its unit). `seen` is the value they saw when they decided."""

    tag: str
    value: float
    title: str = ""
    reason: str = ""
    seen: float | None = None
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandStatus:
    """Where a command stands. `message` says in words what went wrong, and what was found in the device."""

    request: CommandRequest
    user: str
    state: CommandState
    at_us: int
    readback: float | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualRequest:
    """A person wants `tag` to count as `value` (in its unit) whatever its device says; None takes that back."""

    tag: str
    value: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ManualValue:
    """A value that stands in place of the device's: who gave it, why, and since when (µs UTC)."""

    tag: str
    value: float
    user: str
    reason: str
    since_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRequest:
    """A technician wants an address of a device read or, with a `value` (as the device holds it, unscaled), written.

    `byte_order` "" is the device's own. `more` and `reads_along` as in `drivers.once.OnceRequest`. Only an engineer or
    administrator writes, and says why.
    """

    device: str
    address: str
    type: DataType
    byte_order: str = ""
    value: float | None = None
    reason: str = ""
    more: tuple[float, ...] = ()
    reads_along: bool = False


@dataclass(frozen=True, slots=True)
class ActResult:
    """Whether something was done; `message` says why not, or what of it wasn't recorded."""

    is_done: bool
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmFile:
    """What alarms.csv on the disk would change of the alarms in force: `changed` with new ones, and names `removed`.

    `later` names alarms on tags that the station has only after its next start. With `problems`, each with file, line
    and column, it can't be taken up. `version` is that of the alarms as the file wants them.
    """

    version: str = ""
    changed: tuple[AlarmDefinition, ...] = ()
    removed: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDecision:
    """A person wants the certificate of this thumbprint (SHA-256), which `device` shows, to be trusted or not."""

    device: str
    sha256: str
    is_trusted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """The certificate by which servers know the station, and the file that it is in; `problem` says why there is none.

    `facts` are None then.
    """

    facts: CertificateFacts | None
    path: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Browsed:
    """What lies below the nodes that were asked for, in their order; none and a `problem` where that can't be told.

    `tags` names those nodes (by address) that are tags already, or will be at the next start. `add_problem` says why
    the one who asks could add no tag now.
    """

    levels: tuple[SpaceLevel, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    add_problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTags:
    """A person wants tags of one device added to the plant folder, all or none."""

    device: str
    tags: tuple[NewTag, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """A bounded queue: batches waiting, the most that ever waited, the rows it took, and the rows it dropped."""

    depth: int
    peak: int
    offered: int
    dropped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StationHealth:
    """A snapshot. `is_evaluated` is False while the station thread stalls: then no value may be believed.

    `audit_damage` says what this start found missing or changed in the audit trail, `unrestored` why it isn't known
    which manual values, and which values of memory tags, held before this start.
    """

    is_evaluated: bool
    devices: tuple[DeviceHealth, ...]
    queue: QueueHealth
    audit_error: str = ""
    audit_damage: str = ""
    unrestored: str = ""
    history: HistoryHealth = field(default_factory=HistoryHealth)
    journal: JournalHealth = field(default_factory=JournalHealth)


class Station(Protocol):
    """One running plant."""

    @property
    def plant(self) -> Plant:
        """The plant as it is loaded."""

    @property
    def table(self) -> TagTable:
        """The live values; read only."""

    @property
    def is_evaluated(self) -> bool:
        """`health.is_evaluated` alone: screens ask for it with every value that they show."""

    @property
    def health(self) -> StationHealth:
        """The present health."""

    @property
    def alarms(self) -> AlarmSnapshot:
        """The present alarms; the same object until something changes."""

    @property
    def consequences(self) -> Mapping[str, ConsequenceTime]:
        """When the consequences of active alarms come, by the alarm's name (µs UTC), if their trends tell.

        The same object until something changes.
        """

    @property
    def alarm_measures(self) -> Mapping[str, float]:
        """What alarms of DISTANCE_KINDS in the list compare with their limit now, by the alarm's name.

        In the alarm's unit, for a rate per minute. What nobody knows is missing. The same object until something
        changes.
        """

    @property
    def alarm_loads(self) -> tuple[PositionLoad, ...]:
        """What the alarms ask of each operator position now; the same object until something changes."""

    @property
    def manual_values(self) -> tuple[ManualValue, ...]:
        """All manual values, oldest first; the same object until one changes."""

    def lease(self, rows: TagIndices) -> None:
        """Note that somebody looks at rows of the table: for ten seconds they are read at their period.

        To be said again every three seconds or so; it matters only to tags of leased scan classes. Any thread, no I/O.
        """

    def last_command(self, tag: str) -> CommandStatus | None:
        """Return where the newest command to `tag` stands, None if there was none since the start."""

    def refusals(self, request: CommandRequest, session: Session) -> tuple[str, ...]:
        """Return why a command would be refused now, in words; empty if it would be released."""

    async def command(self, request: CommandRequest, session: Session) -> CommandStatus:
        """Check, record, release and read back a command; return its end. Refusals are results, not exceptions."""

    async def set_manual(self, request: ManualRequest, session: Session) -> str:
        """Record and give a tag a manual value, or take it back; return why not, in words, or an empty text.

        It counts everywhere (displays, formulas, alarms, history) and shows as manual; it holds over restarts.
        """

    async def switch_device(self, name: str, is_enabled: bool, session: Session, reason: str = "") -> ActResult:
        """Put a device into service or take it out, until the station ends; the others aren't touched.

        Recorded in the audit before and after; refusals are results, not exceptions.
        """

    async def ask_address(self, request: AddressRequest, session: Session) -> OnceAnswer:
        """Read or write any address of a device once, whatever the plant folder says of it; refusals are results.

        At most one frame is written, recorded in the audit before and after, and read back. Where a tag of the plant
        can be commanded, nothing is written: its command knows more than an address does.
        """

    async def decide_certificate(self, decision: CertificateDecision, session: Session) -> ActResult:
        """Trust the certificate that a server shows (`DeviceHealth.certificate`), or trust it no longer.

        Recorded in the audit before and after; refusals are results. The connection comes up by itself within its
        back-off, or ends. Only a supervisor, an engineer or an administrator may, and says why.
        """

    async def own_certificate(self) -> OwnCertificate:
        """Return the station's own certificate, which the engineers of servers must trust; made if there is none."""

    async def browse(self, device: str, addresses: Sequence[str], session: Session) -> Browsed:
        """Return what lies directly below nodes of a server (ROOT for all that it has), 50 nodes at most.

        On a connection of its own. Who stops waiting ends the question.
        """

    async def add_tags(self, wanted: NewTags, session: Session) -> ActResult:
        """Add tags to tags.csv of the plant folder, all or none; they live from the next start of the station on.

        Recorded in the audit before and after; refusals are results. Only an engineer or an administrator may.
        """

    async def trace(self, device: str, is_on: bool) -> None:
        """Begin or end the trace of a device's frames. A trace is empty when it begins.

        Raises:
            KeyError: there is no such device.
        """

    async def frames(self, device: str, after: int = 0) -> TraceView:
        """Return whether a device is traced, and its last 200 frames, those newer than number `after`.

        Raises:
            KeyError: there is no such device.
        """

    async def acknowledge(
        self, seen: Sequence[AlarmSeen], session: Session, comment: str = ""
    ) -> tuple[AckResult, ...]:
        """Acknowledge alarms as the user saw them; refusals are results, in the order of `seen`.

        An alarm that was raised again or got another priority since it was seen is not acknowledged.
        """

    async def handle_alarms(self, request: AlarmRequest, session: Session) -> tuple[AckResult, ...]:
        """Reset, shelve, put out of service or back, or comment alarms as the user saw them.

        Refusals (of the state, of the plant's rules, because somebody else was faster) are results, in the order of
        `request.seen`, and stand in the audit; what is done stands in the journal.
        """

    async def change_alarms(self, changes: AlarmChanges, session: Session) -> ActResult:
        """Change definitions on the running station and in alarms.csv, all or none.

        Refused, with words, if somebody else has changed them since `changes.version`, or if they have a fault.
        Recorded in the audit before and after. Only an engineer or an administrator may, and says why.
        """

    async def alarm_file(self) -> AlarmFile:
        """Return what alarms.csv as it is on the disk would change; nothing is done."""

    async def reload_alarms(self, session: Session, reason: str, seen: str = "") -> ActResult:
        """Take up alarms.csv as it is on the disk, all or none; refused, with its mistakes, if it has some.

        With `seen`, an AlarmFile's version, it is refused if the file meanwhile says something else.
        Recorded in the audit before and after. Only an engineer or an administrator may, and says why.
        """

    async def note_seat(self, note: SeatNote, session: Session) -> str:
        """Record what a person did at their seat: window opened or closed, alarms silenced, muted or heard again.

        It has happened and isn't undone: return why it can't be recorded, in words, or an empty text.
        """

    async def history(self, query: HistoryQuery) -> tuple[HistorySeries, ...]:
        """Return the past of tags, in the order of the query.

        Raises:
            KeyError: it names a tag that doesn't exist.
            DatabaseError: what is on disk can't be read; the words are for people.
        """

    async def samples(self, query: SampleQuery) -> tuple[SampleSeries, ...]:
        """Return the samples of tags themselves, a page at a time, in the order of the query.

        Like all that follows about history it may take long, and ends when nobody waits for it any more.

        Raises:
            KeyError: it names a tag that doesn't exist.
            DatabaseError: what is on disk can't be read; the words are for people.
        """

    async def at(self, query: InstantQuery) -> Instant:
        """Return what tags, or all tags, showed at a time; raises as `samples`."""

    async def aggregates(self, query: AggregateQuery) -> tuple[AggregateSeries, ...]:
        """Return aggregates of OPC UA Part 13 of tags over intervals, in the order of the query.

        Hours, days, weeks and months are those of the plant's time zone and `day_starts`.

        Raises:
            ValueError: an interval has more than ten million samples.
            KeyError, DatabaseError: as `samples`.
        """

    async def totals(self, query: TotalQuery) -> tuple[TotalSeries, ...]:
        """Return how much has flowed, or was counted, in intervals like those of `aggregates`.

        Raises:
            ValueError: a tag is neither a flow nor a counter, or an interval has too many samples.
            KeyError, DatabaseError: as `samples`.
        """

    async def back_test(self, request: BackTestRequest) -> BackTest:
        """Return what a setting of an alarm would have done in the past, beside the present one of that name.

        What history can't tell is worked out from what the alarm did; the answer says from what it is.

        Raises:
            ValueError: it can't be tested, or not over such a time; the words are for people.
            DatabaseError: as `samples`.
        """

    async def propose(self, alarm: str) -> Proposal:
        """Return a better setting for an alarm, given by name, or why there is none; for one of a device as well.

        Raises:
            KeyError: there is no such alarm.
            DatabaseError: as `samples`.
        """

    async def history_overview(self) -> HistoryOverview:
        """Return what history takes on the disk, month by month; what can't be read is told in it.

        Raises:
            DatabaseError: the station has stopped.
        """

    async def journal(self, query: JournalQuery) -> JournalPage:
        """Return what was recorded of the alarms, and if it is asked for of what people did, newest first.

        Raises:
            DatabaseError: it can't be read; the words are for people.
        """

    async def alarm_report(self, query: AlarmReportQuery) -> AlarmReport:
        """Return how good the alarm system was in a time, and how much of that time is known; it may take seconds.

        Raises:
            ValueError: the time ends before it begins.
            KeyError: the plant has no such operator position.
            DatabaseError: the journal can't be read; the words are for people.
        """
