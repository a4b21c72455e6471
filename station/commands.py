"""Commands: the only way a value gets into a device.

Checked, recorded as PENDING, released to the driver, recorded as SENT right before the frame leaves, read back, and
recorded with its end. Each step is on the disk before the next one begins, so that after a crash PENDING proves that
nothing was sent, and SENT that nobody knows. Nothing is ever sent twice. `release` and `_finish` run on the station's
workers, `_on_sent` on a driver worker; nothing here runs on the thread of the caller.
"""

import threading
from collections.abc import Iterable
from concurrent.futures import CancelledError, Executor, Future
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final
from uuid import UUID

import structlog

from database.errors import DatabaseError
from drivers.base import Sink, WriteOutcome, WriteRequest, WriteState
from plant_models.batch import samples
from plant_models.message import joined, message, words_of
from plant_models.quality import Quality
from plant_models.tag import Tag
from station.chain import AuditEntry
from station.command_check import CommandCheck
from station.command_value import as_number, value_problem
from station.kept import KeptValue
from station.parts import StationParts
from station.protocol import CommandRequest, CommandState, CommandStatus
from station.session import Session

DEADLINE_S: Final = 10.0
"""A command that could not be sent by then is never sent."""
STOPPED: Final = message("The station is not running")
_ENDS: Final = {
    WriteState.VERIFIED: CommandState.VERIFIED,
    WriteState.MISMATCH: CommandState.MISMATCH,
    WriteState.UNKNOWN: CommandState.UNKNOWN,
    WriteState.REFUSED: CommandState.REJECTED,
    WriteState.NOT_SENT: CommandState.NOT_SENT,
}
_log = structlog.get_logger()


@dataclass(slots=True)
class _Open:
    """A released command on its way; from `is_sent` on its frame may have left."""

    status: CommandStatus
    entry: AuditEntry
    not_after_ns: int
    is_sent: bool = False
    done: Future[CommandStatus] = field(default_factory=Future)


