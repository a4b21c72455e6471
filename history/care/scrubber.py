"""Reading packed history slowly, a few rows at a time, so that what breaks on the disk is found while a backup has it.

Packer thread. A broken hour is kept in quarantine as it is and stays where it is; a broken roll-up, and numbers that
don't fit their hour, are worked out anew from the hour's samples.
"""

from collections.abc import Callable
from typing import Any, Final

import structlog
from sqlalchemy import Connection, Table, select, tuple_, update

from database.errors import DamagedError
from history.care.checks import chunk_fault, numbers_fault, rollup_fault
from history.care.state import CareState
from history.chunks.cells import Rule
from history.chunks.chunk import read_header
from history.store.broken import BrokenBlob
from history.store.mending import Mender
from history.store.months import span_of
from history.store.packed import header_columns
from history.store.parts import NoPartError, Parts, UnreadablePartError, keeping_in
from history.store.segments import Segments
from history.store.tables import CHUNK, ROLLUP

ROWS: Final = 64
"""Rows in a step: at a step every 5 s, the 3.6 million hours of 5,000 tags in a month take three and a half days."""
_TABLES: Final = {table.name: table for table in (CHUNK, ROLLUP)}
_log: Final = structlog.get_logger()


class Scrubber:
    """Goes through all months again and again; `state` says where it is, and is changed."""

    def __init__(self, segments: Segments, parts: Parts, rule_of: Callable[[int], Rule], state: CareState) -> None:
        self._segments = segments
        self._parts = parts
        self._mender = Mender(parts, rule_of)
        self._state = state

    def step(self) -> None:
        """Check the next rows. A damaged month is passed over: `FileFaults` tells of it.

        Raises:
            DatabaseError: the file can't be read now, or what is broken can't be kept.
        """
        months = self._parts.between(0, 2**62)
        if not months:
            return
        state = self._state
        if state.month not in months:
            self._begin(next((month for month in months if month > state.month), months[0]))
        table = _TABLES.get(state.table, CHUNK)
        try:
            with self._parts.reading(state.month) as connection:
                rows = connection.execute(_next_rows(table, state.key, state.month)).all()
            self._check(table, rows)
        except (NoPartError, UnreadablePartError, DamagedError):
            self._begin(_after(months, state.month))
            return
        if len(rows) == ROWS:
            state.key = [getattr(rows[-1], column.name) for column in table.primary_key]
        elif table is CHUNK:
            state.table, state.key = ROLLUP.name, []
        else:
            state.broken[state.month] = state.found
            self._begin(_after(months, state.month))

    @property
    def broken(self) -> int:
        """How many hours can't be read, as far as this pass and the one before it know."""
        state = self._state
        earlier = {(month, what) for month, told in state.broken.items() for what in told}
        return len(earlier | {(state.month, what) for what in state.found})

    def forget(self, month: str) -> None:
        """Forget what was found in a month that is gone."""
        self._state.broken.pop(month, None)

    def _begin(self, month: str) -> None:
        state = self._state
        state.month, state.table, state.key, state.found = month, CHUNK.name, [], []

    def _check(self, table: Table, rows: Any) -> None:
        for row in rows:
            if table is ROLLUP:
                reason = rollup_fault(row)
                if reason:
                    with self._parts.writing(row.t0_us, keeping_in(self._state.month)) as connection:
                        self._mender.renew(connection, row, reason)
                continue
            reason = chunk_fault(row)
            if reason:
                self._keep(BrokenBlob(f"hour of tag {row.tag}", reason, row.t0_us, row.body))
            elif numbers_fault(row):
                self._renumber(row)

    def _keep(self, broken: BrokenBlob) -> None:
        if self._segments.keep_once(broken):
            broken.tell()
        what = f"{broken.what} at {broken.t0_us}"
        if what not in self._state.found:
            self._state.found.append(what)

    def _renumber(self, row: Any) -> None:
        columns = header_columns(read_header(row.body, row.tag))
        with self._parts.writing(row.t0_us, keeping_in(self._state.month)) as connection:
            _put_numbers(connection, row, columns)
        _log.warning("history: numbers of an hour were put right", tag=row.tag, t0_us=row.t0_us)


def _put_numbers(connection: Connection, row: Any, columns: dict[str, Any]) -> None:
    """Change them only if the samples are still those that were read."""
    mine = (CHUNK.c.tag == row.tag, CHUNK.c.t0_us == row.t0_us, CHUNK.c.body == row.body)
    connection.execute(update(CHUNK).where(*mine).values(columns))


def _next_rows(table: Table, key: list[int], part: str) -> Any:
    columns, (start_us, end_us) = list(table.primary_key), span_of(part)
    mine = (table.c.t0_us >= start_us, table.c.t0_us < end_us)  # a server's table has all months
    query = select(table).where(*mine).order_by(*columns).limit(ROWS)
    return query.where(tuple_(*columns) > tuple_(*key)) if len(key) == len(columns) else query


def _after(months: list[str], month: str) -> str:
    """Return the month after another, the first after the last."""
    return next((each for each in months if each > month), months[0])
