"""Checking the journal from its first row to its checkpoint. Any thread; a running station is not disturbed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, inspect, select

from alarms.store.blocks import rows_of, summary
from alarms.store.journal import DAMAGE, HEAD_NAME
from alarms.store.tables import BLOCK, JOURNAL
from database.chain import GENESIS, digest
from database.engine import open_read_only
from database.errors import clear_errors
from database.head import Head

_CHUNK: Final = 1_000
_CHAIN: Final = ("prev_hash", "hash")


@dataclass(frozen=True, slots=True)
class JournalVerdict:
    """How many rows hold, the number of the first that doesn't (None: all do), and why.

    `damages` were told of at earlier starts.
    """

    rows: int
    bad: int | None = None
    reason: str = ""
    damages: tuple[str, ...] = ()


def verify_journal(path: Path) -> JournalVerdict:
    """Check every row of the journal in a database file: its number, its place in the chain and its content.

    Rows cut off the end are found by the checkpoint beside the file.

    Raises:
        DatabaseError: there is no such file, or it or the checkpoint can't be read.
    """
    engine = open_read_only(path)
    rows, mark = 0, GENESIS
    damages: list[str] = []
    try:
        head = Head(path.with_name(HEAD_NAME)).read()  # before the rows, since a running station adds some meanwhile
        meets_head = False
        with clear_errors(path), engine.connect() as connection:
            if head is None and not inspect(connection).has_table(JOURNAL.name):
                return JournalVerdict(0)  # written by a Clearwell that had no journal
            names = _covered_names(connection)
            query = select(*(JOURNAL.c[name] for name in (*names, *_CHAIN))).order_by(JOURNAL.c.seq)
            for *values, before, found in connection.execution_options(yield_per=_CHUNK).execute(query):
                columns = {name: value for name, value in zip(names, values, strict=True) if value is not None}
                reason = _fault(columns, before, found, (rows + 1, mark))
                if reason:
                    return JournalVerdict(rows, rows + 1, reason, tuple(damages))
                rows, mark = rows + 1, found
                meets_head = meets_head or (head is not None and (head.seq, head.hash) == (rows, mark))
                if columns["event"] == DAMAGE:
                    damages.append(f"row {rows}: {columns['comment']}")
            bad = _misfit(connection)
    finally:
        engine.dispose()
    if bad is not None:
        return JournalVerdict(rows, bad, "the contents list doesn't fit the rows from this one on", tuple(damages))
    if head is None and rows:
        return JournalVerdict(rows, rows, "the checkpoint is missing", tuple(damages))
    if head is not None and not meets_head:
        return JournalVerdict(rows, rows + 1, "rows are missing at the end", tuple(damages))
    return JournalVerdict(rows, damages=tuple(damages))


def _fault(columns: dict[str, Any], before: object, found: object, due: tuple[int, str]) -> str:
    """Return what is wrong with a row whose number and previous hash must be `due`."""
    seq, mark = due
    if (columns.get("seq"), before) != (seq, mark):
        return "a row is missing or was added before this one"
    try:
        is_whole = digest(mark, columns) == found
    except (ValueError, TypeError):
        is_whole = False
    return "" if is_whole else "the row was changed"


def _misfit(connection: Connection) -> int | None:
    """Return the first row of a block whose entry in the contents list isn't what its rows give.

    Rows that it hid would not be found by a search.
    """
    if not inspect(connection).has_table(BLOCK.name):
        return None  # written by a Clearwell that had none
    for number in connection.execute(select(BLOCK.c.block).order_by(BLOCK.c.block)).scalars().all():
        noted = connection.execute(select(BLOCK).where(BLOCK.c.block == number)).mappings().one()
        if dict(noted) != summary(connection, number):
            return rows_of(number)[0]
    return None


def _covered_names(connection: Connection) -> tuple[str, ...]:
    """Return the columns that a hash may cover, in its order; a file of an older Clearwell has fewer."""
    inspector = inspect(connection)
    present = inspector.get_columns(JOURNAL.name) if inspector.has_table(JOURNAL.name) else []
    return tuple(
        sorted(
            str(column["name"]) for column in present if column["name"] in JOURNAL.c and column["name"] not in _CHAIN
        )
    )
