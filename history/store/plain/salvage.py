"""Taking over from a damaged tables.sqlite what can't be worked out anew: laboratory values. Any thread; blocks.

Hours and days come from packed history, the plant from its folder, manual values from the audit.
"""

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, select
from sqlalchemy.exc import SQLAlchemyError

from history.store.packed import upsert
from history.store.plain.schema import LAB_VALUE


def salvage(damaged: Path, connection: Connection) -> int:
    """Copy the laboratory values that can still be read into new tables; return how many."""
    rows: list[dict[str, Any]] = []
    address = f"{damaged.resolve().as_uri()}?mode=ro"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)
    with suppress(SQLAlchemyError), engine.connect() as old:
        rows.extend(dict(row._mapping) for row in old.execute(select(LAB_VALUE)))
    engine.dispose()
    upsert(connection, LAB_VALUE, rows)
    return len(rows)
