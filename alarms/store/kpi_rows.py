"""What figures need of the journal: the rows of a time, and how each alarm stood before it. Any worker; blocks."""

from typing import Final

from sqlalchemy import Connection, Select, func, or_, select

from alarms.kpi.rows import KpiRow
from alarms.kpi.window import HOUR_US
from alarms.states import AlarmState
from alarms.store.tables import JOURNAL

EARLY_US: Final = 300_000_000
"""How far a row may be stamped ahead of its writing: sources are believed within five minutes."""
LATE_US: Final = 24 * HOUR_US
"""How long a row may have waited for the disk and is still counted where it belongs."""
_COLUMNS: Final = tuple(JOURNAL.c[name] for name in KpiRow._fields)


def read_kpi_rows(connection: Connection, start_us: int, end_us: int) -> list[KpiRow]:
    """Return the rows about a time, in the order of the journal.

    Before them stand, for each alarm that wasn't normal then, the newest of its rows from before that time. A row that
    waited for the disk for more than a day is missed.
    """
    from_us, to_us = start_us - EARLY_US, end_us + LATE_US
    is_since = JOURNAL.c.recorded_us >= from_us
    first = connection.execute(select(func.min(JOURNAL.c.seq)).where(is_since)).scalar()
    rows = select(*_COLUMNS).where(is_since, JOURNAL.c.recorded_us < to_us).order_by(JOURNAL.c.seq)
    found = [KpiRow._make(row) for row in connection.execute(_standing_before(first))]
    found += [KpiRow._make(row) for row in connection.execute(rows)]
    return found


def read_calls(connection: Connection, start_us: int) -> list[KpiRow]:
    """Return the rows since a time that may tell of annunciations, in the order of the journal."""
    may_call = or_(JOURNAL.c.to_state == AlarmState.UNACK.value, JOURNAL.c.condensed.is_not(None))
    rows = select(*_COLUMNS).where(JOURNAL.c.recorded_us >= start_us, may_call).order_by(JOURNAL.c.seq)
    return [KpiRow._make(row) for row in connection.execute(rows)]


def read_journal_runs(connection: Connection, start_us: int, end_us: int) -> list[tuple[int, int]]:
    """Return, for each start of the station with rows in a time, when its first and last of them were written."""
    recorded = JOURNAL.c.recorded_us
    found = (
        select(func.min(recorded), func.max(recorded))
        .where(recorded >= start_us, recorded < end_us)
        .group_by(JOURNAL.c.epoch)
    )
    return [(first, last) for first, last in connection.execute(found)]


def _standing_before(seq: int | None) -> Select[tuple[object, ...]]:
    """Walk from alarm to alarm along the index, to the newest row of each before `seq` (None: the newest of all)."""
    name = select(func.min(JOURNAL.c.alarm).label("alarm")).where(JOURNAL.c.alarm > "")
    names = name.cte("names", recursive=True)
    following = select(func.min(JOURNAL.c.alarm)).where(JOURNAL.c.alarm > names.c.alarm).scalar_subquery()
    names = names.union_all(select(following).where(names.c.alarm.is_not(None)))
    last = select(func.max(JOURNAL.c.seq)).where(JOURNAL.c.alarm == names.c.alarm)
    if seq is not None:
        last = last.where(JOURNAL.c.seq < seq)
    wanted = select(last.scalar_subquery()).where(names.c.alarm.is_not(None))
    standing = select(*_COLUMNS).where(JOURNAL.c.seq.in_(wanted), JOURNAL.c.to_state != AlarmState.NORM.value)
    return standing.order_by(JOURNAL.c.seq)
