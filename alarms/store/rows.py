"""The rows of the journal as they are written: chained, and cheap to build. Journal thread.

A flood writes tens of thousands a second. So a row is built in one go from the fields of its entry and handed to the
driver as a plain tuple; what a table can't hold (a NaN, half a surrogate) is looked for only where it can stand.
"""

import math
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Double

from alarms.entry import JournalEntry
from alarms.store.tables import JOURNAL
from database.chain import digest, storable

ENTRY_FIELDS: Final = tuple(sorted(field.name for field in fields(JournalEntry)))
_OPTIONAL: Final = tuple((at, name) for at, name in enumerate(ENTRY_FIELDS) if JOURNAL.c[name].nullable)
_REAL_AT: Final = tuple(at for at, name in enumerate(ENTRY_FIELDS) if isinstance(JOURNAL.c[name].type, Double))
"""Whole numbers come back from these as 8.0, which a hash knows from 8."""
_FLAG_AT: Final = tuple(ENTRY_FIELDS.index(name) for name in ("is_one_shot", "is_time_suspect"))
"""A bool comes back from these as 1, which a hash knows from true."""
_PLACES: Final = ("seq", "epoch", "recorded_us")
_COLUMNS: Final = (*ENTRY_FIELDS, *_PLACES, "prev_hash", "hash")
_NAMES: Final = ", ".join(f'"{name}"' for name in _COLUMNS)
INSERT: Final = f"INSERT INTO journal ({_NAMES}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 - our words
_NULL: Final = math.nan
"""SQLite takes a NaN for NULL. Python's driver looks for a converter for every None, which costs more than all else."""
_values_of = attrgetter(*ENTRY_FIELDS)

Parameters = tuple[Any, ...]
"""The values of one row, in the order of `INSERT`."""


def chained(
    entries: Sequence[JournalEntry], seq: int, epoch: int, recorded_us: int, mark: str
) -> tuple[list[Parameters], str]:
    """Return the rows that follow row `seq`, whose hash is `mark`, and the hash of the last of them."""
    rows = []
    for place, entry in enumerate(entries, seq + 1):
        values: list[Any] = list(_values_of(entry))
        _make_numbers_plain(values)
        places = (place, epoch, recorded_us)
        before = mark
        try:
            mark = digest(before, _taken(values, places))
        except ValueError:  # a text that is no Unicode
            values = [storable(value) for value in values]
            mark = digest(before, _taken(values, places))
        rows.append((*values, *places, before, mark))
    return rows, mark


def _taken(values: list[Any], places: tuple[int, int, int]) -> dict[str, Any]:
    """Return the columns that a hash covers, and put what the driver takes for NULL in place of the others.

    Those that hold something are covered, so that a later schema may add others.
    """
    row = dict(zip(ENTRY_FIELDS, values, strict=True))
    for at, name in _OPTIONAL:
        if values[at] is None:
            del row[name]
            values[at] = _NULL
    row["seq"], row["epoch"], row["recorded_us"] = places
    return row


def _make_numbers_plain(values: list[Any]) -> None:
    for at in _REAL_AT:
        value = values[at]
        if value is not None:
            values[at] = float(value) + 0.0 if math.isfinite(value) else None
    for at in _FLAG_AT:
        if values[at] is not None:
            values[at] = int(values[at])
