"""Reading all of history again: every page and every blob. Any thread, beside a running station or without one.

On a server the pages are its own business (checksums of data pages, `pg_amcheck`); every blob is read there as well.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Table, inspect, select, text, tuple_

from database.engine import open_read_only
from database.errors import DatabaseError, clear_errors
from database.server import SCHEMA
from history.care.checks import chunk_fault, frame_fault, numbers_fault, rollup_fault, segment_fault
from history.chunks.cells import CELL, HOUR_US, Cells, coarsen
from history.chunks.chunk import read_header
from history.chunks.errors import CorruptBlobError, NewerBlobError
from history.chunks.rollup import read_rollup
from history.store.part_files import NEWEST, part_of, parts_in
from history.store.tables import CHUNK, FRAME, ROLLUP, SEGMENT, TAG
from plant_models.message import words_of

ROWS: Final = 500
"""Rows that are read at once; between two reads nobody is kept from writing or tidying up."""
_FAULTS: Final[dict[str, Callable[[Any], str]]] = {
    FRAME.name: frame_fault,
    SEGMENT.name: segment_fault,
    CHUNK.name: lambda row: chunk_fault(row) or numbers_fault(row),
    ROLLUP.name: rollup_fault,
}
_WORDS: Final = {FRAME.name: "frame", SEGMENT.name: "minute", CHUNK.name: "hour", ROLLUP.name: "roll-up"}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that isn't what was written. `what` names blob and tag; `t0_us` is None for a whole file."""

    file: str
    what: str
    t0_us: int | None
    reason: str


@dataclass(slots=True)
class Progress:
    """How many blobs were read of what is being read."""

    file: str = ""
    blobs: int = 0
    bytes: int = 0


Tell = Callable[[Progress], None]


def verify_folder(data: Path, tell: Tell, is_deep: bool = False) -> Iterator[Fault]:
    """Return what is broken in the files of a data folder. `tell` hears of progress now and then.

    With `is_deep` roll-ups are also compared to the hours that they stand for.
    """
    progress, names = Progress(), dict[int, str]()
    for file in [NEWEST, *(part.name for part in parts_in(data))]:
        yield from verify_file(data / file, names, progress, tell, is_deep)


def verify_file(
    path: Path, names: dict[int, str], progress: Progress, tell: Tell, is_deep: bool = False
) -> Iterator[Fault]:
    """Return what is broken in one file; `names` of tags are taken from it, if it has them, and used."""
    progress.file = path.name
    try:
        engine = open_file(path)
    except DatabaseError as error:
        yield Fault(path.name, "the file", None, words_of(error))
        return
    try:
        with clear_errors(path.name):
            names |= _names(engine)
            yield from _pages(engine, path.name)
            yield from _blobs(engine, Blobs(path.name, names, is_deep), progress, tell)
    except DatabaseError as error:
        yield Fault(path.name, "the file", None, words_of(error))
    finally:
        engine.dispose()


def verify_server(engine: Engine, name: str, tell: Tell, is_deep: bool = False) -> Iterator[Fault]:
    """Return what is broken in the tables of a server, as `verify_folder` does.

    Raises:
        DatabaseError: it can't be reached, or can't read a table.
    """
    progress = Progress(name)
    with clear_errors(name):
        blobs = Blobs(name, _names(engine), is_deep)
        for schema in [SCHEMA, *keeping_schemas(engine)]:
            yield from _blobs(
                engine.execution_options(schema_translate_map={None: schema}), blobs, progress, tell, schema
            )


def keeping_schemas(engine: Engine) -> list[str]:
    """Return the schemas of a server in which the packed hours of keeping classes stand."""
    return sorted(name for name in inspect(engine).get_schema_names() if name.startswith(f"{SCHEMA}_"))


def open_file(path: Path) -> Engine:
    """Return an engine that reads a file.

    Raises:
        DatabaseError: it isn't there, has no bytes, or isn't ours.
    """
    if path.is_file() and not path.stat().st_size:
        raise DatabaseError("{file} is empty", file=path)
    return open_read_only(path, is_large=True)


@dataclass(frozen=True, slots=True)
class Blobs:
    """Whose blobs are read, the names of tags, and whether roll-ups are compared to hours."""

    file: str
    names: dict[int, str]
    is_deep: bool


def _names(engine: Engine) -> dict[int, str]:
    with engine.connect() as connection:
        if not inspect(connection).has_table(TAG.name):
            return {}
        return {row.id: row.name for row in connection.execute(select(TAG.c.id, TAG.c.name))}


