"""Rows into a table of a server by COPY, and what stands there already. Main thread."""

import hashlib
from collections.abc import Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Table


def copy_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows, none of which is there, in the transaction of the connection and the schema that it is set to."""
    if not rows:
        return
    names = [column.name for column in table.columns if column.name in rows[0]]
    schema = connection.get_execution_options().get("schema_translate_map", {}).get(None)
    where = sql.Identifier(*([schema] if schema else []), table.name)
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    command = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(where, columns)
    types = [_TYPES[str(table.c[name].type)] for name in names]
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(command) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row([row[name] for name in names])


def digest(body: bytes) -> str:
    """Return what PostgreSQL's md5() says of a blob; it tells whether it is the same, and guards nothing."""
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


_TYPES = {"INTEGER": "int4", "BIGINT": "int8", "DOUBLE": "float8", "BLOB": "bytea"}
