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
    "connection refused": "{file} can't be reached; is the server running? ({cause})",
    "no such file": "{file} can't be reached; is the server running? ({cause})",
    "unsupported startup parameter": "{file} is a connection pooler; name the server itself in plant.toml ({cause})",
    "timeout expired": "{file} doesn't answer; is the server running, and the network up? ({cause})",
    "could not translate host": "{file} can't be found; check its name in plant.toml ({cause})",
    "password authentication": "{file} refuses the password; put it into ~/.pgpass of the station's user ({cause})",
    "no password supplied": "{file} asks for a password; put it into ~/.pgpass of the station's user ({cause})",
    "too many": "{file} has no connection left; raise max_connections, or close other programs ({cause})",
    "remaining connection slots": "{file} has no connection left; raise max_connections ({cause})",
    "read-only transaction": "{file} can't be written; it is a standby or was set read-only ({cause})",
    "permission denied": "{file} refuses; give the station's user the rights on its schema ({cause})",
    "no space left": "{file} can't grow because the server's disk is full; free some space there ({cause})",
    "could not extend": "{file} can't grow because the server's disk is full; free some space there ({cause})",
    "terminating connection": "{file} ended the connection; it is being stopped or restarted ({cause})",
    "server closed the connection": "{file} ended the connection; it was stopped or has crashed ({cause})",
    "the connection is": "{file} ended the connection; it was stopped or has crashed ({cause})",
    "starting up": "{file} is starting up ({cause})",
    "shutting down": "{file} is being stopped ({cause})",
}
_DAMAGES: Final = ("malformed", "not a database")
_OTHER: Final = "{file} gave an error: {cause}"


@contextmanager
def clear_errors(where: Path | str) -> Iterator[None]:
    """Turn every error of the database library within the block into a DatabaseError about a file or server."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        sign = next((sign for sign in _REMEDIES if sign in cause.lower()), "")
        kind = DamagedError if sign in _DAMAGES else DatabaseError
        raise kind(_REMEDIES.get(sign, _OTHER), file=where, cause=cause) from error


def all_templates() -> tuple[str, ...]:
    """Return every template that `clear_errors` can give, for the translation tables."""
    return (*_REMEDIES.values(), _OTHER)
