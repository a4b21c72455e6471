"""A technician's questions to single addresses of a device. Reads leave no mark; writes are recorded as commands are.

Before a frame leaves, PENDING and SENT are on the disk, as for commands, so that a crash leaves no doubt about what may
have happened. `ask` and `_finish` run on the station's workers, `_on_sent` on a driver worker.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from functools import partial
from typing import Final
from uuid import uuid4

import structlog

from database.errors import DatabaseError
from drivers.once import OnceAnswer, OnceRequest, OnceState
from plant_models.address import parse_modbus
from plant_models.message import joined, message, words_of
from plant_models.tag import Tag
from station.chain import AuditEntry
from station.command_value import as_number
from station.parts import StationParts
from station.protocol import AddressRequest, CommandState
from station.session import ENGINEERS, Session

KIND: Final = "test write"
DEADLINE_S: Final = 10.0
_ENDS: Final = {
    OnceState.DONE: CommandState.VERIFIED,
    OnceState.MISMATCH: CommandState.MISMATCH,
    OnceState.UNKNOWN: CommandState.UNKNOWN,
    OnceState.REFUSED: CommandState.REJECTED,
    OnceState.NOT_SENT: CommandState.NOT_SENT,
}
_log = structlog.get_logger()


class AddressTool:
    """Asks the drivers of one station."""

    def __init__(self, parts: StationParts, workers: Executor) -> None:
        self._parts = parts
        self._workers = workers

    def ask(self, request: AddressRequest, session: Session) -> Future[OnceAnswer]:
        """Check, record and ask; the future never raises. Blocks on the disk."""
        done: Future[OnceAnswer] = Future()
        done.set_running_or_notify_cancel()  # whoever stops waiting doesn't stop the question
        refusal = self._refusal(request, session)
        entry = _entry(request, session)
        if request.value is not None:
            refusal = self._record(entry, refusal) or refusal
        if refusal:
            done.set_result(OnceAnswer(OnceState.NOT_SENT, message=refusal))
            return done
        not_after_ns = self._parts.clock.mono_ns() + round(DEADLINE_S * 1e9)
        asked = OnceRequest(
            device=request.device,
            address=request.address,
            type=request.type,
            byte_order=request.byte_order,
            value=request.value,
            more=request.more,
            reads_along=request.reads_along,
            not_after_ns=not_after_ns,
            on_sent=partial(self._on_sent, entry),
        )
        end = partial(self._finish, entry, done) if request.value is not None else done.set_result
        self._parts.pool.once(asked).add_done_callback(lambda answered: self._hand_on(end, answered.result()))
        return done

    def _refusal(self, request: AddressRequest, session: Session) -> str:
        """Return why a question isn't passed on, in words; empty if it is."""
        if request.device not in self._parts.plant.devices:
            return message("There is no device {device}", device=request.device)
        if request.value is None:
            return ""
        if not session.user or not session.roles & ENGINEERS:
            return message("Only an engineer or an administrator may write to an address")
        if not request.reason.strip():
            return message("A test write needs a reason")
        wrong = [value for value in (request.value, *request.more) if as_number(value) is None]
        if wrong:
            return message("{value} is not a number", value=f"{wrong[0]!r:.40}")
        tag = self._commanded(request)
        if tag is not None:
            return message("{tag} lies there; command it instead", tag=tag.name)
        return ""

    def _commanded(self, request: AddressRequest) -> Tag | None:
        """Return a tag that can be commanded and shares registers with the address, None if there is none."""
        is_modbus = self._parts.plant.devices[request.device].protocol == "modbus"
        tags = [tag for tag in self._parts.plant.tags if tag.device == request.device and tag.writable]
        if not is_modbus:
            return next((tag for tag in tags if tag.address.strip() == request.address.strip()), None)
        return next((tag for tag in tags if _overlap(tag, request)), None)

    def _record(self, entry: AuditEntry, refusal: str) -> str:
        """Record a write as PENDING, or that it was refused; return that it can't be recorded, or an empty text."""
        try:
            if not refusal:
                self._parts.audit.append()  # a known fault refuses it before anything is recorded
            state = CommandState.REJECTED if refusal else CommandState.PENDING
            self._parts.audit.append(replace(entry, state=state.value, message=refusal))
        except DatabaseError as error:
            return message("The test write can't be recorded: {why}", why=words_of(error))
        return ""

    def _on_sent(self, entry: AuditEntry) -> None:
        """Record that the frame leaves now; raises, so that it doesn't, if that fails."""
        if entry.value_new is not None:
            self._parts.audit.append(replace(entry, state=CommandState.SENT.value))

    def _hand_on(self, end: Callable[[OnceAnswer], None], answer: OnceAnswer) -> None:
        """Called by the driver: recording blocks, so a worker does it, as long as there are any."""
        try:
            self._workers.submit(end, answer)
        except RuntimeError:
            end(answer)

    def _finish(self, entry: AuditEntry, done: Future[OnceAnswer], answer: OnceAnswer) -> None:
        """Record the end of a write and tell it."""
        words = answer.message
        if answer.more:
            found = "; ".join(f"{value:.17g}" for value in (answer.value or 0.0, *answer.more))
            words = joined((words, message("Read back: {values}", values=found)))
        state = _ENDS[answer.state].value
        try:
            self._parts.audit.append(replace(entry, state=state, readback=answer.value, message=words))
        except DatabaseError as error:
            _log.error("address tool: a result could not be recorded", device=entry.tag, error=str(error))
            words = joined((words, message("The result can't be recorded: {why}", why=words_of(error))))
        _log.info("address tool: written", device=entry.tag, value=entry.value_new, state=state, message=words)
        done.set_result(replace(answer, message=words))


def _entry(request: AddressRequest, session: Session) -> AuditEntry:
    values = "; ".join(f"{value:.17g}" for value in map(as_number, (request.value, *request.more)) if value is not None)
    parts = (
        request.type.value,
        request.byte_order,
        "read/write" if request.reads_along else "",
        f"[{values}]" if request.more else "",
    )
    return AuditEntry(
        kind=KIND,
        user=session.user,
        seat=session.seat,
        roles=",".join(sorted(session.roles)),
        tag=f"{request.device} {request.address}",
        title=" ".join(filter(None, parts)),
        value_new=as_number(request.value),
        reason=request.reason,
        command_id=str(uuid4()),
    )


def _overlap(tag: Tag, request: AddressRequest) -> bool:
    try:
        there, asked = parse_modbus(tag.address, tag.type), parse_modbus(request.address, request.type)
    except ValueError:  # the driver says what is wrong with the address
        return False
    count = asked.count * (1 + len(request.more))
    return (
        there.table is asked.table and there.offset < asked.offset + count and asked.offset < there.offset + there.count
    )
