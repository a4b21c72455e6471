"""Rows kept in an order, for lists that change a little many times a second. Pure, GUI thread.

The station gives a row that has not changed as the very same object again, so what changed is found by identity, and
only that is ranked and put in its place.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from alarms.snapshot import AlarmRow

Key = tuple[Any, ...]
RowsById = Mapping[int, AlarmRow]
_Entry = tuple[Any, ...]
"""The parts of the key, the identity of the row, the row: a flat tuple is compared fastest."""
_ROW: Final = itemgetter(-1)
_FEW: Final = 8
"""Up to an eighth of the rows are put in their places one by one; with more, all are sorted."""


@dataclass(frozen=True, slots=True)
class Delta:
    """The rows that are there no longer or look otherwise, and those that are new or replace them, by identity."""

    gone: RowsById
    fresh: RowsById

    def __bool__(self) -> bool:
        return bool(self.gone or self.fresh)


NO_DELTA: Final = Delta({}, {})


def difference(old: Iterable[AlarmRow], new: Iterable[AlarmRow]) -> Delta:
    """Return what changed; both must be held while it is used, or identities are given anew."""
    return _between({id(row): row for row in old}, {id(row): row for row in new})


class RowSet:
    """The rows of the newest snapshot; holding them keeps their identities from being given anew."""

    def __init__(self) -> None:
        self._by_id: dict[int, AlarmRow] = {}

    def take(self, rows: Sequence[AlarmRow]) -> Delta:
        """Take over the rows of this moment and return what changed."""
        known = self._by_id
        fresh = {id(row): row for row in rows if id(row) not in known}
        gone = {}
        if len(known) + len(fresh) > len(rows):
            gone = {at: known.pop(at) for at in known.keys() - set(map(id, rows))}
        known.update(fresh)
        return Delta(gone, fresh)


def _between(old: RowsById, new: RowsById) -> Delta:
    gone, fresh = old.keys() - new.keys(), new.keys() - old.keys()
    return Delta({at: old[at] for at in gone}, {at: new[at] for at in fresh})


class SortedRows:
    """Rows by rising `key`, which must differ for each; those that `belongs` leaves out aren't among them."""

    def __init__(self, key: Callable[[AlarmRow], Key], belongs: Callable[[AlarmRow], bool] = bool) -> None:
        self._key, self._belongs = key, belongs
        self._entries: list[_Entry] = []
        self._held: dict[int, _Entry] = {}

    @property
    def rows(self) -> list[AlarmRow]:
        """The rows in order."""
        return list(map(_ROW, self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def begin(self, rows: Iterable[AlarmRow]) -> None:
        """Forget what was and hold these."""
        self._entries = sorted(self._ranked({id(row): row for row in rows}))
        self._held = {entry[-2]: entry for entry in self._entries}

    def apply(self, delta: Delta) -> Delta:
        """Follow what changed; return what of it was or is among these."""
        gone = sorted(self._held.pop(at) for at in self._held.keys() & delta.gone.keys())
        fresh = sorted(self._ranked(delta.fresh))
        self._held.update({entry[-2]: entry for entry in fresh})
        if (len(gone) + len(fresh)) * _FEW > len(self._entries):
            self._entries = sorted(self._held.values())
        else:
            self._entries = _merged(_parted(self._entries, gone), fresh)
        return Delta({entry[-2]: entry[-1] for entry in gone}, {entry[-2]: entry[-1] for entry in fresh})

    def _ranked(self, rows: RowsById) -> list[_Entry]:
        """Return what is kept of rows that belong; the number of a row is the same object in all lists."""
        belongs, key = self._belongs, self._key
        return [(*key(row), at, row) for at, row in rows.items() if belongs(row)]


def _parted(entries: list[_Entry], gone: Sequence[_Entry]) -> list[_Entry]:
    """Return the entries without some of them."""
    if not gone:
        return entries
    left, start = [], 0
    for entry in gone:
        at = bisect_left(entries, entry, start)
        left += entries[start:at]
        start = at + 1
    return left + entries[start:]


def _merged(entries: list[_Entry], fresh: Sequence[_Entry]) -> list[_Entry]:
    """Return the entries with others among them."""
    if not fresh:
        return entries
    merged, start = [], 0
    for entry in fresh:
        at = bisect_left(entries, entry, start)
        merged += entries[start:at]
        merged.append(entry)
        start = at
    return merged + entries[start:]
