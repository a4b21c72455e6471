"""Putting the tables of a server back: into an empty database only, in one transaction. Main thread of a command."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, MetaData, Table, insert, inspect, select, text

from database.engine import open_read_only
from database.errors import DatabaseError, clear_errors
from database.migrate import BRANCHES, SERVER, present_revisions
from database.server import SCHEMA, open_server, server_name
from history.care.backup import check_files
from history.care.manifest import BackupError, Manifest
from history.care.restore import find_backup
from history.care.server_dump import MAIN, ROWS, is_of_server
from history.care.verify import Tell
from history.store.part_files import part_of
from history.store.partitions import make_partitions
from history.store.parts import part_name
from plant_models.message import message, words_of

_VERSION: Final = "alembic_version"


def restore_server(folder: Path, address: str, tell: Tell) -> Manifest:
    """Put what a backup has of a server into an empty database of a server.

    Raises:
        BackupError: nothing was restored.
    """
    manifest = find_backup(folder)
    if manifest.find(MAIN) is None:
        raise BackupError(message("{folder} has nothing of a server; restore it with --data", folder=folder))
    check_files(folder, manifest, tell)
    name = server_name(address)
    try:
        engine = open_server(address)
        try:
            with clear_errors(name), engine.begin() as connection:
                _check_empty(connection, name)
                for kept in sorted(manifest.files, key=lambda kept: kept.name != MAIN):
                    if is_of_server(kept.name):
                        _load(connection, folder / kept.path)
                _set_sequences(connection)
        finally:
            engine.dispose()
    except DatabaseError as error:
        raise BackupError(words_of(error)) from error
    return manifest


def _check_empty(connection: Connection, name: str) -> None:
    for table in inspect(connection).get_table_names(SCHEMA):
        if table != _VERSION and connection.execute(text(f'SELECT 1 FROM {SCHEMA}."{table}" LIMIT 1')).first():  # noqa: S608
            raise BackupError(message("{server} has history already; name an empty database", server=name))


def _load(connection: Connection, path: Path) -> None:
    part = part_of(path.name.replace("server-", "history-", 1))
    schema = f"{SCHEMA}_{part.keeping}" if part and part.keeping else SCHEMA
    if part is not None:
        make_partitions(connection, [part_name(part.month, part.keeping)])
    engine = open_read_only(path)
    try:
        with clear_errors(path), engine.connect() as file:
            if part is None:
                _check_version(file, path)
            there, here = MetaData(), MetaData()
            there.reflect(file)
            here.reflect(connection, schema=schema, only=[name for name in there.tables if name != _VERSION])
            for table in here.sorted_tables:
                if table.name in there.tables:
                    _load_table(file, there.tables[table.name], connection, table)
    finally:
        engine.dispose()


def _load_table(file: Connection, source: Table, connection: Connection, target: Table) -> None:
    columns = [column for column in source.columns if column.name in target.columns]
    for rows in file.execute(select(*columns).execution_options(yield_per=ROWS)).partitions():
        connection.execute(insert(target), [dict(row._mapping) for row in rows])


def _check_version(file: Connection, path: Path) -> None:
    known = {script.stem.partition("_")[0] for script in BRANCHES[SERVER].glob("*.py")}
    found = present_revisions(file)
    if not set(found) <= known:
        words = "{file} was written by a newer Clearwell (schema {schema}); install that version"
        raise BackupError(message(words, file=path, schema=" ".join(found)))


def _set_sequences(connection: Connection) -> None:
    """Let new numbers begin after those that were restored."""
    for name in inspect(connection).get_table_names(SCHEMA):
        for column in inspect(connection).get_columns(name, SCHEMA):
            where: dict[str, Any] = {"table": f"{SCHEMA}.{name}", "column": column["name"]}
            sequence = connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), where).scalar()
            newest = f'SELECT max("{column["name"]}") FROM {SCHEMA}."{name}"'  # noqa: S608
            if sequence and (value := connection.execute(text(newest)).scalar()):
                connection.execute(text("SELECT setval(:name, :value)"), {"name": sequence, "value": value})
