"""A database with the tables of a server, made once for these tests and emptied for each."""

from collections.abc import Iterator

import pytest

from database.server import SCHEMA, open_server
from tests.fakes.own_postgresql import end_sessions
from tests.fakes.postgresql import made_database
from tests.fakes.spooling import ask


def empty_server(address: str) -> None:
    """Leave no session and no row in a server, which gets its tables if it has none."""
    end_sessions(address)
    open_server(address).dispose()
    tables = ask(address, "SELECT tablename FROM pg_tables WHERE schemaname = %s", SCHEMA)
    names = ", ".join(name for (name,) in tables if name != "alembic_version")
    ask(address, f"TRUNCATE {names} RESTART IDENTITY CASCADE")


@pytest.fixture(scope="module")
def kept_database(pg_server: str) -> Iterator[str]:
    with made_database(pg_server) as address:
        yield address


@pytest.fixture
def pg_database(kept_database: str) -> str:
    """The address of an empty server."""
    empty_server(kept_database)
    return kept_database
