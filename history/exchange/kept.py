"""All that a plant has kept, for reading only: files beside a running station, a server, or both. Main thread.

The series are those of `hist_tag`, also those of tags that the plant doesn't have any more.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from sqlalchemy import Connection, Engine, func, select

from database.engine import open_read_only
from database.errors import DatabaseError, clear_errors
from database.migrate import HISTORY, newest_revision, present_revisions
from history.columns import Columns, concatenate
from history.store.archive import Archive, Newest
from history.store.joined import JoinedArchive
from history.store.months import Months
from history.store.part_files import NEWEST
from history.store.partitions import Partitions
from history.store.parts import NoPartError, Parts
from history.store.place import Alias, Place
from history.store.series import Series
from history.store.served import Served
from history.store.server import Server
from history.store.tables import CHUNK, FRAME, SEGMENT, TAG
from history.store.unpacked import HOUR_US, read_unpacked
from plant_models.clock import Clock

OPEN: Final = 4
"""Months that stay open: those of a few keeping classes."""
Ids = dict[Series, int]


@dataclass(frozen=True, slots=True)
class _FilePlace(Place):
    ids: tuple[int, ...]

    def alias(self, connection: Connection, source: int) -> Alias:  # noqa: ARG002 - the file has one source
        return Alias(None, np.array(sorted(self.ids), np.int64))


class _Files:
    """The newest samples in `history.sqlite`."""

    def __init__(self, place: _FilePlace, ids: Ids, series: Sequence[Series]) -> None:
        self._place, self._ids = place, [ids.get(each) for each in series]

    def tags_of(self, rows: Sequence[int]) -> list[tuple[int, int]]:
        return [(row, tag) for row in rows if (tag := self._ids[row]) is not None]

    def read(self, rows: Sequence[int], start_us: int, end_us: int, until_seq: int) -> Columns:  # noqa: ARG002
        of_tag = {tag: row for row, tag in self.tags_of(rows)}
        wanted = np.array(sorted(of_tag), np.int64)
        if not len(wanted):
            return concatenate([])
        with self._place.reading() as connection:
            found, broken = read_unpacked(connection, self._place, wanted, (start_us, end_us))
        for each in broken:
            each.tell()
        of_row = np.array([of_tag[tag] for tag in wanted.tolist()], np.int64)
        return found.with_ids(of_row[np.searchsorted(wanted, found.ids)])


class ReadOnlyMonths(Months):
    """The files of the months, never changed: a closed month keeps the schema that it was written with."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._readable: OrderedDict[str, Engine] = OrderedDict()

    @contextmanager
    def reading(self, part: str) -> Iterator[Connection]:
        """Give a snapshot of a part.

        Raises:
            NoPartError: it was removed since.
            DatabaseError: it can't be read.
        """
        path = self._path(part)
        if part not in self._readable:
            if not path.exists():
                raise NoPartError("{file} was removed", file=path)
            self._readable[part] = open_read_only(path, is_large=True)
        self._readable.move_to_end(part)
        while len(self._readable) > OPEN:
            self._readable.popitem(last=False)[1].dispose()
        with clear_errors(path), self._readable[part].connect() as connection:
            yield connection

    def close(self) -> None:
        """Release all files."""
        while self._readable:
            self._readable.popitem()[1].dispose()


@dataclass(frozen=True, slots=True)
class Kept:
    """Archives that read rows of `series`; nothing was recorded outside [start_us, end_us).

    `measured` leaves out rows that stand for samples that were left out when an hour was thinned.
    """

    series: tuple[Series, ...]
    archive: Archive
    measured: Archive
    start_us: int
    end_us: int

    @property
    def names(self) -> list[str]:
        """The name of each row; two series may have the same."""
        return [each.name for each in self.series]


@dataclass(frozen=True, slots=True)
class _End:
    """Files or a server: `newest` gives what isn't packed there of some series."""

    place: Place
    parts: Parts
    ids: Ids
    newest: Callable[[Sequence[Series]], Newest]

    def archive(self, series: Sequence[Series], *, is_measured_only: bool) -> Archive:
        return Archive(self.newest(series), self.parts, is_measured_only=is_measured_only)


@contextmanager
def opened(folder: Path, address: str, clock: Clock) -> Iterator[Kept]:
    """Give what there is in a data folder, and on the server at an address unless that is empty.

    Raises:
        DatabaseError: it can't be read.
    """
    with ExitStack() as stack:
        ends = [_files(stack, folder)] if not address or (folder / NEWEST).exists() else []
        if address:
            ends.append(_server(stack, address, clock))
        series = tuple(sorted({each for end in ends for each in end.ids}, key=lambda each: each.key))
        spans = [span for end in ends for span in (*_span(end.place), *_parts_span(end.parts))]
        start, end_us = min((first for first, _ in spans), default=0), max((last for _, last in spans), default=0)
        archive, measured = (
            _joined([end.archive(series, is_measured_only=is_measured) for end in ends])
            for is_measured in (False, True)
        )
        yield Kept(series, archive, measured, start, end_us)


def _joined(archives: list[Archive]) -> Archive:
    return archives[0] if len(archives) == 1 else JoinedArchive(archives[0], archives[1])


def _files(stack: ExitStack, folder: Path) -> _End:
    path = folder / NEWEST
    engine, months = open_read_only(path, is_large=True), ReadOnlyMonths(folder)
    stack.callback(engine.dispose)
    stack.callback(months.close)
    _check_newest(engine, path)
    ids = _ids(Place(engine, path))
    place = _FilePlace(engine, path, tuple(ids.values()))
    return _End(place, months, ids, lambda series: _Files(place, ids, series))


def _check_newest(engine: Engine, path: Path) -> None:
    with clear_errors(path), engine.connect() as connection:
        if present_revisions(connection) != [newest_revision(HISTORY)]:
            raise DatabaseError("{file} is of another version; main.py history migrate brings it up", file=path)


def _server(stack: ExitStack, address: str, clock: Clock) -> _End:
    server = Server(address, clock, _Reader().fence)
    stack.callback(server.close)
    place = server.place()
    return _End(place, Partitions(server), _ids(place), lambda series: Served(server, series, _Reader()))


def _ids(place: Place) -> Ids:
    with place.reading() as connection:
        found = connection.execute(select(TAG.c.id, TAG.c.name, TAG.c.kind))
        return {Series(name, kind): number for number, name, kind in found}


def _span(place: Place) -> list[tuple[int, int]]:
    found = []
    with place.reading() as connection:
        for table in (FRAME, SEGMENT):
            first, last = connection.execute(select(func.min(table.c.t0_us), func.max(table.c.t1_us))).one()
            if first is not None:
                found.append((first, last + 1))
    return found


def _parts_span(parts: Parts) -> list[tuple[int, int]]:
    """Return from when to when something is packed; only the first and the last part are looked into."""
    found = parts.between(0, 2**62)
    spans = []
    for part in dict.fromkeys((*found[:1], *found[-1:])):
        with parts.reading(part) as connection:
            first, last = connection.execute(select(func.min(CHUNK.c.t0_us), func.max(CHUNK.c.t0_us))).one()
        if first is not None:
            spans.append((first, last + HOUR_US))
    return spans


class _Reader:
    """Never writes."""

    is_writer = False

    def fence(self, connection: Connection) -> None:
        """Refuse to write."""
        raise DatabaseError("{file} is only read", file=connection.engine.url.render_as_string())
