"""A thread that asks of the audit, again and again, whether it could take a row: so that a fault is told of before
somebody gives a command, and its end is noticed without one."""

import threading
from collections.abc import Callable
from typing import Final

import structlog

from database.errors import DatabaseError
from plant_models.message import words_of
from station.store.audit import Audit

PERIOD_S: Final = 2.0
_STOP_S: Final = 2.0
_log = structlog.get_logger()


class AuditCheck:
    """Runs from `start` to `stop`; what it finds is `audit.error`. After each look `then` is called."""

    def __init__(self, audit: Audit, then: Callable[[], None]) -> None:
        self._audit = audit
        self._then = then
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="audit-check", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; one that hangs on the disk is left behind."""
        self._is_stopping.set()
        self._thread.join(_STOP_S)

    def _run(self) -> None:
        told = self._audit.error
        while not self._is_stopping.wait(PERIOD_S):
            error = self._ask()
            if error != told:
                _log.warning("audit: it can't be written" if error else "audit: it can be written again", error=error)
            told = error

    def _ask(self) -> str:
        try:
            try:
                self._audit.append()
            finally:
                self._then()
        except DatabaseError as error:
            return words_of(error)
        except Exception as error:  # noqa: BLE001  # a border: the thread goes on and says so
            _log.exception("audit: an unexpected error")
            return words_of(error)
        return ""
