"""What becomes of a damaged file when life must go on: it is put aside, never deleted. Any thread."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from database.errors import DatabaseError

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def put_aside(path: Path, at_us: int) -> Path:
    """Rename a SQLite file and what belongs to it, so that a new one can be begun; return the new name.

    `history.sqlite` becomes `history.damaged-20261122T011500.123456Z.sqlite`.

    Raises:
        DatabaseError: it can't be renamed.
    """
    stamp = (_EPOCH + timedelta(microseconds=at_us)).strftime("%Y%m%dT%H%M%S.%fZ")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    try:
        for ending in ("-wal", "-shm", ""):
            part = Path(f"{path}{ending}")
            if part.exists():
                part.rename(f"{aside}{ending}")
    except OSError as error:
        raise DatabaseError(
            "{file} is damaged and can't be put aside: {cause}; move it away to begin a new one",
            file=path,
            cause=error.strerror,
        ) from error
    return aside


def files_aside(path: Path) -> tuple[Path, ...]:
    """Return the files that were put aside for `path` and still lie there, the oldest first."""
    return tuple(sorted(path.parent.glob(f"{path.stem}.damaged-*{path.suffix}")))
