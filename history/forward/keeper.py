"""The thread that watches the room of the spool: it counts, tells when it gets full, and makes room when it is.

It never waits for a server. A disk that is nearly full, or a file that can't grow, counts as a spool that is full.
"""

import threading
from collections.abc import Callable
from typing import Final

import structlog

from database.errors import DatabaseError
from history.forward.spool import Spool
from history.health import ALARM_SHARE
from history.reserve import INSIDE_BYTES
from plant_models.message import message, words_of

PAUSE_S: Final = 1.0
CALM_SHARE: Final = 0.7
ENOUGH_SHARE: Final = 0.95
"""How full it may still be once room was made."""
STEPS: Final = 50
"""Steps without a look at how things stand."""
_log = structlog.get_logger()


class Keeper:
    """Runs from `start` to `stop`. `is_refused` says whether the recorder finds no room; `tell` hears of what matters.

    `error` says in words why it can't do its work.
    """

    def __init__(
        self, spool: Spool, room_bytes: int, is_refused: Callable[[], bool], tell: Callable[[str], None]
    ) -> None:
        self._spool, self._room_bytes, self._is_refused, self._tell = spool, room_bytes, is_refused, tell
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="spool keeper", daemon=True)
        self._level = 0
        self.error = ""

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> bool:
        """End after the present step; False if the disk hangs and the thread was left behind."""
        self._is_stopping.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def step(self) -> None:
        """Count, and make room if there is none.

        Raises:
            DatabaseError: the file can't be used now.
        """
        if not self._spool.is_open:
            return
        self._spool.measure()
        is_full = self._spool.waiting.bytes >= self._room_bytes
        is_refused = self._is_refused() or self._spool.is_short
        self._note_level(2 if is_full or is_refused else int(self._share >= ALARM_SHARE))
        if is_full or is_refused:
            self._make_room(is_refused)

    @property
    def _share(self) -> float:
        return self._spool.waiting.bytes / self._room_bytes

    def _make_room(self, is_refused: bool) -> None:
        """Thin what is oldest, and drop it when nothing can be thinned, until there is some room."""
        for _ in range(STEPS):
            has_room = self._spool.free_inside >= 2 * INSIDE_BYTES if is_refused else self._share <= ENOUGH_SHARE
            if has_room or self._is_stopping.is_set() or not self._give_way(is_refused):
                return

    def _give_way(self, is_refused: bool) -> bool:
        """Thin or drop a little; False if nothing is left to give way."""
        try:
            if self._spool.thin():
                return True
        except DatabaseError:
            if not is_refused:  # else what is thinned had no room itself
                raise
        return self._spool.drop()

    def _note_level(self, level: int) -> None:
        """Tell once that it is getting full or is full, and that it no longer is."""
        if level == self._level or (level < self._level and self._share > CALM_SHARE):
            return
        self._level = level
        words = (
            message("The room for history that waits for its server is no longer short"),
            message(
                "The room for history that waits for its server is {percent:.0f} % taken; bring the server back, or"
                " raise spool_gb in plant.toml",
                percent=self._share * 100,
            ),
            message("There is no room left for history that waits for its server: the oldest is thinned, then dropped"),
        )[level]
        (_log.warning if level else _log.info)("history: the room of the spool", words=words)
        self._tell(words)

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            try:
                self.step()
                self._note("")
            except DatabaseError as error:
                self._note(words_of(error))
            except Exception as error:  # noqa: BLE001 - the border: this thread must outlive every fault
                _log.exception("spool: a step failed")
                self._note(words_of(error))
            self._is_stopping.wait(PAUSE_S)

    def _note(self, error: str) -> None:
        if error and error != self.error:
            _log.warning("history: what waits for the server can't be counted", error=error)
        self.error = error
