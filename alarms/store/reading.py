"""Reading pages of the journal, block by block, and counting what matches. Any worker.

However a question is filtered, no row is read twice and none outside the page is made into an object; blocks that can
hold nothing of it are left out (`alarms/store/blocks.py`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from alarms.journal_parts import Count, Part, Patience
from alarms.journal_query import CATEGORY_OF_EVENT, Category, JournalQuery, JournalRow, Source
from alarms.journal_words import Words
from alarms.store.blocks import SEARCHED, Block, block_of, known_block, rows_of
from alarms.store.tables import JOURNAL

_OF_ROW: Final = tuple(JOURNAL.c[name] for name in JournalRow.__slots__ if name in JOURNAL.c)
_SEQ: Final = JOURNAL.c.seq


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether rows of a block may match, and how many do if that is known."""

    may_match: bool
    rows: int | None = None


class JournalReader:
    """One question to the journal over one connection."""

    def __init__(self, connection: Connection, query: JournalQuery) -> None:
        self._connection = connection
        self._query = query
        self._words = Words(query.text)
        self._facets = _facets(query)
        self._wanted = _conditions(query)
        self._tags = [tag.casefold() for tag in query.tags]
        self._has_words = bool(query.tags) or not self._words.is_any
        self._is_any = not self._wanted and self._words.is_any
        self._outlooks: dict[int, Outlook] = {}
        self._verdicts: dict[tuple[Any, ...], bool] = {}

    def newest(self) -> int:
        """Return the number of the newest row, 0 without one."""
        return self._connection.execute(select(func.max(_SEQ))).scalar() or 0

    def before_time(self, at_us: int) -> int:
        """Return the last row that was written before a time."""
        query = select(_SEQ).where(JOURNAL.c.recorded_us < at_us).order_by(JOURNAL.c.recorded_us.desc(), _SEQ.desc())
        return self._connection.execute(query.limit(1)).scalar() or 0

    def older(self, cut: int, patience: Patience) -> Part[int]:
        """Return the newest rows up to `cut`."""
        first = self._oldest()
        blocks = range(block_of(cut), block_of(first) - 1, -1) if cut >= first else range(0)
        return self._read(blocks, (first, cut), patience)

    def newer(self, cut: int, patience: Patience) -> Part[int]:
        """Return the oldest rows after `cut`."""
        newest = self.newest()
        return self._read(range(block_of(cut + 1), block_of(max(newest, 1)) + 1), (cut + 1, newest), patience)

    def count(self, patience: Patience) -> Count:
        """Return how many rows match."""
        first, newest = self._oldest(), self.newest()
        if self._is_any:
            return Count(newest - first + 1)
        total = 0
        for number in range(block_of(newest), block_of(first) - 1, -1):
            if patience.is_over or patience.is_enough(total):
                return Count(total, is_whole=False)
            total += self._count_in(number, (first, newest))
        return Count(total)

    def _oldest(self) -> int:
        """Return the number of the oldest row, 1 without one; asked alone, it is found at once."""
        return self._connection.execute(select(func.min(_SEQ))).scalar() or 1

    def _read(self, blocks: range, within: tuple[int, int], patience: Patience) -> Part[int]:
        is_down, limit = blocks.step < 0, self._query.limit
        rows: list[JournalRow] = []
        for number in blocks:
            low, high = _inside(number, within)
            if patience.is_over and number != blocks[0]:  # each question comes on a little
                reached = high if is_down else low - 1
                return Part(tuple(rows), _cuts(rows, is_down), reached, self._time_at(reached), is_end=False)
            if self._outlook(number).may_match:
                rows += self._rows_in(low, high, limit - len(rows), is_down)
            if len(rows) >= limit:
                last = rows[-1]
                reached = last.seq - 1 if is_down else last.seq
                return Part(tuple(rows), _cuts(rows, is_down), reached, last.recorded_us, is_end=False)
        reached = 0 if is_down else within[1]
        return Part(tuple(rows), _cuts(rows, is_down), reached, 0, is_end=True)

    def _time_at(self, seq: int) -> int:
        query = select(JOURNAL.c.recorded_us).where(seq >= _SEQ).order_by(_SEQ.desc()).limit(1)
        return self._connection.execute(query).scalar() or 0

    def _outlook(self, number: int) -> Outlook:
        """Return what the contents list says of a block; it is asked once."""
        known = self._outlooks.get(number)
        if known is None:
            known = self._outlooks[number] = self._look_up(number)
        return known

    def _look_up(self, number: int) -> Outlook:
        if self._is_any:
            return Outlook(True)
        block = known_block(self._connection, number, self._has_words)
        if block is None:
            return Outlook(True)
        start, end = self._query.start_us, self._query.end_us
        if (start is not None and block.last_us < start) or (end is not None and block.first_us >= end):
            return Outlook(False, 0)
        if self._tags and not any(map(block.has_text, self._tags)):
            return Outlook(False, 0)
        if not self._words.may_be_in(block.words):
            return Outlook(False, 0)
        rows = self._passing(block)
        is_inside = (start is None or block.first_us >= start) and (end is None or block.last_us < end)
        return Outlook(rows > 0, rows if not rows or (is_inside and not self._has_words) else None)

    def _passing(self, block: Block) -> int:
        """Return how many rows of a block have the facets that are asked for."""
        verdicts, total = self._verdicts, 0
        for *facets, rows in block.combinations():
            key = tuple(facets)
            verdict = verdicts.get(key)
            if verdict is None:
                pairs = zip(self._facets, key, strict=True)
                verdict = verdicts[key] = all(is_wanted is None or is_wanted(value) for is_wanted, value in pairs)
            if verdict:
                total += rows
        return total

    def _rows_in(self, low: int, high: int, limit: int, is_down: bool) -> Iterator[JournalRow]:
        order = _SEQ.desc() if is_down else _SEQ.asc()
        if self._words.is_any:
            query = select(*_OF_ROW).where(_SEQ.between(low, high), *self._wanted).order_by(order).limit(limit)
        else:
            found = self._found_in(low, high)[:: -1 if is_down else 1][:limit]
            query = select(*_OF_ROW).where(_SEQ.in_(found)).order_by(order)
        return map(_row, self._connection.execute(query).mappings())

    def _found_in(self, low: int, high: int) -> list[int]:
        """Return the rows in which all words stand, and that match otherwise."""
        query = select(_SEQ, *SEARCHED).where(_SEQ.between(low, high), *self._wanted)
        are_in = self._words.are_in
        return [row[0] for row in self._connection.execute(query.order_by(_SEQ)) if are_in(row[1:])]

    def _count_in(self, number: int, within: tuple[int, int]) -> int:
        outlook = self._outlook(number)
        if outlook.rows is not None:
            return outlook.rows
        low, high = _inside(number, within)
        if not self._words.is_any:
            return len(self._found_in(low, high))
        query = select(func.count()).select_from(JOURNAL).where(_SEQ.between(low, high), *self._wanted)
        return self._connection.execute(query).scalar_one()


