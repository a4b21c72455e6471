"""Laboratory values as rows. Any thread; the caller gives the transaction.

Nothing that was entered is ever changed: another value of a sample is a row of its own, and the later one counts.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from history.lab_file import LabValue
from history.site_time import SiteTime
from history.store.plain.schema import LAB_VALUE

_KEY: Final = ("parameter", "equipment", "location", "method", "sampled_at_us")
_SAID: Final = ("value", "qualifier", "unit")


@dataclass(frozen=True, slots=True)
class Entered:
    """How many values are new, how many of these correct an earlier one, and how many were there before."""

    new: int
    corrections: int
    known: int


def enter_lab_values(
    connection: Connection, values: Iterable[LabValue], user: str, at_us: int, site: SiteTime
) -> Entered:
    """Write values that aren't there yet, in the name of a user, at a time (µs UTC).

    Each sample may be there once. Only the writing itself keeps others from writing.
    """
    rows: list[dict[str, Any]] = []
    corrections = known = 0
    for value in values:
        mine = [LAB_VALUE.c[name] == part for name, part in zip(_KEY, value.sample, strict=True)]
        earlier = connection.execute(select(LAB_VALUE).where(*mine)).all()
        if any(all(getattr(row, name) == getattr(value, name) for name in _SAID) for row in earlier):
            known += 1
            continue
        row = asdict(value)
        row["tag_name"] = row.pop("tag")
        row["entered_at_us"] = max([at_us, *(each.entered_at_us + 1 for each in earlier)])
        rows.append(row | {"user": user, "sampled_at_local": site.local(value.sampled_at_us)})
        corrections += bool(earlier)
    if rows:
        connection.execute(insert(LAB_VALUE), rows)
    return Entered(len(rows), corrections, known)
