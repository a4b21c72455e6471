"""The checkpoint of a chained table: a small file beside the database that names its newest row.

It lets `verify`, and the next start, notice that rows were cut off the end or that the database was replaced, which the
chain alone can't. It is not signed: whoever may write both files can rewrite the chain and the checkpoint together, and
rows that were committed in the instant before a crash may stand after the checkpoint. Written by whichever thread
appends, one at a time.
"""

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import orjson

from database.errors import DamagedError, DatabaseError

_TOO_LARGE: Final = 2**62
"""Far beyond any station, and what follows it still fits the 64 bits of SQLite."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a chain: the row `seq` of an epoch, and its hash. Row 0 is none yet; `station` may be empty."""

    station: str
    epoch: int
    seq: int
    hash: str


class Head:
    """The checkpoint in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, position: Position) -> None:
        """Replace the checkpoint; after a crash there is the old one or the new one, never half of one.

        Raises:
            DatabaseError: the folder can't be written.
        """
        draft = self._path.with_suffix(".new")
        try:
            with open(draft, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.write(orjson.dumps(asdict(position)))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)
        except OSError as error:
            raise DatabaseError(
                "{file} can't be written: {cause}; check the folder and free some space",
                file=self._path,
                cause=error.strerror,
            ) from error

    def read(self) -> Position | None:
        """Return the checkpoint, None if there is none.

        Raises:
            DamagedError: the file is not a checkpoint.
            DatabaseError: it can't be read.
        """
        try:
            found = orjson.loads(self._path.read_bytes())
            place = Position(str(found["station"]), int(found["epoch"]), int(found["seq"]), str(found["hash"]))
            if not (0 <= place.epoch < _TOO_LARGE and 0 <= place.seq < _TOO_LARGE):
                raise ValueError("no table has such a row")
            return place
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DatabaseError(
                "{file} can't be read: {cause}; check its rights", file=self._path, cause=error.strerror
            ) from error
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            raise DamagedError(
                "{file} is not a checkpoint; keep it, and find out who changed it", file=self._path
            ) from error

    def compare(
        self, has_rows: bool, hash_at: Callable[[Position], str | None]
    ) -> tuple[Position | None, DamagedError | None]:
        """Return the checkpoint and how it doesn't fit the table; `hash_at` gives the hash that stands at its place.

        Raises:
            DatabaseError: it can't be read.
        """
        try:
            head = self.read()
        except DamagedError as error:
            return None, error
        if head is None:
            return None, DamagedError("The checkpoint {file} is missing", file=self._path.name) if has_rows else None
        if hash_at(head) == head.hash:
            return head, None
        return head, DamagedError(
            "Rows are missing or changed: the checkpoint names epoch {epoch}, row {row}", epoch=head.epoch, row=head.seq
        )
