"""What can be wrong with a database, in words for the person who has to mend it. Pure, any thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError


class DatabaseError(Exception):
    """One line: which file, what is wrong, and what to do. Nothing was changed in the file.

    `template` and `values` are kept for translation; without values the template is the text.
    """

    def __init__(self, template: str, /, **values: object) -> None:
        super().__init__(template.format(**values) if values else template)
        self.template, self.values = template, values


class DamagedError(DatabaseError):
    """The file itself is broken: waiting doesn't mend it."""


_REMEDIES: Final = {
    "locked": "{file} is locked by another program; close it there ({cause})",
    "readonly": "{file} can't be written; check the rights of the file and its folder ({cause})",
    "disk is full": "{file} can't grow because the disk is full; free some space ({cause})",
    "unable to open": "{file} can't be opened; check the rights of the file and its folder ({cause})",
    "malformed": "{file} is damaged; restore a backup, or move it away to begin a new one ({cause})",
    "no such table": "{file} has lost its tables; look for its -wal file, or restore a backup ({cause})",
    "not a database": "{file} is not a database; move it away, or choose another data folder ({cause})",
}
_DAMAGES: Final = ("malformed", "not a database")
_OTHER: Final = "{file} gave an error: {cause}"


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn every error of the database library within the block into a DatabaseError about `path`."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        sign = next((sign for sign in _REMEDIES if sign in cause.lower()), "")
        kind = DamagedError if sign in _DAMAGES else DatabaseError
        raise kind(_REMEDIES.get(sign, _OTHER), file=path, cause=cause) from error


def all_templates() -> tuple[str, ...]:
    """Return every template that `clear_errors` can give, for the translation tables."""
    return (*_REMEDIES.values(), _OTHER)
