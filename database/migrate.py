"""Bringing a database to the newest schema, step by step, in the transaction of the caller. Station worker thread."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from database.errors import DatabaseError

MIGRATIONS: Final = Path(__file__).resolve().parent / "migrations"
STATION: Final = "station"
HISTORY: Final = "history"
BRANCHES: Final = {STATION: MIGRATIONS / "versions", HISTORY: MIGRATIONS / "history"}
"""The trees of migrations, each for a file of its own. Tables say theirs by `info={"branch": ...}`."""


def migrate(connection: Connection, path: Path, branch: str = STATION) -> None:
    """Upgrade the schema behind `connection` to the newest revision of a branch; does nothing if it has that.

    Raises:
        DatabaseError: the file was written by a newer Clearwell.
    """
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
            file=path,
            schema=present,
        )
    command.upgrade(config, "head")
