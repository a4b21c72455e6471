"""Packed hours on a server: tables that are partitioned by month (UTC), a keeping class has a schema of its own.

The packer writes and makes partitions ahead, queries read, on any thread. Retention drops partitions, never rows.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, text

from database.deadline import cut_after
from database.errors import DatabaseError, clear_errors
from database.server import SCHEMA
from history.store.months import NEVER_US, month_of, span_of
from history.store.parts import keeping_in, month_in, part_name
from history.store.place import READ_S, ServerPlace
from history.store.server import Server

_TABLES: Final = ("hist_chunk", "hist_rollup")
_LOCK: Final = 0x434C5257_0003
"""Advisory lock of PostgreSQL, so that nobody makes the same partition at once; the one who writes holds another."""
_CLASS: Final = re.compile("[a-z][a-z0-9_]*")
_ALL_THERE: Final = text("SELECT bool_and(to_regclass(t) IS NOT NULL) FROM unnest(CAST(:tables AS text[])) AS t")
_WITHOUT_WAITING: Final = text("SET LOCAL lock_timeout = '3s'")
"""Whoever waits for the lock of a whole table lets everybody wait who comes later."""
_PARTITIONS: Final = (
    "FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent "
    "JOIN pg_namespace n ON n.oid = p.relnamespace "
    "WHERE p.relname IN ('hist_chunk', 'hist_rollup') AND (n.nspname = :schema OR starts_with(n.nspname, :classes))"
)
_FOUND: Final = text(f"SELECT n.nspname, c.relname {_PARTITIONS}")
_SIZE: Final = text(f"SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint {_PARTITIONS}")
_MINE: Final = {"schema": SCHEMA, "classes": f"{SCHEMA}_"}


class Partitions:
    """The parts of a plant on a server."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @contextmanager
    def writing(self, at_us: int, keeping: str = "") -> Iterator[Connection]:
        """Give a transaction in which the tables are those of a class and have a partition for the month of a time.

        Raises:
            DatabaseError: the server can't be used, or another station writes; nothing was changed.
        """
        place = self._server.place()
        self._make(place, part_name(month_of(at_us), keeping))
        with place.writing() as connection:
            yield _in_schema(connection, keeping)

    @contextmanager
    def reading(self, part: str) -> Iterator[Connection]:
        """Give a connection whose tables are those of the part's class; ask for times within the part.

        Raises:
            DatabaseError: the server can't be read.
        """
        with self._looking() as connection:
            yield _in_schema(connection, keeping_in(part))

    def between(self, start_us: int, end_us: int) -> list[str]:
        """Return the parts that have partitions and touch [start, end), by month, then by class.

        Raises:
            DatabaseError: the server can't be read.
        """
        first, last = month_of(start_us), month_of(end_us - 1)
        with self._looking() as connection:
            found = {_part(schema, table) for schema, table in connection.execute(_FOUND, _MINE)}
        return sorted(part for part in found if first <= month_in(part) <= last)

    def drop(self, part: str) -> None:
        """Remove the partitions of a part. Who reads the table holds that up, for no longer than a few seconds.

        Raises:
            DatabaseError: they are still there.
        """
        with self._server.place().writing() as connection:
            connection.execute(_WITHOUT_WAITING)
            for table in _TABLES:
                connection.execute(text(f"DROP TABLE IF EXISTS {_partition(table, part)}"))

    def put_aside(self, part: str, now_us: int) -> bool:  # noqa: ARG002
        """Leave partitions as they are: a damaged server is for its own tools."""
        return False

    def is_damaged(self, part: str) -> bool:  # noqa: ARG002
        """A server tells of its damages by itself."""
        return False

    @property
    def size_bytes(self) -> int:
        """What all partitions take on the server's disk, with their indexes."""
        with self._looking() as connection:
            return int(connection.execute(_SIZE, _MINE).scalar_one())

    def close(self) -> None:
        """Release the connections."""
        self._server.close()

    @contextmanager
    def _looking(self) -> Iterator[Connection]:
        """Give a connection without a transaction: each statement sees the newest, and none begins or ends one."""
        with self._server.reached() as place, clear_errors(place.where):
            engine = place.engine.execution_options(isolation_level="AUTOCOMMIT")
            with engine.connect() as connection, cut_after(connection, READ_S):
                yield connection

    def _make(self, place: ServerPlace, part: str) -> None:
        """Make the partitions of a part and of the month after it, so that nothing waits for them at its beginning."""
        keeping, following = keeping_in(part), span_of(part)[1]
        parts = [part] if following == NEVER_US else [part, part_name(month_of(following), keeping)]
        tables = [_partition(table, each) for each in parts for table in _TABLES]
        with place.reading() as connection:
            is_made = connection.execute(_ALL_THERE, {"tables": tables}).scalar_one()
        if not is_made:
            with place.writing() as connection:
                connection.execute(_WITHOUT_WAITING)
                make_partitions(connection, parts)


def make_partitions(connection: Connection, parts: list[str]) -> None:
    """Make the partitions of parts, and the tables of their classes, unless they are there."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    for part in parts:
        schema, (start_us, end_us) = _schema(keeping_in(part)), span_of(part)
        if schema != SCHEMA:
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
        begin = "MINVALUE" if start_us == -NEVER_US else start_us
        end = "MAXVALUE" if end_us == NEVER_US else end_us
        for table in _TABLES:
            if schema != SCHEMA:
                shape = f"(LIKE {SCHEMA}.{table} INCLUDING ALL) PARTITION BY RANGE (t0_us)"
                connection.execute(text(f"CREATE TABLE IF NOT EXISTS {schema}.{table} {shape}"))
            connection.execute(
                text(
                    f"CREATE TABLE IF NOT EXISTS {_partition(table, part)} PARTITION OF {schema}.{table} "
                    f"FOR VALUES FROM ({begin}) TO ({end})"
                )
            )


def _in_schema(connection: Connection, keeping: str) -> Connection:
    return connection.execution_options(schema_translate_map={None: _schema(keeping)})


def _schema(keeping: str) -> str:
    """Return the schema of a class: whatever names one has letters, digits and _ only (plant.toml)."""
    if keeping and not _CLASS.fullmatch(keeping):
        raise DatabaseError("{name} can't name a keeping class", name=repr(keeping))
    return f"{SCHEMA}_{keeping}" if keeping else SCHEMA


def _partition(table: str, part: str) -> str:
    return f"{_schema(keeping_in(part))}.{table}_{month_in(part).replace('-', '_')}"


def _part(schema: str, partition: str) -> str:
    year, month = partition.rsplit("_", 2)[1:]
    return part_name(f"{year}-{month}", schema.removeprefix(SCHEMA).removeprefix("_"))
