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


def migrate(connection: Connection, path: Path) -> None:
    """Upgrade the schema behind `connection` to the newest revision; does nothing if it has that.

    Raises:
        DatabaseError: the file was written by a newer Clearwell.
    """
    config = Config()
    config.set_main_option("script_location", MIGRATIONS.as_posix().replace("%", "%%"))
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
