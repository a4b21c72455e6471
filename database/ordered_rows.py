"""Reading the rows of a table that are numbered by epoch and seq, in their order. Any thread; the caller connects."""

from typing import Any

from sqlalchemy import Connection, Table, select, tuple_

Position = tuple[int, int]
"""Epoch and number of a row."""


def newest_position(connection: Connection, table: Table) -> Position:
    """Return where the newest row stands, zeros without one."""
    newest = select(table.c.epoch, table.c.seq).order_by(table.c.epoch.desc(), table.c.seq.desc()).limit(1)
    epoch, seq = connection.execute(newest).first() or (0, 0)
    return epoch, seq


def rows_after(connection: Connection, table: Table, place: Position, limit: int) -> list[dict[str, Any]]:
    """Return the oldest rows after a place, in order, with all columns."""
    at = tuple_(table.c.epoch, table.c.seq)
    query = select(table).where(at > place).order_by(table.c.epoch, table.c.seq).limit(limit)
    return [{str(name): value for name, value in row.items()} for row in connection.execute(query).mappings()]
