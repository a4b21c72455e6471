"""Manual values and memory tags hold again what they held before the last stop, as soon as the audit can be read.

Called in the thread that starts the station and then, until it has succeeded, in the one that checks the audit. What a
person did since the start counts more.
"""

import threading

import structlog

from database.errors import DamagedError, DatabaseError
from drivers.base import Sink
from plant_models.message import words_of
from station.commands import Commands
from station.manual_values import ManualValues
from station.store.audit import Audit

_log = structlog.get_logger()


class LastRun:
    """What the run before left in the audit. Memory tags get their values through `sink`."""

    def __init__(self, audit: Audit, manual: ManualValues, commands: Commands, sink: Sink) -> None:
        self._audit = audit
        self._manual = manual
        self._commands = commands
        self._sink = sink
        self._lock = threading.Lock()
        self._is_due = True
        self._error = ""

    @property
    def error(self) -> str:
        """Why it isn't known, in words; empty if it is."""
        return self._error

    def restore(self) -> None:
        """Try it, unless it was done or the audit is damaged, which no further try mends. Blocks on the disk."""
        with self._lock:
            if self._is_due:
                self._restore()

    def _restore(self) -> None:
        try:
            manual, commanded = self._audit.kept()
        except DatabaseError as error:
            if not self._error:
                _log.error("station: manual values and memory tags could not be restored", error=str(error))
            self._error = words_of(error)
            self._is_due = not isinstance(error, DamagedError)
            return
        self._manual.restore(manual)
        self._is_due = not self._commands.restore(commanded, self._sink)
        if self._error:
            _log.info("station: manual values and memory tags are restored")
        self._error = ""
