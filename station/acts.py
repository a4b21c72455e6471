"""Something a person does to the station itself, recorded before it happens and when it has ended. On its workers.

Before anything happens SENT is on the disk: if the station ends half-way, the next start says that the end is unknown.
A border for exceptions: what fails otherwise than its act foresees may have happened.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from uuid import uuid4

import structlog

from database.errors import DatabaseError
from plant_models.message import joined, message, words_of
from station.chain import AuditEntry
from station.protocol import ActResult, CommandState
from station.session import Session
from station.store.audit import Audit

_log: Final = structlog.get_logger()


class Acts:
    """Carries out one act after the other."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._lock = threading.Lock()

    def carry_out(
        self,
        entry: AuditEntry,
        refusal: Callable[[], str],
        act: Callable[[], str],
        harmless: tuple[type[Exception], ...] = (OSError, ValueError),
    ) -> ActResult:
        """Record and do what `entry` says, unless there is a `refusal`; blocks on the disk.

        `act` returns what is to be remembered of it; what it raises as `harmless` is why it didn't happen.
        """
        with self._lock:
            problem = refusal() or self._record(replace(entry, state=entry.state or CommandState.SENT.value))
            if problem:
                self._end(entry, CommandState.REJECTED, problem)
                return ActResult(False, problem)
            try:
                done = act()
            except harmless as error:
                why = words_of(error)
                self._end(entry, CommandState.NOT_SENT, why)
                return ActResult(False, why)
            except Exception as error:  # noqa: BLE001 - the border: logged with its traceback, told as unknown
                _log.exception("station: an act failed", kind=entry.kind, on=entry.tag)
                why = message("Internal error: {error}", error=str(error))
                return ActResult(False, joined((why, self._end(entry, CommandState.UNKNOWN, why))))
            return ActResult(True, self._end(entry, CommandState.VERIFIED, done))

    def _record(self, entry: AuditEntry) -> str:
        """Record what is about to happen; return why it can't be recorded, then it must not happen."""
        try:
            self._audit.append()  # a known fault refuses it before anything is recorded
            self._audit.append(entry)
        except DatabaseError as error:
            return message("It can't be recorded: {why}", why=words_of(error))
        return ""

    def _end(self, entry: AuditEntry, state: CommandState, words: str) -> str:
        """Record the end; return why that can't be done."""
        _log.info("station: an act", kind=entry.kind, on=entry.tag, act=entry.title, state=state.value, message=words)
        try:
            self._audit.append(replace(entry, state=state.value, message=words))
        except DatabaseError as error:
            _log.error("station: the end of an act could not be recorded", on=entry.tag, error=str(error))
            return message("The result can't be recorded: {why}", why=words_of(error))
        return ""


def act_entry(kind: str, device: str, title: str, session: Session, reason: str) -> AuditEntry:
    """Return the row of an act on a device, without its state."""
    return AuditEntry(
        kind=kind,
        user=session.user,
        seat=session.seat,
        roles=",".join(sorted(session.roles)),
        tag=device,
        title=title,
        reason=reason,
        command_id=str(uuid4()),
    )
