"""Reading pages of the journal, newest first. Any worker."""

from typing import Final

from sqlalchemy import ColumnElement, Connection, func, or_, select

from alarms.journal_query import JournalPage, JournalQuery, JournalRow
from alarms.store.tables import JOURNAL

_COLUMNS: Final = tuple(JOURNAL.c[name] for name in JournalRow.__slots__)
_SEARCHED: Final = tuple(JOURNAL.c[name] for name in ("alarm", "text", "area", "user", "comment"))


def read_page(connection: Connection, query: JournalQuery) -> JournalPage:
    """Return the rows of one page and the number of all that match."""
    wanted = _conditions(query)
    rows = select(*_COLUMNS).where(*wanted).order_by(JOURNAL.c.seq.desc()).limit(query.limit).offset(query.offset)
    total = connection.execute(select(func.count()).select_from(JOURNAL).where(*wanted)).scalar_one()
    return JournalPage(tuple(JournalRow(**row) for row in connection.execute(rows).mappings()), total)


def _conditions(query: JournalQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.start_us is not None:
        wanted.append(JOURNAL.c.recorded_us >= query.start_us)
    if query.end_us is not None:
        wanted.append(JOURNAL.c.recorded_us < query.end_us)
    if query.last_seq is not None:
        wanted.append(JOURNAL.c.seq <= query.last_seq)
    if query.tags:
        wanted.append(JOURNAL.c.tag.in_(sorted(query.tags)))
    if query.kinds:
        wanted.append(JOURNAL.c.kind.in_([kind.value for kind in query.kinds]))
    if query.priorities:
        wanted.append(JOURNAL.c.priority.in_(sorted(query.priorities)))
    if query.events:
        wanted.append(JOURNAL.c.event.in_(sorted(query.events)))
    if query.text:
        wanted.append(or_(*(column.icontains(query.text, autoescape=True) for column in _SEARCHED)))
    return wanted
