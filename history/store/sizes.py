"""Looks at what history takes in a data folder, beside those who write there. A worker thread: it reads the disk.

Each file is opened to read only and for a moment; of a month only the first page is read, and of the oldest one an
index.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, func, inspect, select

from database.engine import open_read_only
from database.errors import DatabaseError, clear_errors
from history.overview import HistoryOverview, PartSize, PartState
from history.store.months import month_of
from history.store.part_files import NEWEST, Part, parts_in, size_of
from history.store.tables import CHUNK, FRAME, QUARANTINE, SEGMENT
from plant_models.message import words_of

_HOUR_US: Final = 3_600_000_000


def look(folder: Path, now_us: int) -> HistoryOverview:
    """Return what history takes in a data folder. What can't be read is told in the answer, nothing is raised."""
    newest = folder / NEWEST
    parts = tuple(_parts(folder, now_us))
    oldest = _least(newest, FRAME, SEGMENT)
    readable = [part for part in parts if part.state is not PartState.DAMAGED]
    if readable:
        first = min(readable, key=lambda part: part.start_us)
        same = [part for part in readable if part.start_us == first.start_us]
        oldest += [at_us for part in same for at_us in _least(folder / Part(part.month, part.keeping).name, CHUNK)]
    return HistoryOverview(
        folder=str(folder),
        parts=parts,
        newest_bytes=size_of(newest),
        oldest_us=min(oldest) // _HOUR_US * _HOUR_US if oldest else None,
        free_bytes=_free(folder),
        quarantined=_number(newest, QUARANTINE, func.count()) or 0,
    )


def _parts(folder: Path, now_us: int) -> Iterator[PartSize]:
    """Give the parts of a folder by the names of their files; none of one that can't be looked into."""
    for part in sorted(parts_in(folder), key=lambda part: part.name):
        path = folder / part.name
        problem = _problem(path)
        state = PartState.OPEN if part.month >= month_of(now_us) else PartState.CLOSED
        start_us, end_us = part.span_us
        yield PartSize(
            month=part.month,
            start_us=start_us,
            end_us=end_us,
            size_bytes=size_of(path),
            keeping=part.keeping,
            state=PartState.DAMAGED if problem else state,
            problem=problem,
        )


@contextmanager
def _reading(path: Path) -> Iterator[Connection]:
    """Give a connection that can't change the file.

    Raises:
        DatabaseError: it can't be read.
    """
    engine = open_read_only(path, is_large=True)
    try:
        with clear_errors(path), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _problem(path: Path) -> str:
    """Return why a file can't be read, as far as its first page tells; "" if it can."""
    try:
        with _reading(path) as connection:
            inspect(connection).get_table_names()
    except DatabaseError as error:
        return words_of(error)
    return ""


def _least(path: Path, *tables: Table) -> list[int]:
    """Return the earliest beginning in each table that has rows; none of what can't be read."""
    found = [_number(path, table, func.min(table.c.t0_us)) for table in tables]
    return [number for number in found if number is not None]


def _number(path: Path, table: Table, figure: ColumnElement[int]) -> int | None:
    """Return a figure of a table, None if it has none or can't be read."""
    try:
        with _reading(path) as connection:
            if not inspect(connection).has_table(table.name):
                return None
            found: int | None = connection.execute(select(figure).select_from(table)).scalar_one()
            return found
    except DatabaseError:
        return None


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
