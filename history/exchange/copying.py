"""Rows into a table of a server by COPY, and what stands there already. Main thread."""

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

_TYPES: Final = {"INTEGER": "int4", "BIGINT": "int8", "DOUBLE": "float8", "BLOB": "bytea"}


def copy_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows, none of which is there, in the transaction of the connection and the schema that it is set to."""
    if not rows:
        return
    names = [column.name for column in table.columns]
    schema = connection.get_execution_options().get("schema_translate_map", {}).get(None)
    where = sql.Identifier(*([schema] if schema else []), table.name)
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    command = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(where, columns)
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(command) as copy:
            copy.set_types([_TYPES[str(table.c[name].type)] for name in names])
            for row in rows:
                copy.write_row([row[name] for name in names])
    except psycopg.Error as error:
        raise DBAPIError(f"COPY {table.name}", None, error) from error


def digest(body: bytes) -> str:
    """Return what PostgreSQL's md5() says of a blob; it tells whether it is the same, and guards nothing."""
    return hashlib.md5(body, usedforsecurity=False).hexdigest()
