"""A statement that is compiled once for all files. Any thread.

SQLAlchemy remembers compiled statements for each engine, and every month of history has an engine of its own: a
question over a year would compile the same statement twelve times, which takes longer than all that it reads.
"""

from typing import Any, Final

from sqlalchemy import Connection, CursorResult, Select


class Prepared:
    """A query with named parameters (`bindparam`), none of them a list."""

    def __init__(self, query: Select[*tuple[Any, ...]]) -> None:
        self._query: Final = query
        self._compiled: dict[str, tuple[str, tuple[str, ...]]] = {}

    def run(self, connection: Connection, **values: Any) -> CursorResult[*tuple[Any, ...]]:
        """Ask with these values."""
        dialect = connection.dialect
        known = self._compiled.get(dialect.name)
        if known is None:
            made = self._query.compile(dialect=dialect)
            known = self._compiled[dialect.name] = str(made), tuple(made.positiontup or ())
        sql, order = known
        return connection.exec_driver_sql(sql, tuple(values[name] for name in order) if order else values)
