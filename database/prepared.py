"""A query that is compiled once for all files. Any thread.

SQLAlchemy remembers compiled statements for each engine, and every month of history has an engine of its own: a
question over a year would compile the same statement twelve times, which takes longer than all that it reads. A server
has one engine, and schemas that SQLAlchemy must fill in, so there it is asked as usual.
"""

from typing import Any, Final

from sqlalchemy import Connection, CursorResult, Select
from sqlalchemy.dialects import sqlite


class Prepared:
    """A query with named parameters (`bindparam`), none of them a list."""

    def __init__(self, query: Select[*tuple[Any, ...]]) -> None:
        self._query: Final = query
        compiled = query.compile(dialect=sqlite.dialect())
        self._sql: Final = str(compiled)
        self._order: Final = tuple(compiled.positiontup or ())

    def run(self, connection: Connection, **values: Any) -> CursorResult[*tuple[Any, ...]]:
        """Ask with these values."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._query, values)
        return connection.exec_driver_sql(self._sql, tuple(values[name] for name in self._order))
