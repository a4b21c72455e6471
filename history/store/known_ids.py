"""The ids that tags had before history.sqlite was begun anew: a tag must never get the id, and so the past, of another.

They stand in the file that was put aside, if that can be read, and in tables.sqlite. A tag that is in neither gets one
that no packed hour has. Recorder thread, once for each new file.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import NullPool, Select, create_engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from database.aside import files_aside
from history.store.plain.schema import TAG_ROW
from history.store.tables import CHUNK, TAG

_log = structlog.get_logger()


def first_ids(file: Path, tables: Path, names: Sequence[str]) -> dict[str, int]:
    """Return the id of every tag that is known beside a new file, and of these names."""
    found: dict[str, int] = {}
    taken = set[int]()
    for number, name in _known(file, tables):
        if name not in found and number not in taken:
            found[name] = number
        taken.add(number)
    used = [*taken, *_packed(file.parent)]
    if used:
        _log.warning("history: tags get the ids that they had before", known=len(found), highest=max(used))
    new = [name for name in names if name not in found]
    return {**found, **{name: number for number, name in enumerate(new, max(used, default=0) + 1)}}


def _known(file: Path, tables: Path) -> Iterator[tuple[int, str]]:
    """Yield ids and names, those that count most first; of a name with two ids the later one."""
    for aside in reversed(files_aside(file)):
        yield from _rows(aside, select(TAG.c.id, TAG.c.name).order_by(TAG.c.id.desc()))
    yield from _rows(tables, select(TAG_ROW.c.id, TAG_ROW.c.name).order_by(TAG_ROW.c.id.desc()))


def _packed(folder: Path) -> Iterator[int]:
    """Yield the highest id in each file of packed hours."""
    for path in folder.glob("history-[0-9]*.sqlite"):
        yield from (row[0] for row in _rows(path, select(func.max(CHUNK.c.tag))) if row[0] is not None)


def _rows(path: Path, query: Select[Any]) -> list[Any]:
    """Return what can be read of a file, which may be damaged or missing."""
    rows: list[Any] = []
    address = f"{path.resolve().as_uri()}?mode=ro"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)
    with suppress(SQLAlchemyError), engine.connect() as connection:
        rows.extend(connection.execute(query))
    engine.dispose()
    return rows
