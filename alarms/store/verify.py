"""Checking the journal from its first row to its checkpoint. Any thread; a running station is not disturbed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import inspect, select

from alarms.store.journal import DAMAGE, HEAD_NAME, covered
from alarms.store.tables import JOURNAL
from database.chain import GENESIS, digest
from database.engine import open_read_only
from database.errors import clear_errors
from database.head import Head

_CHUNK: Final = 1_000


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
            query = select(JOURNAL).order_by(JOURNAL.c.seq)
            for row in connection.execution_options(yield_per=_CHUNK).execute(query).mappings():
                columns: dict[str, Any] = {str(name): value for name, value in row.items()}
                reason = _fault(columns, rows + 1, mark)
                if reason:
                    return JournalVerdict(rows, rows + 1, reason, tuple(damages))
                rows, mark = rows + 1, columns["hash"]
                meets_head = meets_head or (head is not None and (head.seq, head.hash) == (rows, mark))
                if columns["event"] == DAMAGE:
                    damages.append(f"row {rows}: {columns['comment']}")
    finally:
        engine.dispose()
    if head is None and rows:
        return JournalVerdict(rows, rows, "the checkpoint is missing", tuple(damages))
    if head is not None and not meets_head:
        return JournalVerdict(rows, rows + 1, "rows are missing at the end", tuple(damages))
    return JournalVerdict(rows, damages=tuple(damages))


def _fault(row: dict[str, Any], due: int, mark: str) -> str:
    if (row["seq"], row["prev_hash"]) != (due, mark):
        return "a row is missing or was added before this one"
    try:
        is_whole = digest(mark, covered(row)) == row["hash"]
    except (ValueError, TypeError):
        is_whole = False
    return "" if is_whole else "the row was changed"
