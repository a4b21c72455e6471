"""Reading the audit of a data folder as it stands on the disk."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def audit_rows(folder: Path, kind: str = "command") -> list[dict[str, Any]]:
    """Return the rows of one kind (all if empty), oldest first."""
    with closing(sqlite3.connect(f"{(folder / 'station.sqlite').as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute("SELECT * FROM audit ORDER BY epoch, seq").fetchall()
    return [dict(row) for row in rows if not kind or row["kind"] == kind]


def states(folder: Path) -> list[str]:
    """Return the states of all command rows, oldest first."""
    return [row["state"] for row in audit_rows(folder)]
