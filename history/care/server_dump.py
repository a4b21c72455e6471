"""The tables of a server as SQLite files, all of one moment. Main thread of a command; nobody is kept from writing.

`server.sqlite` has all tables but packed hours; those stand in `server-2026-11.sqlite`, those of a keeping class in
`server-2026-11.short.sqlite`. Tables are taken as the server has them, so that none is forgotten.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Column, Connection, Engine, MetaData, Table, create_engine, insert, inspect, select, text

from database.copy import TargetError
from database.engine import APPLICATION_ID
from database.errors import DatabaseError, clear_errors
from database.server import SCHEMA
from history.care.verify import Progress, Tell, keeping_schemas
from history.store.months import month_of
from history.store.tables import CHUNK, ROLLUP

MAIN: Final = "server.sqlite"
BY_MONTH: Final = (CHUNK.name, ROLLUP.name)
ROWS: Final = 500
"""Rows that are fetched and written at once."""
_PARTITIONS: Final = text(
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = :schema AND c.relispartition"
)


def is_of_server(name: str) -> bool:
    """Whether a file of a backup has tables of a server, by its name."""
    return name == MAIN or name.startswith("server-")


def dump_server(engine: Engine, where: str, folder: Path, tell: Tell) -> list[str]:
    """Write the tables of a server, which messages call `where`, into files of a folder; return their names.

    Raises:
        TargetError: a file can't be written.
        DatabaseError: the server can't be reached or read.
    """
    progress = Progress(where)
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with clear_errors(where), engine.connect().execution_options(**options) as connection:
        schemas = {SCHEMA: "", **{name: name.removeprefix(f"{SCHEMA}_") for name in keeping_schemas(engine)}}
        found = {schema: _tables(connection, schema) for schema in schemas}
        with _Files(folder).opened() as files:
            for schema, keeping in schemas.items():
                for table in found[schema]:
                    _dump_table(_Source(connection, table, keeping), files, progress, tell)
        return files.names


@dataclass(frozen=True, slots=True)
class _Source:
    """A table of a server, within the snapshot, and the keeping class of its schema."""

    connection: Connection
    table: Table
    keeping: str


class _Files:
    """The files of a dump."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, Connection] = {}
        self.names: list[str] = []

    @contextmanager
    def opened(self) -> Iterator["_Files"]:
        """Commit all files at the end of the block, and close them."""
        try:
            yield self
            for name, connection in self._open.items():
                with self._writing(name):
                    connection.commit()
        finally:
            for connection in self._open.values():
                connection.close()
                connection.engine.dispose()

    def put(self, name: str, like: Table, rows: list[dict[str, Any]]) -> None:
        """Write rows into a table like another one in a file; both are made if they aren't there."""
        with self._writing(name):
            connection = self._opened(name)
            columns = [Column(each.name, each.type.as_generic(), primary_key=each.primary_key) for each in like.columns]
            table = Table(like.name, MetaData(), *columns)
            table.create(connection, checkfirst=True)
            if rows:
                connection.execute(insert(table), rows)

    def _opened(self, name: str) -> Connection:
        if name not in self._open:
            path = self._folder / name
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            self._open[name] = connection = create_engine(URL.create("sqlite", database=str(path))).connect()
            connection.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))
            self.names.append(name)
        return self._open[name]

    @contextmanager
    def _writing(self, name: str) -> Iterator[None]:
        try:
            with clear_errors(self._folder / name):
                yield
        except DatabaseError as error:
            raise TargetError(error.template, **error.values) from error


def _tables(connection: Connection, schema: str) -> list[Table]:
    """Return the tables of a schema without their partitions."""
    partitions = set(connection.execute(_PARTITIONS, {"schema": schema}).scalars())
    names = [name for name in inspect(connection).get_table_names(schema) if name not in partitions]
    metadata = MetaData()
    metadata.reflect(connection, schema=schema, only=names, resolve_fks=False)
    return [table for table in metadata.sorted_tables if table.name in names]


def _dump_table(source: _Source, files: _Files, progress: Progress, tell: Tell) -> None:
    is_by_month = source.table.name in BY_MONTH
    if not is_by_month:
        files.put(MAIN, source.table, [])  # also if it has no row
    query = select(source.table)
    query = query.order_by(source.table.c.t0_us) if is_by_month else query
    for rows in source.connection.execute(query.execution_options(yield_per=ROWS)).partitions():
        by_file: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            by_file.setdefault(_file_of(row, source.keeping) if is_by_month else MAIN, []).append(dict(row._mapping))
        for name, values in by_file.items():
            files.put(name, source.table, values)
        progress.blobs += len(rows)
        tell(progress)


def _file_of(row: Any, keeping: str) -> str:
    return f"server-{month_of(row.t0_us)}{'.' if keeping else ''}{keeping}.sqlite"
