"""The journal on the disk: chained rows without a gap, and the newest of each alarm to start from again.

`newest` runs on the thread that starts the station, `append` on the journal thread, `reading` on any worker. All block.
The first of them opens the file; after `close` nothing does.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, func, select

from alarms.entry import JournalEntry
from alarms.store.blocks import SIZE, note_blocks
from alarms.store.rows import ENTRY_FIELDS, INSERT, chained
from alarms.store.tables import JOURNAL
from database.chain import GENESIS
from database.engine import open_database
from database.errors import DatabaseError, clear_errors
from database.guard import Guard
from database.head import Head, Position
from plant_models.clock import Clock
from plant_models.message import words_of

HEAD_NAME: Final = "journal.head"
DAMAGE: Final = "DAMAGE"
_CLOSE_S: Final = 1.0
_CALM: Final = 500
"""With fewer entries at once there is time for the contents list."""
_BLOCKS: Final = 4
"""Of the contents list at a time: some 50 ms."""


class Journal:
    """The journal table of a database file."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._head = Head(path.with_name(HEAD_NAME))
        self._clock = clock
        self._opening = threading.Lock()
        self._engine: Engine | None = None
        self._guard: Guard | None = None
        self._is_closed = False
        self._damage = ""
        self._is_compared = False
        self._epoch = 0
        self._seq: int | None = None
        self._hash = GENESIS
        self._doubtful = ""
        self._next_due = 0

    def append(self, entries: Sequence[JournalEntry]) -> None:
        """Write entries in one transaction; on return they are on the disk. After an error the same may be tried again.

        Without entries find out whether some could be written.

        Raises:
            DatabaseError: they are not, or nobody knows; the next call with them finds out.
        """
        engine, guard = self._opened()
        guard.check_file()
        if not self._is_compared:
            self._compare(engine)
        if entries:
            self._write(engine, entries)
        else:
            guard.check()
            self._mark(engine)
        if len(entries) < _CALM:
            self._note_blocks(engine)

    @property
    def damage(self) -> str:
        """What this start found missing or changed, in words; empty if the journal was whole."""
        return self._damage

    def newest(self) -> list[JournalEntry]:
        """Return the newest entry of every alarm that ever had one.

        Raises:
            DatabaseError: the file can't be used.
        """
        with self.reading() as connection:
            return list(_newest(connection))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read from.

        Raises:
            DatabaseError: the file can't be read.
        """
        with clear_errors(self._path), self._opened()[0].connect() as connection:
            yield connection

    def close(self) -> None:
        """Release the file for good; one whose opening hangs on the disk is left behind."""
        self._is_closed = True
        if not self._opening.acquire(timeout=_CLOSE_S):
            return
        try:
            engine, self._engine, self._guard = self._engine, None, None
        finally:
            self._opening.release()
        if engine is not None:
            engine.dispose()

    def _opened(self) -> tuple[Engine, Guard]:
        with self._opening:
            if self._is_closed:
                raise DatabaseError("{file} is not open; the station is not running", file=self._path)
            if self._engine is None or self._guard is None:
                self._engine = open_database(self._path)
                self._guard = Guard(self._engine, self._path)
            return self._engine, self._guard

    def _compare(self, engine: Engine) -> None:
        """Look whether the checkpoint fits the table, once; a row says for good that it doesn't."""
        with clear_errors(self._path):
            seq = self._find_end(engine)
            with engine.connect() as connection:
                head, misfit = self._head.compare(seq > 0, lambda place: _hash_at(connection, place))
        if head is not None:
            self._epoch = max(self._epoch, head.epoch + 1)
        if misfit is not None:
            self._damage = words_of(misfit)
            stamps = self._clock.wall_us(), self._clock.mono_ns()
            entry = JournalEntry(at_us=stamps[0], mono_ns=stamps[1], event=DAMAGE, comment=self._damage)
            self._write(engine, [entry])
        self._is_compared, self._doubtful = True, ""  # a doubt about that row says nothing of the first entries

    def _write(self, engine: Engine, entries: Sequence[JournalEntry]) -> None:
        with clear_errors(self._path):
            seq = self._find_end(engine)
            if not self._doubtful or self._hash != self._doubtful:  # else the commit that failed had gone through
                rows, mark = chained(entries, seq, self._epoch, self._clock.wall_us(), self._hash)
                self._seq, self._doubtful = None, mark
                with engine.begin() as connection:
                    connection.exec_driver_sql(INSERT, rows)
                seq, self._hash = seq + len(rows), mark
        self._head.write(Position("", self._epoch, seq, self._hash))
        self._seq, self._doubtful = seq, ""

    def _mark(self, engine: Engine) -> None:
        """Write the checkpoint again, which finds out whether the folder can be written."""
        with clear_errors(self._path):
            seq = self._find_end(engine)
        if seq:
            self._head.write(Position("", self._epoch, seq, self._hash))

    def _note_blocks(self, engine: Engine) -> None:
        """Go on with the contents list, a little at a time; the rows are safe, so what is missing only costs a search.

        It is tried again with the next rows, or when there are none.
        """
        if self._seq is None or self._seq < self._next_due:
            return
        with suppress(DatabaseError), clear_errors(self._path), engine.begin() as connection:
            noted = note_blocks(connection, self._seq, _BLOCKS)
            if noted < _BLOCKS:
                self._next_due = (self._seq // SIZE + 1) * SIZE

    def _find_end(self, engine: Engine) -> int:
        if self._seq is not None:
            return self._seq
        with engine.connect() as connection:
            newest = select(JOURNAL.c.seq, JOURNAL.c.epoch, JOURNAL.c.hash).order_by(JOURNAL.c.seq.desc()).limit(1)
            seq, epoch, self._hash = connection.execute(newest).one_or_none() or (0, 0, GENESIS)
        self._seq, self._epoch = seq, self._epoch or epoch + 1
        return seq


def _hash_at(connection: Connection, place: Position) -> str | None:
    return connection.execute(select(JOURNAL.c.hash).where(JOURNAL.c.seq == place.seq)).scalar()


def _newest(connection: Connection) -> Iterator[JournalEntry]:
    """Walk from alarm to alarm along the index, whatever the number of rows."""
    first = select(func.min(JOURNAL.c.alarm).label("alarm")).where(JOURNAL.c.alarm > "")
    names = first.cte("names", recursive=True)
    following = select(func.min(JOURNAL.c.alarm)).where(JOURNAL.c.alarm > names.c.alarm).scalar_subquery()
    names = names.union_all(select(following).where(names.c.alarm.is_not(None)))
    last = select(func.max(JOURNAL.c.seq)).where(JOURNAL.c.alarm == names.c.alarm).scalar_subquery()
    wanted = select(last).where(names.c.alarm.is_not(None))
    query = select(*(JOURNAL.c[name] for name in ENTRY_FIELDS)).where(JOURNAL.c.seq.in_(wanted))
    for row in connection.execute(query.order_by(JOURNAL.c.seq)).mappings():
        yield JournalEntry(**row)
