"""The contents list of the journal: what stands in each full block of rows, so that a search can leave out the others.

Rows never change, so what was noted of a full block stays true. It is made when there is time (`note_blocks`, journal
thread); a block without it is read as a whole. Reading runs on any worker.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Connection, bindparam, func, insert, select

from alarms.store.tables import BLOCK, JOURNAL
from database.prepared import Prepared

SIZE: Final = 4096
"""Rows in a block: read as a whole in some milliseconds."""
FACETS: Final = tuple(JOURNAL.c[name] for name in ("event", "priority", "area", "kind"))
"""What is counted in each block, in this order."""
SEARCHED: Final = tuple(
    JOURNAL.c[name]
    for name in ("alarm", "tag", "text", "area", "user", "comment", "note", "aside_by", "aside_why", "rule")
)
"""Where words are looked for."""
_EDGE: Final = "\n"
_WITHOUT_WORDS: Final = Prepared(
    select(BLOCK.c.first_us, BLOCK.c.last_us, BLOCK.c.facets).where(BLOCK.c.block == bindparam("block"))
)
_WITH_WORDS: Final = Prepared(
    select(BLOCK.c.first_us, BLOCK.c.last_us, BLOCK.c.facets, BLOCK.c.words).where(BLOCK.c.block == bindparam("block"))
)


@dataclass(frozen=True, slots=True)
class Block:
    """What is known of the rows of a block: when they were written, and what stands in them."""

    first_us: int
    last_us: int
    facets: bytes
    words: str = ""

    def combinations(self) -> list[list[Any]]:
        """Return every combination of facets, each followed by how many rows have it."""
        return list(orjson.loads(self.facets))

    def has_text(self, folded: str) -> bool:
        """Tell whether a searched column of a row may be exactly this, case-folded; False is sure."""
        return f"{_EDGE}{folded}{_EDGE}" in self.words


def block_of(seq: int) -> int:
    """Return the number of the block that a row is in."""
    return (seq - 1) // SIZE


def rows_of(block: int) -> tuple[int, int]:
    """Return the first and the last row of a block."""
    return block * SIZE + 1, (block + 1) * SIZE


def known_block(connection: Connection, number: int, has_words: bool) -> Block | None:
    """Return what was noted of a block, None if nothing was; its words only where they are asked for."""
    found = (_WITH_WORDS if has_words else _WITHOUT_WORDS).run(connection, block=number).first()
    return None if found is None else Block(*found)


def note_blocks(connection: Connection, newest: int, most: int) -> int:
    """Note what stands in the oldest full blocks of which that isn't noted, at most so many; return how many."""
    begun = connection.execute(select(func.max(BLOCK.c.block))).scalar()
    due = range(0 if begun is None else begun + 1, (newest // SIZE))[:most]
    for number in due:
        connection.execute(insert(BLOCK), summary(connection, number))
    return len(due)


def summary(connection: Connection, number: int) -> dict[str, Any]:
    """Return what is to be noted of a full block."""
    is_in = JOURNAL.c.seq.between(*rows_of(number))
    times = select(func.min(JOURNAL.c.recorded_us), func.max(JOURNAL.c.recorded_us)).where(is_in)
    first_us, last_us = connection.execute(times).one()
    counts = select(*FACETS, func.count()).where(is_in).group_by(*FACETS).order_by(*FACETS)
    facets = orjson.dumps([list(row) for row in connection.execute(counts)])
    words = sorted(set(_texts(connection.execute(select(*SEARCHED).where(is_in)).all())))
    joined = _EDGE.join(["", *words, ""])
    return {"block": number, "first_us": first_us, "last_us": last_us, "facets": facets, "words": joined}


def _texts(rows: Any) -> Iterator[str]:
    """Give what stands in the columns, case-folded; what repeats is folded once."""
    whole: set[str | None] = set()
    for row in rows:
        whole.update(row)
    return (text.casefold() for text in whole if text)
