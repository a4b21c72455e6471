"""Where packed hours stand: a part for each month and keeping class, so that retention removes whole parts. Any thread.

A part is named "2026-11", or "2026-11.short" for the class "short"; the standard class is "". Parts are files
(`history.store.months`) or partitions on a server (`history.store.partitions`).
"""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection

from database.errors import DatabaseError


class NoPartError(DatabaseError):
    """A part is gone: it was removed since its name was given."""


class UnreadablePartError(DatabaseError):
    """A part alone can't be read, for whatever reason; the others can."""


class Parts(Protocol):
    """The parts of a plant. Whoever reads asks for times within the part: see `history.store.months.span_of`."""

    def writing(self, at_us: int, keeping: str = "") -> AbstractContextManager[Connection]:
        """Give a transaction in the part of a time and class, made if need be; it is on the disk when the block ends.

        Raises:
            DatabaseError: it can't be used; nothing was changed.
        """

    def reading(self, part: str) -> AbstractContextManager[Connection]:
        """Give a connection that reads a part of `between`.

        Raises:
            NoPartError: it was removed since.
            UnreadablePartError: it can't be read, but others may.
            DatabaseError: none can be read.
        """

    def between(self, start_us: int, end_us: int) -> list[str]:
        """Return the parts that are there and touch [start, end), by month, then by class.

        Raises:
            DatabaseError: it can't be found out.
        """

    def drop(self, part: str) -> None:
        """Remove a part with all that it holds; done again, it does nothing.

        Raises:
            DatabaseError: it is still there, or some of it.
        """

    def put_aside(self, part: str, now_us: int) -> bool:
        """Give a part that was found damaged another name, so that it can be begun anew; False if it wasn't.

        Raises:
            DatabaseError: it can't be done.
        """

    def is_damaged(self, part: str) -> bool:
        """Whether a part was found damaged and is still there."""

    @property
    def size_bytes(self) -> int:
        """What all of them take on the disk."""

    def close(self) -> None:
        """Release what is open."""


def part_name(month: str, keeping: str) -> str:
    """Return the name of the part of a month ("2026-11") and class."""
    return f"{month}.{keeping}" if keeping else month


def month_in(part: str) -> str:
    """Return the month of a part."""
    return part.partition(".")[0]


def keeping_in(part: str) -> str:
    """Return the class of a part."""
    return part.partition(".")[2]
