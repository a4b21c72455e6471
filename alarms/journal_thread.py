"""The way of events to the disk: a bounded queue that never blocks who offers, and one thread that writes.

While the journal can't be written, events wait in their order, and `health` says why; what doesn't fit is counted, and
told of in the journal as soon as it can be written again. When nothing is to be written, the thread asks every few
seconds whether something could be: a fault is told of before an alarm comes.

What could not be read at the start is read by this thread before it writes anything, so that no row of this run stands
between the rows before it and those who take them up.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

import structlog

from alarms.entry import JournalEntry
from alarms.health import JournalHealth
from database.errors import DamagedError, DatabaseError
from plant_models.clock import Clock
from plant_models.message import message, words_of

CAPACITY: Final = 100_000
"""Events; about 100 MB."""
CHUNK: Final = 5_000
RETRY_S: Final = 1.0
DAMAGED_S: Final = 30.0
"""How long to wait before a broken file is tried again: finding that out reads all of it."""
CHECK_S: Final = 2.0
UNREADABLE_TRIES: Final = 5
"""How often a journal that is not locked, and could be written, is read in vain before it is only written."""
LOST: Final = "LOST"
FULL: Final = message("The queue before the journal is full")
SLOW: Final = message("The journal is slow")
_log = structlog.get_logger()


class NotNowError(DatabaseError):
    """The journal was read, but those who go on from it have no time; it is tried again for as long as that lasts."""


class Writer(Protocol):
    """What puts entries on the disk: `alarms.store.journal.Journal`."""

    @property
    def damage(self) -> str:
        """What this start found missing or changed, in words; empty if nothing."""

    def append(self, entries: Sequence[JournalEntry]) -> None:
        """Write entries (none: find out whether some could be) or raise DatabaseError; the same may be tried again."""


class JournalThread:
    """Runs from `start` to `stop`."""

    def __init__(self, writer: Writer, clock: Clock, capacity: int = CAPACITY) -> None:
        self._writer = writer
        self._clock = clock
        self._capacity = capacity
        self._changed = threading.Condition()
        self._waiting: deque[JournalEntry] = deque()
        self._peak = self._taken = self._written = self._dropped = self._untold = 0
        self._error = self._unread = ""
        self._read: Callable[[], list[JournalEntry]] | None = None
        self._forget: Callable[[], None] = lambda: None
        self._tries = 0
        self._pause_s = RETRY_S
        self._first_rows: list[JournalEntry] = []
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    @property
    def health(self) -> JournalHealth:
        """The account of events, all from one moment."""
        with self._changed:
            offered = self._taken + self._dropped
            account = len(self._waiting), self._peak, offered, self._written, self._dropped
            return JournalHealth(*account, self._error, self._writer.damage, self._unread)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def read_first(self, read: Callable[[], list[JournalEntry]], forget: Callable[[], None], why: str) -> None:
        """Call `read` on the thread until it raises nothing, before anything is written.

        The rows that it returns are written first, and not counted. `why` says why it has not succeeded yet. Where the
        journal could be written but can't be read, that is given up after some tries, or at the end: then `forget` is
        called, and `health.unread` says so as long as the station runs. Before `start`.
        """
        self._read, self._forget, self._error, self._unread = read, forget, why, why

    def offer(self, entries: Iterable[JournalEntry], is_needed: bool = False) -> int | None:
        """Take entries without blocking; returns a ticket for `wait_written`, None if some were dropped and counted.

        Those that `is_needed` says are never dropped: without them the rows before would claim something wrong.
        """
        with self._changed:
            dropped = self._dropped
            for entry in entries:
                self._tell_loss()
                self._put(entry, is_needed)
            self._peak = max(self._peak, len(self._waiting))
            self._changed.notify_all()
            return self._taken if self._dropped == dropped else None

    def wait_written(self, ticket: int | None, timeout_s: float) -> str:
        """Wait until everything up to `ticket` is on the disk; returns why it isn't, "" if it is."""
        if ticket is None:
            return FULL
        with self._changed:
            self._changed.wait_for(lambda: self._written >= ticket or bool(self._error), timeout_s)
            return "" if self._written >= ticket else self._error or SLOW

    def stop(self, timeout_s: float = 3.0) -> None:
        """Write what waits and end; what can't be written by then is lost, and said in the log."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        self._thread.join(timeout_s)
        if self._waiting:
            _log.error("journal: events could not be written before the end", events=len(self._waiting))

    def _put(self, entry: JournalEntry, is_needed: bool = False) -> None:
        if not is_needed and (len(self._waiting) >= self._capacity or self._is_stopping):
            self._dropped += 1
            self._untold += 1
        else:
            self._taken += 1
            self._waiting.append(entry)

    def _tell_loss(self) -> None:
        """Put an entry about dropped events where they are missing, if there is room again."""
        if self._untold and len(self._waiting) < self._capacity and not self._is_stopping:
            words = f"{self._untold} events could not be kept"
            self._untold = 0
            stamps = self._clock.wall_us(), self._clock.mono_ns()
            self._put(JournalEntry(at_us=stamps[0], mono_ns=stamps[1], event=LOST, comment=words))

    def _run(self) -> None:
        entries: list[JournalEntry] | None = []
        is_last = False
        while entries is not None:
            if self._read is not None and self._has_read():
                entries = self._all() if self._first_rows else self._first()
            if self._read is None and self._write(entries):
                entries = self._take()
            elif is_last:
                return
            else:
                with self._changed:
                    is_last = self._changed.wait_for(lambda: self._is_stopping, self._pause_s)
                    # what failed is tried again as it was: only so the writer can tell whether it is there already
                    entries = entries or ([] if self._first_rows else self._first())

    def _take(self) -> list[JournalEntry] | None:
        """Wait for entries, which stay in the queue until they are written; None means the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_stopping, CHECK_S)
            return None if self._is_stopping and not self._waiting else self._first()

    def _first(self) -> list[JournalEntry]:
        return [self._waiting[place] for place in range(min(len(self._waiting), CHUNK))]

    def _has_read(self) -> bool:
        """Read what could not be read at the start; tell whether that is done, or given up."""
        assert self._read is not None, "asked before"
        try:
            self._first_rows = self._read()
        except Exception as error:  # noqa: BLE001  # a border: the thread goes on and says so
            self._pause_s = DAMAGED_S if isinstance(error, DamagedError) else RETRY_S
            return self._is_given_up(error)
        self._read = None
        _log.warning("journal: it is read, and alarms go on from before the start")
        with self._changed:
            self._unread = ""
        return True

    def _is_given_up(self, error: Exception) -> bool:
        if not isinstance(error, DatabaseError):
            _log.error("journal: an unexpected error while it was read", exc_info=error)
        words = words_of(error)
        with self._changed:
            self._unread = words
        self._note(words, 0)
        is_passing = is_locked(error) or isinstance(error, NotNowError)
        self._tries += not is_passing
        is_hopeless = self._tries >= UNREADABLE_TRIES or (self._is_stopping and not is_passing)
        if not (is_hopeless and self._write([])):
            return False
        _log.error("journal: it can't be read, and is written all the same", error=words)
        self._read = None
        self._forget()
        return True

    def _all(self) -> list[JournalEntry]:
        with self._changed:
            return [*self._waiting]

    def _write(self, entries: list[JournalEntry]) -> bool:
        try:
            self._writer.append([*self._first_rows, *entries])
        except DatabaseError as error:
            self._pause_s = DAMAGED_S if isinstance(error, DamagedError) else RETRY_S
            self._note(words_of(error), 0)
            return False
        except Exception as error:  # noqa: BLE001  # a border: the thread goes on and says so
            _log.exception("journal: an unexpected error")
            self._pause_s = RETRY_S
            self._note(words_of(error), 0)
            return False
        self._first_rows = []
        self._note("", len(entries))
        return True

    def _note(self, error: str, written: int) -> None:
        with self._changed:
            if error != self._error:
                _log.warning("journal: it can't be written" if error else "journal: it is written again", error=error)
            self._error = error
            for _ in range(written):
                self._waiting.popleft()
            self._written += written
            self._tell_loss()
            self._changed.notify_all()


def is_locked(error: Exception) -> bool:
    """Tell whether another program holds the file, which ends by itself."""
    return isinstance(error, DatabaseError) and "locked" in error.template
