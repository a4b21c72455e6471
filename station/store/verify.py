"""Checking the audit from its first row to its checkpoint. Any thread; a running station is not disturbed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, RowMapping, select

from database.chain import GENESIS, digest
from database.engine import open_read_only
from database.errors import clear_errors
from database.head import Head, Position
from station.store.audit import DATABASE_NAME, HEAD_NAME
from station.store.tables import AUDIT

_CHUNK: Final = 1_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many rows hold, the first (epoch, seq) that doesn't, and why. `damages` were told of at earlier starts."""

    rows: int
    bad: tuple[int, int] | None = None
    reason: str = ""
    damages: tuple[str, ...] = ()


def verify_folder(folder: Path) -> Verdict:
    """Check the audit of a data folder against its chain and its checkpoint.

    Raises:
        DatabaseError: there is none, or it can't be read.
    """
    engine = open_read_only(folder / DATABASE_NAME)
    try:
        head = Head(folder / HEAD_NAME).read()  # before the rows, since a running station adds some meanwhile
        with clear_errors(folder / DATABASE_NAME):
            return verify(engine, head)
    finally:
        engine.dispose()


def verify(engine: Engine, head: Position | None) -> Verdict:
    """Check every row; `head` is the checkpoint, None if there is none.

    Edited, removed, inserted and reordered rows are found by the chain, rows cut off the end by the checkpoint.
    """
    last, rows, meets_head = Position("", 0, 0, GENESIS), 0, head is None
    damages: list[str] = []
    for row in _rows(engine):
        due = _due(last, row)
        reason = _fault(last, due, row)
        if reason:
            return Verdict(rows, due, reason, tuple(damages))
        last = Position(row["station"], row["epoch"], row["seq"], row["hash"])
        rows += 1
        meets_head = meets_head or last == head
        if row["kind"] == "damage":
            damages.append(f"epoch {last.epoch}, row {last.seq}: {row['message']}")
    if head is not None and not meets_head:
        cut = (head.epoch, last.seq + 1 if last.epoch == head.epoch else 1)
        return Verdict(rows, cut, "rows are missing at the end", tuple(damages))
    if head is None and rows:
        return Verdict(rows, (last.epoch, last.seq), "the checkpoint is missing", tuple(damages))
    return Verdict(rows, damages=tuple(damages))


def _rows(engine: Engine) -> Iterator[RowMapping]:
    query = select(AUDIT).order_by(AUDIT.c.station, AUDIT.c.epoch, AUDIT.c.seq)
    with engine.connect() as connection:
        yield from connection.execution_options(yield_per=_CHUNK).execute(query).mappings()


def _due(last: Position, row: RowMapping) -> tuple[int, int]:
    """The (epoch, seq) that must follow `last`."""
    epoch = row["epoch"]
    is_new = isinstance(epoch, int) and epoch > last.epoch  # SQLite stores whatever it is given in any column
    return (epoch, 1) if is_new else (last.epoch, last.seq + 1)


def _fault(last: Position, due: tuple[int, int], row: RowMapping) -> str:
    if (row["epoch"], row["seq"]) != due or row["prev_hash"] != last.hash:
        return "a row is missing or was added before this one"
    columns = {str(name): value for name, value in row.items() if name not in ("prev_hash", "hash")}
    try:
        is_whole = digest(last.hash, columns) == row["hash"]
    except (ValueError, TypeError):
        is_whole = False
    return "" if is_whole else "the row was changed"
