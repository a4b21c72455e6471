"""Changing an audit as someone does who may write the file and knows SQL."""

import sqlite3
from contextlib import closing
from pathlib import Path


def tamper(folder: Path, *statements: str) -> None:
    """Run SQL on the database of a stopped station; the triggers against changes are removed first."""
    with closing(sqlite3.connect(folder / "station.sqlite", isolation_level=None)) as connection:
        for table in ("audit", "epoch"):
            for verb in ("update", "delete"):
                connection.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        for statement in statements:
            connection.execute(statement)
