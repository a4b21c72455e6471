"""Roll-up rows that can't be read, worked out anew from the hours that they stand for. Packer thread.

They are derived, so nothing of a broken one is kept.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

import structlog
from sqlalchemy import Connection, delete, select

from history.chunks.cells import HOUR_US, MINUTE_US, Cells, Rule, make_cells
from history.chunks.chunk import Chunk
from history.chunks.errors import CorruptBlobError
from history.chunks.rollup import read_rollup
from history.chunks.samples import Samples, merge
from history.store.months import month_of
from history.store.packed import read_headers, read_hours, rollup_row, upsert
from history.store.parts import NoPartError, Parts, UnreadablePartError
from history.store.tables import ROLLUP

_log: Final = structlog.get_logger()


class Mender:
    """Mends rows of a month within the transaction of the caller. `rule_of` says how a tag (by id) is integrated."""

    def __init__(self, parts: Parts, rule_of: Callable[[int], Rule]) -> None:
        self._parts = parts
        self._rule_of = rule_of

    def mend(self, connection: Connection, tags: Sequence[int], start_us: int, end_us: int) -> None:
        """Work out anew the rows of some tags that touch [start, end) and can't be read."""
        query = select(ROLLUP).where(ROLLUP.c.tag.in_(list(tags)), ROLLUP.c.t0_us < end_us, ROLLUP.c.t1_us > start_us)
        for row in connection.execute(query).all():
            try:
                read_rollup(row.body, row.tag)
            except CorruptBlobError as error:
                self.renew(connection, row, str(error))

    def renew(self, connection: Connection, row: Any, reason: str) -> None:
        """Put a row in the place of a broken one of the table of roll-ups; nothing if no hour of it can be read."""
        minutes = row.level_us == MINUTE_US
        cells = self._minutes(connection, row) if minutes else read_headers(connection, row.tag, row.t0_us, row.t1_us)
        mine = (ROLLUP.c.tag == row.tag, ROLLUP.c.level_us == row.level_us, ROLLUP.c.t0_us == row.t0_us)
        connection.execute(delete(ROLLUP).where(*mine))
        if len(cells):
            upsert(connection, ROLLUP, [rollup_row(row.tag, row.level_us, (row.t0_us, row.t1_us), cells)])
        _log.warning("history: a roll-up was worked out anew", tag=row.tag, t0_us=row.t0_us, reason=reason)

    def _minutes(self, connection: Connection, row: Any) -> Cells:
        month, start_us, end_us = month_of(row.t0_us), row.t0_us - HOUR_US, row.t1_us + HOUR_US
        parts = [*self._beside(row.tag, start_us, month), *_hours(connection, row.tag, start_us, end_us)]
        samples = merge([*parts, *self._beside(row.tag, row.t1_us, month)])  # a server's table has all months
        return make_cells(samples, self._rule_of(row.tag), MINUTE_US, row.t0_us, row.t1_us)

    def _beside(self, tag: int, hour_us: int, month: str) -> list[Samples]:
        """Return the samples of an hour in another month."""
        if month_of(hour_us) == month:
            return []
        found: list[Samples] = []
        for part in self._parts.between(hour_us, hour_us + 1):
            with suppress(NoPartError, UnreadablePartError), self._parts.reading(part) as connection:
                found += _hours(connection, tag, hour_us, hour_us + HOUR_US)
        return found


def _hours(connection: Connection, tag: int, start_us: int, end_us: int) -> Iterator[Samples]:
    for hour in read_hours(connection, tag, start_us + HOUR_US - 1, end_us):
        if isinstance(hour, Chunk):
            yield hour.samples
