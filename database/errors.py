"""What can be wrong with a database, in words for the person who has to mend it. Pure, any thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError


class DatabaseError(Exception):
    """One line: which file, what is wrong, and what to do. Nothing was changed in the file."""


_REMEDIES: Final = (
    ("locked", "is locked by another program; close it there"),
    ("readonly", "can't be written; check the rights of the file and its folder"),
    ("disk is full", "can't grow because the disk is full; free some space"),
    ("unable to open", "can't be opened; check the rights of the file and its folder"),
    ("malformed", "is damaged; restore a backup, or move it away to begin a new one"),
    ("no such table", "has lost its tables; look for its -wal file, or restore a backup"),
    ("not a database", "is not a database; move it away, or choose another data folder"),
)


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn every error of the database library within the block into a DatabaseError about `path`."""
    try:
        yield
    except SQLAlchemyError as error:
        raise DatabaseError(f"{path} {_explain(error)}.") from error


def _explain(error: SQLAlchemyError) -> str:
    cause = str(getattr(error, "orig", None) or error).splitlines()[0]
    for sign, remedy in _REMEDIES:
        if sign in cause.lower():
            return f"{remedy} ({cause})"
    return f"gave an error: {cause}"
