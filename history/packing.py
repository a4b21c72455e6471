"""The thread that packs what was recorded, a step at a time, with pauses: nobody waits for it. See `history.packer`."""

import threading
from contextlib import suppress
from typing import Final

import structlog

from database.errors import DatabaseError
from history.care.caretaker import Caretaker
from history.health import BackupNote
from history.packer import Packer
from plant_models.message import message, words_of

PAUSE_S: Final = 0.05
"""Between two steps, so that readers and the recorder get their turn."""
REST_S: Final = 5.0
"""When nothing is due, or something went wrong."""
_log = structlog.get_logger()


class PackingThread:
    """Runs from `start` to `stop`. `error` says in words why nothing can be packed now.

    When nothing is to be packed, `care` gets its turn.
    """

    def __init__(self, packer: Packer, care: Caretaker | None = None) -> None:
        self._packer = packer
        self._care = care
        self._care_error = ""
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="packer", daemon=True)
        self.error = ""

    @property
    def size_bytes(self) -> int:
        """What packed history took on the disk when there was last nothing to do."""
        return self._packer.size_bytes

    @property
    def notice(self) -> str:
        """What care found that a person should look at, or why it can't go on."""
        return self._care_error or (self._care.notice if self._care else "")

    @property
    def backup(self) -> BackupNote | None:
        """The newest backup."""
        return self._care.backup if self._care else None

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> bool:
        """End after the present step; False if the disk hangs and the thread was left behind."""
        self._is_stopping.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            is_busy = self._step()
            if not is_busy:
                self._take_care()
            self._is_stopping.wait(PAUSE_S if is_busy else REST_S)
        if self._care is not None:
            with suppress(OSError):
                self._care.save()

    def _take_care(self) -> None:
        if self._care is None:
            return
        try:
            self._care.step()
        except Exception as error:  # noqa: BLE001 - the border, as in `_step`
            words = message("History can't be looked after: {why}", why=words_of(error))
            if words != self._care_error:
                _log.warning("history: it can't be looked after", error=words_of(error))
            self._care_error = words
            return
        self._care_error = ""

    def _step(self) -> bool:
        try:
            is_done = self._packer.step()
        except DatabaseError as error:
            self._tell(words_of(error))
            return False
        except Exception as error:  # noqa: BLE001 - the border: this thread must outlive every fault
            _log.exception("packer: a step failed")
            self._tell(str(error))
            return False
        self._tell("")
        return is_done

    def _tell(self, error: str) -> None:
        if error != self.error:
            _log.warning("history: it can't be packed" if error else "history: it is packed again", error=error)
        self.error = error
