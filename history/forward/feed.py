"""Rows that go to a server beside frames: those of the journal and of the audit, which other rooms keep. Any thread."""

from collections.abc import Mapping, Sequence
from typing import Protocol

Place = tuple[int, int]
"""Where a row stands in its table: its epoch and its number, which grow in this order."""


class Feed(Protocol):
    """A table whose rows are only ever added to. Every method raises DatabaseError if the file can't be read now."""

    @property
    def table(self) -> str:
        """The name of the table, here and on the server."""

    def node(self) -> str:
        """Return what tells the file of this table from all others; empty as long as it has none."""

    def newest(self) -> Place:
        """Return the place of the newest row, zeros without one."""

    def after(self, place: Place, limit: int) -> Sequence[Mapping[str, object]]:
        """Return the oldest rows after a place, in order, with all columns, `epoch` and `seq` among them."""
