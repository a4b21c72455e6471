"""Files as an earlier version made them: only its migrations ran, rows come from today's code."""

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event

from database.engine import APPLICATION_ID
from database.migrate import BRANCHES, MIGRATIONS


def made_at(path: Path, branch: str, revision: str) -> None:
    """Make a file with the schema of a revision."""
    config = Config()
    config.set_main_option("script_location", MIGRATIONS.as_posix())
    config.set_main_option("version_locations", BRANCHES[branch].as_posix())
    config.set_main_option("path_separator", "newline")
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    with engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def aged(path: Path, branch: str, revision: str, tables: str = "hist%") -> None:
    """Put a file of an earlier version, with all rows that it can hold, in place of a file of today."""
    old = path.with_suffix(".old")
    made_at(old, branch, revision)
    with sqlite3.connect(old) as database:
        database.execute("ATTACH ? AS today", (str(path),))
        names = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name LIKE ?"
        for (table,) in database.execute(names, (tables,)).fetchall():
            names = ", ".join(f'"{row[1]}"' for row in database.execute(f"PRAGMA main.table_info({table})"))
            database.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM today.{table}")
    database.close()
    for ending in ("-wal", "-shm", ""):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    old.rename(path)


def dump(path: Path) -> list[str]:
    """Return schema and rows of a file."""
    database = sqlite3.connect(path)
    found = list(database.iterdump())
    database.close()
    return found
