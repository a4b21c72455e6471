"""Taking a device out of service and putting it back, by a person, recorded before and after.

It holds until the station ends: at the next start the plant folder decides again. Runs on the station's workers.
"""

import threading
from dataclasses import replace
from typing import Final
from uuid import uuid4

import structlog

from database.errors import DatabaseError
from plant_models.message import Message, joined, message, words_of
from station.chain import AuditEntry
from station.parts import StationParts
from station.protocol import CommandState, DeviceSwitch
from station.session import Session

PUT_IN: Final = message("Put into service")
TAKE_OUT: Final = message("Take out of service")
_log = structlog.get_logger()


class Devices:
    """Which devices are reached now."""

    def __init__(self, parts: StationParts) -> None:
        self._parts = parts
        self._present = dict(parts.plant.devices)
        self._lock = threading.Lock()  # one device at a time is switched

    def switch(self, name: str, is_enabled: bool, session: Session, reason: str) -> DeviceSwitch:
        """Switch a device; blocks on the disk and until its old connection has ended."""
        entry = AuditEntry(
            kind="device",
            user=session.user,
            seat=session.seat,
            roles=",".join(sorted(session.roles)),
            tag=name,
            title=PUT_IN if is_enabled else TAKE_OUT,
            value_new=float(is_enabled),
            reason=reason,
            command_id=str(uuid4()),
            state=CommandState.PENDING.value,
        )
        with self._lock:
            problem = self._problem(name, is_enabled, session) or self._record(entry)
            if problem:
                self._end(entry, CommandState.REJECTED, problem)
                return DeviceSwitch(False, problem)
            problem = self._switch(name, is_enabled)
            unrecorded = self._end(entry, CommandState.UNKNOWN if problem else CommandState.VERIFIED, problem)
            return DeviceSwitch(not problem, joined((problem, unrecorded)))

    def _problem(self, name: str, is_enabled: bool, session: Session) -> str:
        """Return why a device can't be switched, "" if it can."""
        device = self._present.get(name)
        if device is None:
            return message("There is no device {device}", device=name)
        if not session.user:
            return message("Switching a device needs a user")
        if device.enabled == is_enabled:
            return _already(name, is_enabled)
        return ""

    def _record(self, entry: AuditEntry) -> str:
        """Record what is about to happen; return why it can't be recorded, then it must not happen."""
        try:
            self._parts.audit.append()  # a known fault refuses it before anything is recorded
            self._parts.audit.append(entry)
        except DatabaseError as error:
            return message("It can't be recorded: {why}", why=words_of(error))
        return ""

    def _switch(self, name: str, is_enabled: bool) -> str:
        changed = {**self._present, name: replace(self._present[name], enabled=is_enabled)}
        try:
            self._parts.pool.use(changed)
        except Exception as error:  # noqa: BLE001 - the border: what drivers of other packages raise is a result here
            _log.exception("devices: one can't be switched", device=name)
            return message("Internal error: {error}", error=str(error))
        self._present = changed
        return ""

    def _end(self, entry: AuditEntry, state: CommandState, words: str) -> str:
        """Record the end; return why that can't be done."""
        _log.info("devices: switched", device=entry.tag, act=entry.title, state=state.value, message=words)
        try:
            self._parts.audit.append(replace(entry, state=state.value, message=words))
        except DatabaseError as error:
            _log.error("devices: a result could not be recorded", device=entry.tag, error=str(error))
            return message("The result can't be recorded: {why}", why=words_of(error))
        return ""


def _already(name: str, is_enabled: bool) -> Message:
    if is_enabled:
        return message("{device} is in service already", device=name)
    return message("{device} is out of service already", device=name)
