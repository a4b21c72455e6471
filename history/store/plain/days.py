"""Days of the site as plain rows, from roll-up cells. Packer thread; the caller gives the transactions.

Cells of hours do where days begin with an hour UTC; where they don't, as in India, those of minutes are needed.
"""

from contextlib import suppress
from typing import Final

from sqlalchemy import Connection, delete, func, select

from history.chunks.cells import HOUR_US, MINUTE_US, Cells, coarsen
from history.chunks.segment import TAGS
from history.site_time import Day, SiteTime
from history.store.archive import one_of_each
from history.store.months import span_of
from history.store.packed import read_cells, upsert
from history.store.parts import NoPartError, Parts
from history.store.plain.hours import cell_columns
from history.store.plain.schema import DAILY, STALE_DAY

_ALL: Final = 2**62
"""A width in which all cells since 1970 are one."""
StaleDay = tuple[Day, int]


def stale_days(connection: Connection, until_us: int, limit: int) -> list[StaleDay]:
    """Return days of groups of tags that ended by `until_us` and must be worked out anew, the newest first."""
    query = select(STALE_DAY).where(STALE_DAY.c.end_us <= until_us)
    query = query.order_by(STALE_DAY.c.end_us.desc(), STALE_DAY.c.grp).limit(limit)
    return [(Day(row.date, row.start_us, row.end_us), row.grp) for row in connection.execute(query)]


def count_stale(connection: Connection, until_us: int) -> int:
    """Return how many there are."""
    query = select(func.count()).select_from(STALE_DAY).where(STALE_DAY.c.end_us <= until_us)
    return int(connection.execute(query).scalar_one())


def day_cells(parts: Parts, day: Day, group: int) -> dict[int, Cells]:
    """Return one cell for each tag of a group that has anything in a day, from packed history."""
    found: dict[int, list[Cells]] = {}
    level_us = MINUTE_US if day.start_us % HOUR_US or day.end_us % HOUR_US else HOUR_US
    for part in parts.between(day.start_us, day.end_us):
        first, last = span_of(part)
        span = max(day.start_us, first), min(day.end_us, last)
        with suppress(NoPartError), parts.reading(part) as connection:
            for tag in range(group * TAGS, group * TAGS + TAGS):
                cells = read_cells(connection, tag, level_us, *span)
                if len(cells):
                    found.setdefault(tag, []).append(cells)
    return {tag: coarsen(one_of_each(cells), _ALL) for tag, cells in found.items()}


def write_day(connection: Connection, stale: StaleDay, cells: dict[int, Cells], site: SiteTime) -> None:
    """Put a day of a group of tags in its place; it is stale no more."""
    day, group = stale
    span = {"date": day.date, "start_us": day.start_us, "end_us": day.end_us}
    span |= {"start_local": site.local(day.start_us), "end_local": site.local(day.end_us)}
    length_us = day.end_us - day.start_us
    mine = (DAILY.c.tag >= group * TAGS, DAILY.c.tag < group * TAGS + TAGS, DAILY.c.date == day.date)
    connection.execute(delete(DAILY).where(*mine))
    upsert(connection, DAILY, [{"tag": tag, **span, **cell_columns(cell, length_us)} for tag, cell in cells.items()])
    connection.execute(delete(STALE_DAY).where(STALE_DAY.c.date == day.date, STALE_DAY.c.grp == group))
