"""Bringing a database to the newest schema, step by step, in the transaction of the caller. Station worker thread.

Nearly every start finds the newest schema. Alembic takes long to import, so it is asked only if there is another one.
"""

from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from database.errors import DatabaseError

MIGRATIONS: Final = Path(__file__).resolve().parent / "migrations"
STATION: Final = "station"
HISTORY: Final = "history"
MONTH: Final = "month"
TABLES: Final = "tables"
SERVER: Final = "server"
BRANCHES: Final = {
    STATION: MIGRATIONS / "versions",
    HISTORY: MIGRATIONS / "history",
    MONTH: MIGRATIONS / "month",
    TABLES: MIGRATIONS / "tables",
    SERVER: MIGRATIONS / "server",
}
"""The trees of migrations, each for a file of its own or a server. Tables say theirs by `info={"branches": ...}`."""


_IS_THERE: Final = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'",
    "postgresql": "SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL",
}
"""Asked at every opening of a file, so without the time that a compiled question takes."""


def migrate(connection: Connection, where: Path | str, branch: str = STATION) -> None:
    """Upgrade the schema behind `connection` to the newest revision of a branch; does nothing if it has that.

    `where` is what messages call it.

    Raises:
        DatabaseError: the file was written by a newer Clearwell.
    """
    if present_revisions(connection) != [newest_revision(branch)]:
        _upgrade(connection, where, branch)


def present_revisions(connection: Connection) -> list[str]:
    """Return what Alembic noted in the database; a new one has nothing."""
    if not connection.exec_driver_sql(_IS_THERE[connection.dialect.name]).first():
        return []
    return list(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars())


@cache
def newest_revision(branch: str) -> str:
    """Return the head of a branch: its files are named REVISION_WORDS.py, in their order."""
    return max(script.stem.partition("_")[0] for script in BRANCHES[branch].glob("*.py"))


def _upgrade(connection: Connection, where: Path | str, branch: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", MIGRATIONS.as_posix().replace("%", "%%"))
    config.set_main_option("version_locations", BRANCHES[branch].as_posix().replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    present = MigrationContext.configure(connection).get_current_revision()
    if present is not None and present not in known:
        raise DatabaseError(
            "{file} was written by a newer Clearwell (schema {schema}); install that version",
            file=where,
            schema=present,
        )
    command.upgrade(config, "head")