def _inside(number: int, within: tuple[int, int]) -> tuple[int, int]:
    first, last = rows_of(number)
    return max(first, within[0]), min(last, within[1])


def _cuts(rows: list[JournalRow], is_down: bool) -> tuple[int, ...]:
    return tuple(row.seq - is_down for row in rows)


def category_of(event: str) -> Category:
    """Return what an event of the journal is about."""
    return CATEGORY_OF_EVENT.get(event, Category.ALARM)


def _row(found: RowMapping) -> JournalRow:
    return JournalRow(**found, source=Source.ALARMS, category=category_of(found["event"]))


def _facets(query: JournalQuery) -> tuple[Callable[[Any], bool] | None, ...]:
    """Return, for each of `FACETS`, what tells a wanted value; None where any is."""
    events, categories = query.events, query.categories

    def is_event(event: str) -> bool:
        return (not events or event in events) and (not categories or category_of(event) in categories)

    plain = (wanted.__contains__ if wanted else None for wanted in (query.priorities, query.areas, query.kinds))
    return (is_event if events or categories else None, *plain)


def _conditions(query: JournalQuery) -> list[ColumnElement[bool]]:
    """Return what rows must fulfil beside the words; blocks are found by number, so times must not choose the way."""
    wanted: list[ColumnElement[bool]] = []
    if query.start_us is not None:
        wanted.append(JOURNAL.c.recorded_us + 0 >= query.start_us)
    if query.end_us is not None:
        wanted.append(JOURNAL.c.recorded_us + 0 < query.end_us)
    chosen = ("tag", query.tags), ("priority", query.priorities), ("event", query.events), ("area", query.areas)
    wanted += [JOURNAL.c[name].in_(sorted(values)) for name, values in chosen if values]
    if query.kinds:
        wanted.append(JOURNAL.c.kind.in_([kind.value for kind in query.kinds]))
    if query.categories:
        others = {event for event, category in CATEGORY_OF_EVENT.items() if category not in query.categories}
        if Category.ALARM in query.categories:
            wanted.append(JOURNAL.c.event.not_in(sorted(others)))
        else:
            wanted.append(JOURNAL.c.event.in_(sorted(CATEGORY_OF_EVENT.keys() - others)))
    return wanted
