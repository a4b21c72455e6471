"""All that a plant has kept, for reading only: files beside a running station, a server, or both. Main thread.

The tags are those of `hist_tag`, also those that the plant doesn't have any more.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, Engine, func, select

from database.engine import open_read_only
from database.errors import DatabaseError, clear_errors
from history.columns import Columns, concatenate
from history.store.archive import Archive
from history.store.frames import FILE_NAME
from history.store.joined import JoinedArchive
from history.store.months import Months
from history.store.partitions import Partitions
from history.store.parts import NoPartError, Parts
from history.store.place import Alias, Place
from history.store.served import Served
from history.store.server import Server
from history.store.tables import CHUNK, FRAME, SEGMENT, TAG
from history.store.unpacked import HOUR_US, read_unpacked
from plant_models.clock import Clock


@dataclass(frozen=True, slots=True)
class _FilePlace(Place):
    ids: tuple[int, ...]

    def alias(self, connection: Connection, source: int) -> Alias:  # noqa: ARG002 - the file has one source
        return Alias(None, np.array(sorted(self.ids), np.int64))


class _Files:
    """The newest samples in `history.sqlite`."""

    def __init__(self, place: _FilePlace, ids: dict[str, int], names: Sequence[str]) -> None:
        self._place, self._ids = place, [ids.get(name) for name in names]

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
        self._kept: tuple[str, Engine] | None = None

    @contextmanager
    def reading(self, part: str) -> Iterator[Connection]:
        """Give a snapshot of a part; the last one stays open."""
        path = self._path(part)
        if self._kept is None or self._kept[0] != part:
            if not path.exists():
                raise NoPartError("{file} was removed", file=path)
            self._kept = (part, open_read_only(path, is_large=True))
        with clear_errors(path), self._kept[1].connect() as connection:
            yield connection


@dataclass(frozen=True, slots=True)
class Kept:
    """`archive` reads rows of `names`; nothing was recorded outside [start_us, end_us)."""

    names: tuple[str, ...]
    archive: Archive
    start_us: int
    end_us: int


@contextmanager
def opened(folder: Path, address: str, clock: Clock) -> Iterator[Kept]:
    """Give what there is in a data folder, and on the server at an address unless that is empty.

    Raises:
        DatabaseError: it can't be read.
    """
    server = Server(address, clock, _never) if address else None
    path = folder / FILE_NAME
    engine = open_read_only(path, is_large=True) if server is None or path.exists() else None
    try:
        yield _kept(folder, engine, server)
    finally:
        if server is not None:
            server.close()
        if engine is not None:
            engine.dispose()


def _kept(folder: Path, engine: Engine | None, server: Server | None) -> Kept:
    near: tuple[Place, dict[str, int]] | None = None
    names, spans = set[str](), list[tuple[int, int]]()
    if engine is not None:
        plain = Place(engine, folder / FILE_NAME)
        near = plain, _tags(plain)
        names |= near[1].keys()
        spans += [*_span(plain), *_parts_span(ReadOnlyMonths(folder))]
    if server is not None:
        names |= _tags(server.place()).keys()
        spans += [*_span(server.place()), *_parts_span(Partitions(server))]
    ordered = tuple(sorted(names))
    archives = []
    if near is not None and engine is not None:
        place = _FilePlace(engine, folder / FILE_NAME, tuple(near[1].values()))
        archives.append(Archive(_Files(place, near[1], ordered), ReadOnlyMonths(folder)))
    if server is not None:
        archives.append(Archive(Served(server, ordered, lambda: False), Partitions(server)))
    archive = archives[0] if len(archives) == 1 else JoinedArchive(archives[0], archives[1])
    start, end = min((first for first, _ in spans), default=0), max((last for _, last in spans), default=0)
    return Kept(ordered, archive, start, end)


def _tags(place: Place) -> dict[str, int]:
    with place.reading() as connection:
        return {name: number for number, name in connection.execute(select(TAG.c.id, TAG.c.name))}


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


def _never(connection: Connection) -> None:
    raise DatabaseError("{file} is only read", file=connection.engine.url.render_as_string())
