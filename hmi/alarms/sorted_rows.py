"""Rows kept in an order, for lists that change a little many times a second. Pure, GUI thread.

The station gives a row that has not changed as the very same object again, so what changed is found by identity, and
only that is ranked and put in its place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from alarms.snapshot import AlarmRow

Key = tuple[Any, ...]
RowsById = Mapping[int, AlarmRow]
_ROW: Final = -1


@dataclass(frozen=True, slots=True)
class Delta:
    """The rows that are there no longer or look otherwise, and those that are new or replace them, by identity."""

    gone: RowsById
    fresh: RowsById

    def __bool__(self) -> bool:
        return bool(self.gone or self.fresh)


class RowSet:
    """The rows of the newest snapshot; holding them keeps their identities from being given anew."""

    def __init__(self) -> None:
        self._by_id: dict[int, AlarmRow] = {}

    @property
    def by_id(self) -> RowsById:
        return self._by_id

    def take(self, rows: Sequence[AlarmRow]) -> Delta:
        """Take over the rows of this moment and return what changed."""
        old, new = self._by_id, dict(zip(map(id, rows), rows, strict=True))
        self._by_id = new
        return Delta({at: old[at] for at in old.keys() - new.keys()}, {at: new[at] for at in new.keys() - old.keys()})


class SortedRows:
    """Rows by rising `key`, which must differ for each; those that `belongs` leaves out aren't among them."""

    def __init__(self, key: Callable[[AlarmRow], Key], belongs: Callable[[AlarmRow], bool] = bool) -> None:
        self._key, self._belongs = key, belongs
        self._entries: list[tuple[Key, int, AlarmRow]] = []
        self._held: set[int] = set()

    @property
    def rows(self) -> list[AlarmRow]:
        """The rows in order."""
        return [entry[_ROW] for entry in self._entries]

    def __len__(self) -> int:
        return len(self._entries)

    def begin(self, rows: Iterable[AlarmRow]) -> None:
        """Forget what was and hold these."""
        self._entries = self._ranked(rows)
        self._entries.sort()
        self._held = {entry[1] for entry in self._entries}

    def apply(self, delta: Delta) -> None:
        """Follow what changed."""
        gone = self._held & delta.gone.keys()
        if gone:
            self._entries = [entry for entry in self._entries if entry[1] not in gone]
            self._held -= gone
        fresh = self._ranked(delta.fresh.values())
        if fresh:
            fresh.sort()
            self._held.update(entry[1] for entry in fresh)
            self._entries += fresh
            self._entries.sort()  # two sorted runs: they are merged, not sorted

    def _ranked(self, rows: Iterable[AlarmRow]) -> list[tuple[Key, int, AlarmRow]]:
        belongs, key = self._belongs, self._key
        return [(key(row), id(row), row) for row in rows if belongs(row)]
