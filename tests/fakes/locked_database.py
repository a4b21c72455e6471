"""Another program that has a station's database for itself."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def locked_whole(folder: Path) -> Iterator[None]:
    """Lock it so that it can't even be read."""
    with closing(sqlite3.connect(folder / "station.sqlite", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE lock_proof (number)")
        yield
        other.execute("ROLLBACK")