def _pages(engine: Engine, file: str) -> Iterator[Fault]:
    with engine.connect() as connection:
        for (line,) in connection.execute(text("PRAGMA integrity_check(20)")):
            if line != "ok":
                yield Fault(file, "its pages", None, " ".join(str(line).split()))


def _blobs(engine: Engine, blobs: Blobs, progress: Progress, tell: Tell, schema: str | None = None) -> Iterator[Fault]:
    with engine.connect() as connection:
        present = set(inspect(connection).get_table_names(schema))
    for table in (FRAME, SEGMENT, CHUNK, ROLLUP):
        if table.name in present:
            for rows in batches(engine, table):
                yield from _check(engine, blobs, table, rows)
                progress.blobs += len(rows)
                progress.bytes += sum(len(row.body) for row in rows)
                tell(progress)


def batches(engine: Engine, table: Table) -> Iterator[list[Any]]:
    """Return all rows of a table in the order of its key, some at a time, each time from a new snapshot."""
    columns = list(table.primary_key)
    query = select(table).order_by(*columns).limit(ROWS)
    key: tuple[Any, ...] = ()
    while True:
        with engine.connect() as connection:
            rows = list(connection.execute(query.where(tuple_(*columns) > tuple_(*key)) if key else query))
        if rows:
            yield rows
        if len(rows) < ROWS:
            return
        key = tuple(getattr(rows[-1], column.name) for column in columns)


def _check(engine: Engine, blobs: Blobs, table: Table, rows: list[Any]) -> Iterator[Fault]:
    part = part_of(blobs.file)
    with engine.connect() as connection:
        for row in rows:
            reason = _FAULTS[table.name](row)
            if not reason and part is not None and not part.span_us[0] <= row.t0_us < part.span_us[1]:
                reason = "it belongs into another month"
            if not reason and blobs.is_deep and table is ROLLUP:
                reason = _difference(connection, row)
                if reason and _has_changed(connection, row):  # it was packed again between the two reads
                    continue
            if reason:
                yield Fault(blobs.file, _name(blobs, table, row), row.t0_us, reason)


def _name(blobs: Blobs, table: Table, row: Any) -> str:
    word = _WORDS[table.name]
    if table is FRAME:
        return f"{word} {row.src}/{row.seq}"
    if table is SEGMENT:
        return f"{word} {row.id} of tags {row.grp * 64} to {row.grp * 64 + 63}"
    name = blobs.names.get(row.tag, "")
    return f"{word} of tag {row.tag}{f' ({name})' if name else ''}"


@np.errstate(invalid="ignore")
def _difference(connection: Connection, row: Any) -> str:
    """Compare the cells of a roll-up, made into hours, to those within the hours that it stands for."""
    try:
        cells = coarsen(read_rollup(row.body, row.tag).cells, HOUR_US)
    except NewerBlobError:
        return ""
    mine = (CHUNK.c.tag == row.tag, CHUNK.c.t0_us >= row.t0_us, CHUNK.c.t0_us < row.t1_us)
    hours, broken = [np.empty(0, CELL)], list[int]()
    for hour in connection.execute(select(CHUNK.c.t0_us, CHUNK.c.body).where(*mine).order_by(CHUNK.c.t0_us)):
        try:
            hours.append(read_header(hour.body, row.tag))
        except (CorruptBlobError, NewerBlobError):  # told of by itself
            broken.append(hour.t0_us)
    wanted: Cells = np.concatenate(hours)
    found = cells[~np.isin(cells["t0_us"], broken)]
    times = np.setxor1d(found["t0_us"], wanted["t0_us"])
    if not len(times):
        times = found["t0_us"][~_are_close(found, wanted)]
    return f"it differs from the hour from {times[0]} µs" if len(times) else ""


def _has_changed(connection: Connection, row: Any) -> bool:
    mine = [ROLLUP.c[column.name] == getattr(row, column.name) for column in ROLLUP.primary_key]
    return bool(connection.execute(select(ROLLUP.c.body).where(*mine)).scalar() != row.body)


def _are_close(found: Cells, wanted: Cells) -> NDArray[np.bool_]:
    """Compare cells one by one; sums were made in another order, so they may differ by their last digits."""
    are_close = np.ones(len(found), np.bool_)
    for name in CELL.names or ():
        one, other = found[name], wanted[name]
        are_same = one == other
        if one.dtype.kind == "f":
            are_same |= (np.isnan(one) & np.isnan(other)) | (np.abs(one - other) <= 1e-9 * np.maximum(1, np.abs(one)))
        are_close &= are_same
    return are_close
