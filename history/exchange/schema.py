"""Bringing the file of the newest samples to the newest schema. Main thread; the caller holds the lock of the folder.

The files of the months are never changed: whoever reads them knows every version that there was.
"""

from pathlib import Path

from database.engine import open_database, open_read_only
from database.errors import clear_errors
from database.migrate import HISTORY, newest_revision, present_revisions
from history.store.part_files import NEWEST


def upgrade(folder: Path) -> tuple[str, str]:
    """Upgrade `history.sqlite` in one transaction; return the schema before, and after.

    Raises:
        DatabaseError: it isn't there, or damaged, foreign or newer; it is as it was.
    """
    path = folder / NEWEST
    engine = open_read_only(path)
    with clear_errors(path), engine.connect() as connection:
        before = " ".join(present_revisions(connection))
    engine.dispose()
    open_database(path, HISTORY).dispose()
    return before, newest_revision(HISTORY)