class Commands:
    """All commands of a station, and where the newest to each tag stands."""

    def __init__(self, parts: StationParts, check: CommandCheck, workers: Executor) -> None:
        self._parts = parts
        self._check = check
        self._workers = workers
        self._gate = threading.Lock()  # one command at a time is checked and recorded
        self._lock = threading.Lock()  # guards what follows, held for moments only
        self._open: dict[UUID, _Open] = {}
        self._last: dict[str, CommandStatus] = {}
        self._is_stopping = False

    def last(self, tag: str) -> CommandStatus | None:
        """Return where the newest command to `tag` stands."""
        return self._last.get(tag)

    def release(self, request: CommandRequest, session: Session) -> Future[CommandStatus]:
        """Check, record and release a command; the future gets its end and never raises. Blocks on the disk."""
        entry = self._entry(request, session)
        with self._gate:
            again = self._again(entry.command_id)
            reasons = self._admit(request, session, entry, again)
            if reasons:
                refused = replace(entry, command_id="") if again else entry  # a second row could end the first command
                return self._rejected(request, refused, joined(reasons))
            self._check.note_release(request.tag)
        status = self._status(request, session.user, CommandState.PENDING)
        command = _Open(status, entry, self._parts.clock.mono_ns() + int(DEADLINE_S * 1e9))
        command.done.set_running_or_notify_cancel()  # whoever stops waiting doesn't stop the command
        with self._lock:
            self._open[request.id] = command
        self._note(status)
        row, value = self._parts.table.index[request.tag], float(request.value)
        held, tag = self._parts.table.sample(row).value, self._parts.table.tags[row]
        write = WriteRequest(
            row, value, held, command.not_after_ns, partial(self._on_sent, command), tag.pulse, tag.is_setpoint
        )
        written = self._parts.pool.write(write)
        written.add_done_callback(partial(self._on_written, command))
        return command.done

    def restore(self, kept: Iterable[KeptValue], sink: Sink) -> bool:
        """Let memory tags hold again what was last verified; those to which a command was released since the start are
        left. False if there was no room: call it again."""
        table, now_ns = self._parts.table, self._parts.clock.mono_ns()
        known = [(table.index[each.tag], each) for each in kept if each.tag in table.index]
        fitting = [(row, each) for row, each in known if _is_fit(table.tags[row], each.value)]
        with self._gate:  # a command that is released afterwards comes later in the queue, too
            due = [(row, each) for row, each in fitting if not self._check.is_released(each.tag)]
            if not due:
                return True
            rows, values = [row for row, _ in due], [each.value for _, each in due]
            return sink.offer(samples(rows, values, Quality.GOOD, [each.at_us for _, each in due], now_ns))

    def refuse_new(self) -> None:
        """Refuse commands from now on. First step of stopping; then the pool stops, then the workers."""
        with self._lock:
            self._is_stopping = True

    def close_open(self) -> None:
        """Close what no driver answered for. Last step of stopping."""
        for command in tuple(self._open.values()):
            state = WriteState.UNKNOWN if command.is_sent else WriteState.NOT_SENT
            left = message("The station stopped before the device answered")
            self._finish(command, WriteOutcome(state, message=left))

    def _again(self, command_id: str) -> str:
        """Say why nothing may be recorded under this id: it has rows, or nobody can tell; empty if it has none."""
        try:
            if self._parts.audit.knows(command_id):
                return message("Command {id} was given before", id=command_id)
        except DatabaseError as error:
            return _unrecorded(error)
        return ""

    def _admit(self, request: CommandRequest, session: Session, entry: AuditEntry, again: str) -> tuple[str, ...]:
        """Check a command and record it as PENDING; returns why it is refused, empty if it may go out."""
        if self._is_stopping:
            return (STOPPED,)
        reasons = self._check.reasons(request, session)
        if reasons or again:
            return (*reasons, again) if again else reasons
        try:
            self._parts.audit.append()  # a known fault refuses it before anything is recorded
            self._parts.audit.append(entry)
        except DatabaseError as error:
            return (_unrecorded(error),)
        return ()

    def _rejected(self, request: CommandRequest, entry: AuditEntry, words: str) -> Future[CommandStatus]:
        try:
            self._parts.audit.append(replace(entry, state=CommandState.REJECTED.value, message=words))
        except DatabaseError as error:
            _log.error("commands: a refusal could not be recorded", tag=request.tag, error=str(error))
        status = self._status(request, entry.user, CommandState.REJECTED, words)
        if request.tag in self._parts.table.index and request.id not in self._open:
            self._note(status)
        done: Future[CommandStatus] = Future()
        done.set_result(status)
        return done

    def _on_sent(self, command: _Open) -> None:
        """Record that the frame leaves now; raises, so that it doesn't, if that fails or took too long."""
        with self._lock:
            if command.status.request.id not in self._open:
                raise RuntimeError(STOPPED)
            command.is_sent = True
        self._parts.audit.append(replace(command.entry, state=CommandState.SENT.value))
        if self._parts.clock.mono_ns() > command.not_after_ns:
            raise TimeoutError(message("The command expired before it could be sent"))
        command.status = self._status(command.status.request, command.entry.user, CommandState.SENT)
        self._note(command.status)

    def _on_written(self, command: _Open, written: Future[WriteOutcome]) -> None:
        """Called by the driver: hand the end to a worker, since recording it blocks."""
        outcome = _outcome(command, written)
        with self._lock:
            if not self._is_stopping:
                self._workers.submit(self._finish, command, outcome)
                return
        self._finish(command, outcome)

    def _finish(self, command: _Open, outcome: WriteOutcome) -> None:
        """Record the end of a command, once."""
        request = command.status.request
        with self._lock:
            if self._open.pop(request.id, None) is None:
                return
        state, words = _ENDS[outcome.state], outcome.message or _words(command, outcome)
        entry = replace(command.entry, state=state.value, readback=outcome.readback, message=words)
        try:
            self._parts.audit.append(entry)
        except DatabaseError as error:
            _log.error("commands: a result could not be recorded", tag=request.tag, error=str(error))
            words = joined((words, message("The result can't be recorded: {why}", why=words_of(error))))
        status = replace(self._status(request, entry.user, state, words), readback=outcome.readback)
        _log.info("commands: ended", tag=request.tag, value=request.value, state=state.value, message=words)
        self._note(status)
        command.done.set_result(status)

    def _note(self, status: CommandStatus) -> None:
        """Keep the newest: a refusal or an older command never hides one that is under way."""
        with self._lock:
            present = self._last.get(status.request.tag)
            is_new = status.state is CommandState.PENDING
            is_same = present is not None and present.request.id == status.request.id
            is_refusal = status.state is CommandState.REJECTED and (present is None or present.state.is_end)
            if is_new or is_same or is_refusal:
                self._last[status.request.tag] = status

    def _status(self, request: CommandRequest, user: str, state: CommandState, words: str = "") -> CommandStatus:
        at_us = self._parts.clock.wall_us()
        return CommandStatus(request=request, user=user, state=state, at_us=at_us, message=words)

    def _entry(self, request: CommandRequest, session: Session) -> AuditEntry:
        """The row of a command as it is asked for; its later rows only change the end."""
        row = self._parts.table.index.get(request.tag)
        return AuditEntry(
            kind="command",
            user=session.user,
            seat=session.seat,
            roles=",".join(sorted(session.roles)),
            tag=request.tag,
            title=request.title,
            value_seen=as_number(request.seen),
            value_old=None if row is None else self._parts.table.sample(row).value,
            value_new=as_number(request.value),
            unit="" if row is None else self._parts.table.tags[row].unit,
            reason=request.reason,
            command_id=str(request.id),
            state=CommandState.PENDING.value,
        )


def _is_fit(tag: Tag, value: float) -> bool:
    """Tell whether a tag is a memory tag that can still hold a value."""
    return tag.is_memory and not value_problem(tag, value)


def _unrecorded(error: DatabaseError) -> str:
    return message("The command can't be recorded: {why}", why=words_of(error))


def _outcome(command: _Open, written: Future[WriteOutcome]) -> WriteOutcome:
    """The driver's answer; a driver that breaks its promise to answer leaves the end unknown."""
    fault = CancelledError(message("The driver gave up")) if written.cancelled() else written.exception()
    if fault is None:
        return written.result()
    return WriteOutcome(WriteState.UNKNOWN if command.is_sent else WriteState.NOT_SENT, message=words_of(fault))


def _words(command: _Open, outcome: WriteOutcome) -> str:
    if outcome.state is WriteState.MISMATCH and outcome.readback is not None:
        return message(
            "The device holds {found:g}{unit}, not {wanted:g}{unit}",
            found=outcome.readback,
            wanted=command.entry.value_new,
            unit=command.entry.unit and f" {command.entry.unit}",
        )
    return ""
