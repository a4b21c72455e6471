"""What the journal has of one alarm: its rows of a time, and what it was. Any worker; blocks."""

from typing import Final

from sqlalchemy import Connection, and_, func, or_, select

from alarms.journal_thread import LOST
from alarms.past_row import PastRow
from alarms.store.kpi_rows import EARLY_US, LATE_US
from alarms.store.tables import JOURNAL

_COLUMNS: Final = tuple(JOURNAL.c[name] for name in PastRow._fields)


def read_past_rows(connection: Connection, alarm: str, start_us: int, end_us: int) -> list[PastRow]:
    """Return the rows of an alarm about a time, and those that tell of lost events, in the order of the journal.

    Before them stands the newest of its rows from before that time. A row that waited for the disk for more than a day
    is missed.
    """
    is_since = JOURNAL.c.recorded_us >= start_us - EARLY_US
    is_wanted = or_(JOURNAL.c.alarm == alarm, and_(JOURNAL.c.alarm == "", JOURNAL.c.event == LOST))
    is_until = JOURNAL.c.recorded_us < end_us + LATE_US
    rows = select(*_COLUMNS).where(is_wanted, is_since, is_until).order_by(JOURNAL.c.seq)
    last = select(func.max(JOURNAL.c.seq)).where(JOURNAL.c.alarm == alarm, ~is_since).scalar_subquery()
    before = select(*_COLUMNS).where(JOURNAL.c.seq == last)
    return [PastRow._make(row) for query in (before, rows) for row in connection.execute(query)]


def read_nature(connection: Connection, alarm: str) -> tuple[str, str]:
    """Return kind and text of an alarm by its newest row, both empty if it has none."""
    newest = select(JOURNAL.c.kind, JOURNAL.c.text).where(JOURNAL.c.alarm == alarm).order_by(JOURNAL.c.seq.desc())
    row = connection.execute(newest.limit(1)).first()
    return ("", "") if row is None else (row.kind, row.text)
