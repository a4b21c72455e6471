"""The rows of the audit as rows of the journal page, and where they are looked for. Any worker.

A chunk of rows is read at a time, so that a search can stop in between.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, tuple_

from alarms.journal_parts import Count, Part, Patience
from alarms.journal_query import Category, JournalQuery, JournalRow, Source
from alarms.journal_words import Words
from station.seat_note import SeatAct
from station.store.tables import AUDIT

Place = tuple[int, int]
"""Epoch and number of a row."""
CHUNK: Final = 2_000
CATEGORIES: Final = {
    "start": Category.SYSTEM,
    "stop": Category.SYSTEM,
    "damage": Category.SYSTEM,
    "gap": Category.SYSTEM,
    "history": Category.SYSTEM,
    "tags": Category.CONFIGURATION,
    "certificate": Category.CONFIGURATION,
    "alarms": Category.CONFIGURATION,
    SeatAct.OPEN: Category.ACCESS,
    SeatAct.CLOSE: Category.ACCESS,
    "log on": Category.ACCESS,
    "log off": Category.ACCESS,
    "log on refused": Category.ACCESS,
}
"""Of the kinds of rows; any other is something that a person did."""
REFUSED_ACK: Final = "acknowledge"
_FIRST: Final = (0, 0)
_PLACE: Final = tuple_(AUDIT.c.epoch, AUDIT.c.seq)
_DOWN: Final = (AUDIT.c.epoch.desc(), AUDIT.c.seq.desc())
_UP: Final = (AUDIT.c.epoch, AUDIT.c.seq)
_SEARCHED: Final = tuple(AUDIT.c[name] for name in ("tag", "title", "kind", "user", "reason", "message", "state"))


class AuditReader:
    """One question to the audit over one connection. `areas` says in which area each tag of the plant is.

    Fulfils `alarms.journal_parts.Chain`.
    """

    def __init__(self, connection: Connection, query: JournalQuery, areas: Mapping[str, str]) -> None:
        self._connection = connection
        self._limit = query.limit
        self._words = Words(query.text)
        self._areas = areas
        self._wanted = _conditions(query, areas)

    def newest(self) -> Place:
        """Return the place of the newest row."""
        return self._place(select(*_UP).order_by(*_DOWN))

    def before_time(self, at_us: int) -> Place:
        """Return the place of the last row that was written before a time."""
        return self._place(select(*_UP).where(AUDIT.c.at_us < at_us).order_by(AUDIT.c.at_us.desc(), *_DOWN))

    def older(self, cut: Place, patience: Patience) -> Part[Place]:
        """Return the newest rows up to a place."""
        return self._read(cut, patience, is_down=True)

    def newer(self, cut: Place, patience: Patience) -> Part[Place]:
        """Return the oldest rows after a place."""
        return self._read(cut, patience, is_down=False)

    def count(self, patience: Patience) -> Count:
        """Return how many rows match."""
        if self._words.is_any:
            query = select(func.count()).select_from(AUDIT).where(*self._wanted)
            return Count(self._connection.execute(query).scalar_one())
        cut, total = self.newest(), 0
        while cut != _FIRST:
            if patience.is_over or patience.is_enough(total):
                return Count(total, is_whole=False)
            low = self._chunk_end(cut, is_down=True)
            total += len(self._found(low, cut))
            cut = low
        return Count(total)

    def _read(self, cut: Place, patience: Patience, *, is_down: bool) -> Part[Place]:
        end = _FIRST if is_down else self.newest()
        rows: list[JournalRow] = []
        begun = cut
        while cut != end:
            if patience.is_over and cut != begun:
                return Part(tuple(rows), _cuts(rows, is_down), cut, self._time_at(cut), is_end=False)
            following = self._chunk_end(cut, is_down=is_down)
            found = self._found(*((following, cut) if is_down else (cut, following)))
            rows += map(self._row, found[::-1] if is_down else found)
            cut = following
            if len(rows) >= self._limit:
                rows = rows[: self._limit]
                cuts = _cuts(rows, is_down)
                return Part(tuple(rows), cuts, cuts[-1], rows[-1].recorded_us, is_end=False)
        return Part(tuple(rows), _cuts(rows, is_down), end, 0, is_end=True)

    def _chunk_end(self, cut: Place, *, is_down: bool) -> Place:
        """Return the place behind the next rows, the end of all if there are no more."""
        if is_down:
            return self._place(select(*_UP).where(cut >= _PLACE).order_by(*_DOWN).offset(CHUNK))
        last = self._place(select(*_UP).where(cut < _PLACE).order_by(*_UP).offset(CHUNK - 1))
        return self.newest() if last == _FIRST else last

    def _place(self, query: Select[int, int]) -> Place:
        row = self._connection.execute(query.limit(1)).first()
        return _FIRST if row is None else (row[0], row[1])

    def _time_at(self, cut: Place) -> int:
        query = select(AUDIT.c.at_us).where(cut >= _PLACE).order_by(*_DOWN).limit(1)
        return self._connection.execute(query).scalar() or 0

    def _found(self, low: Place, high: Place) -> list[Row[*tuple[Any, ...]]]:
        """Return the rows after `low`, up to `high`, that match."""
        query = select(AUDIT).where(low < _PLACE, high >= _PLACE, *self._wanted).order_by(*_UP)
        rows = self._connection.execute(query).all()
        if self._words.is_any:
            return list(rows)
        return [row for row in rows if self._words.are_in(row._mapping[column] for column in _SEARCHED)]

    def _row(self, found: Row[*tuple[Any, ...]]) -> JournalRow:
        is_alarm = found.kind == REFUSED_ACK
        return JournalRow(
            seq=found.seq,
            epoch=found.epoch,
            at_us=found.at_us,
            recorded_us=found.at_us,
            event=found.kind,
            alarm=found.tag if is_alarm else "",
            tag=found.tag,
            kind="",
            priority=0,
            from_state="",
            to_state="",
            occurrence=0,
            value=found.value_new,
            value_old=found.value_old,
            readback=found.readback,
            limit=None,
            unit=found.unit,
            quality=0,
            text=found.message,
            title=found.title,
            state=found.state,
            area=self._areas.get(found.tag, ""),
            user=found.user,
            seat=found.seat,
            roles=found.roles,
            comment=found.reason,
            hash=found.hash,
            source=Source.AUDIT,
            category=category_of_kind(found.kind),
        )


def category_of_kind(kind: str) -> Category:
    """Return what a kind of rows is about."""
    return CATEGORIES.get(kind, Category.OPERATOR)


def _cuts(rows: list[JournalRow], is_down: bool) -> tuple[Place, ...]:
    return tuple((row.epoch, row.seq - is_down) for row in rows)


def _conditions(query: JournalQuery, areas: Mapping[str, str]) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.start_us is not None:
        wanted.append(AUDIT.c.at_us + 0 >= query.start_us)
    if query.end_us is not None:
        wanted.append(AUDIT.c.at_us + 0 < query.end_us)
    if query.kinds or (query.priorities and 0 not in query.priorities):
        wanted.append(AUDIT.c.seq < 0)
    if query.tags:
        wanted.append(AUDIT.c.tag.in_(sorted(query.tags)))
    if query.areas:
        wanted.append(AUDIT.c.tag.in_(sorted(tag for tag, area in areas.items() if area in query.areas)))
    if query.events:
        wanted.append(AUDIT.c.kind.in_(sorted(query.events)))
    if query.categories:
        others = sorted(kind for kind, category in CATEGORIES.items() if category not in query.categories)
        if Category.OPERATOR in query.categories:
            wanted.append(AUDIT.c.kind.not_in(others))
        else:
            wanted.append(AUDIT.c.kind.in_(sorted(CATEGORIES.keys() - set(others))))
    return wanted
