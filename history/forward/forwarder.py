"""The thread that sends frames, and rows of journal and audit, to a server while this station is the one to write.

Each transaction begins with the fence and asks which frame is the newest there; so what became of a commit that nobody
heard of is known by the next one. After any error everything is opened anew.
"""

import platform
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final
from uuid import uuid4

import structlog
from sqlalchemy import Connection, Engine

from database.errors import DatabaseError, clear_errors
from database.server import open_server, server_name
from history.forward.feed import Feed
from history.forward.names import bring_names, source_of
from history.forward.rows import ROWS, send_rows
from history.forward.shipment import FRAMES, differs, fitting, ship
from history.forward.spool import Spool
from history.forward.writer import Writer
from history.store.spooled import FrameRow
from plant_models.clock import Clock
from plant_models.message import joined, message, words_of

PAUSE_S: Final = 0.5
RETRY_S: Final = (1.0, 2.0, 5.0)
SILENT_S: Final = 15.0
"""A server that takes longer for a step doesn't answer."""
LEAVE_S: Final = 0.5
"""How long a stop waits for a server."""
_log = structlog.get_logger()


class Forwarder:
    """Runs from `start` to `stop`. `notice` says what a person should know of what the server lost or didn't take."""

    def __init__(self, address: str, spool: Spool, feeds: Sequence[Feed], clock: Clock) -> None:
        self._address, self._spool, self._feeds, self._clock = address, spool, feeds, clock
        self.name = server_name(address)
        self.writer = Writer(self.name, self._label, clock)
        self._engine: Engine | None = None
        self._size = FRAMES
        self._is_compared = False
        self._named = (0, 0)
        self._failures = 0
        self._error = ""
        self._notices: dict[str, str] = {}
        self._began_ns: int | None = None
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="forwarder", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End after the present step; a server that doesn't answer is left alone with a thread that changes nothing."""
        self._is_stopping.set()
        self._thread.join(LEAVE_S)

    @property
    def error(self) -> str:
        """Why nothing can be sent now; empty if all is well, or another station writes."""
        began_ns = self._began_ns
        if began_ns is not None and (self._clock.mono_ns() - began_ns) / 1e9 > SILENT_S:
            return message("{file} doesn't answer", file=self.name)
        return self._error

    @property
    def notice(self) -> str:
        """What a person should know; empty if nothing."""
        return joined(self._notices.values())

    def step(self) -> bool:
        """Send what one transaction takes of each table; True if there is more to be sent at once.

        Raises:
            DatabaseError: the server or the file can't be used now.
        """
        if not self._spool.is_open:
            return False
        if self._engine is None:
            self._engine, self._is_compared, self._named = open_server(self._address), False, (0, 0)
        if self._is_stopping.is_set() or not self.writer.hold(self._engine):
            return False
        has_more = [self._send_rows(self._engine, feed) for feed in self._feeds]
        has_more.append(self._send_frames(self._engine))
        self._spool.let_go()
        return any(has_more)

    def close(self) -> None:
        """Let go of the server."""
        self.writer.close()
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    def _label(self) -> str:
        return f"{platform.node()} ({self._spool.frames.node()})"

    def _send_frames(self, engine: Engine) -> bool:
        node = self._spool.frames.node()
        with self._writing(engine) as connection:
            src, last = source_of(connection, node)
            is_forked = not self._is_compared and self._is_forked(connection, src, last)
            frames = [] if is_forked else self._next(last)
            if frames:
                self._bring_names(connection, src, last)
                ship(connection, src, frames)
        if is_forked:
            self._go_on_as_another(node)
            return True
        self._is_compared = True
        self._look_back(last, frames)
        self._spool.settle(last)
        if frames:
            self._spool.settle(frames[-1].seq)
        may_be_more = len(frames) >= min(self._size, 2)  # live ones come one by one
        self._size = min(self._size * 2, FRAMES) if frames else self._size
        return may_be_more

    def _bring_names(self, connection: Connection, src: int, last: int) -> None:
        """Let the server know the tags: at first, when there are more, and when it was set back."""
        named = (src, self._spool.frames.name_count())
        if named != self._named or last < self._spool.acked:
            bring_names(connection, src, self._spool.frames.names())
            self._named = named

    def _next(self, last: int) -> list[FrameRow]:
        """Return the frames for one transaction; one that no server takes is put aside, so that it stops nobody."""
        found = self._spool.batch(last, self._size)
        for frame in found:
            if frame.fault:
                self._spool.set_aside(frame, frame.fault)
                self._note_notice("aside", message("A frame that no server takes was put aside in the data folder"))
        return fitting([frame for frame in found if not frame.fault])

    def _is_forked(self, connection: Connection, src: int, last: int) -> bool:
        """Whether the server's newest frame of this file is another one, or was never in it."""
        if last == 0:
            return False
        if self._spool.newest() < last:
            return True
        mine = self._spool.frames.frame(last)
        return mine is not None and not mine.fault and differs(connection, src, mine)

    def _go_on_as_another(self, node: str) -> None:
        """An older copy of the file was put back: its numbers were given twice, so it must be a source of its own."""
        self._spool.begin_anew(uuid4().hex)
        words = message(
            "{server} has newer history of this station than the data folder, which must be an older copy; it goes on"
            " as a new source, and what both have is merged",
            server=self.name,
        )
        _log.warning("history: the data folder is older than the server", server=self.name, node=node)
        self._note_notice("fork", words)

    def _look_back(self, last: int, frames: Sequence[FrameRow]) -> None:
        """Tell it when the server no longer has what it had; what is still here goes there once more."""
        if last >= self._spool.acked:
            return
        first = frames[0].seq if frames else self._spool.acked + 1
        words = message(
            "{server} was set back: of the frames {first} to {last}, which it had, {lost} are no longer here",
            server=self.name,
            first=last + 1,
            last=self._spool.acked,
            lost=min(first, self._spool.acked + 1) - last - 1,
        )
        _log.error("history: the server was set back", words=words)
        self._note_notice("set back", words)

    def _send_rows(self, engine: Engine, feed: Feed) -> bool:
        node = feed.node()
        if not node:
            return False
        with self._writing(engine) as connection:
            count, place = send_rows(connection, feed, node)
        if not count and feed.newest() < place:
            words = message(
                "{server} has newer rows of the {table} than the data folder, which must be an older copy; rows with"
                " the same numbers aren't sent",
                server=self.name,
                table=feed.table,
            )
            self._note_notice(feed.table, words)
        return count >= ROWS

    @contextmanager
    def _writing(self, engine: Engine) -> Iterator[Connection]:
        """A transaction of the one station that may write."""
        with clear_errors(self.name), engine.begin() as connection:
            self.writer.fence(connection)
            yield connection

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            self._is_stopping.wait(self.turn())
        self.close()

    def turn(self) -> float:
        """Do a step and return for how long (s) to wait after it; what is wrong is told by `error`."""
        self._began_ns = self._clock.mono_ns()
        try:
            has_more = self.step()
            self._failures = 0
            self._note("")
        except Exception as error:  # noqa: BLE001 - the border: this thread must outlive every fault
            self._fail(error)
            return RETRY_S[min(self._failures, len(RETRY_S)) - 1]
        finally:
            self._began_ns = None
        return 0.0 if has_more else PAUSE_S

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, DatabaseError):
            _log.exception("forwarder: a step failed")
        self._failures += 1
        self._size = max(self._size // 4, 1)
        self._note(words_of(error))
        self.close()

    def _note(self, error: str) -> None:
        if error != self._error:
            if error:
                _log.warning("history: it waits for the server", server=self.name, error=error)
            else:
                _log.info("history: it flows to the server", server=self.name)
        self._error = error

    def _note_notice(self, kind: str, words: str) -> None:
        self._notices = self._notices | {kind: words}
