"""A plant's history moves from its files to a server: packed hours, their cells, and minutes. Main thread.

The caller holds the lock of the data folder. A step takes a few tags of a month in one transaction, and leaves alone
what the server has already, so a move that was cut short is simply done again. Files aren't changed before `remove`.
Frames aren't touched: the station sends them itself, each once, when it next runs with the server.

Where the server has an hour of the same tag with other samples (another station recorded it), ours are added to it as
minutes, for the packer to merge.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Engine, delete, func, insert, select, text

from database.engine import open_database
from database.migrate import HISTORY
from history.chunks.chunk import read_chunk
from history.chunks.envelope import Kind, with_tag
from history.chunks.errors import CorruptBlobError
from history.chunks.samples import Block, Samples
from history.chunks.segment import TAGS, read_segment
from history.exchange.copying import copy_rows, digest
from history.exchange.kept import ReadOnlyMonths
from history.store.frames import FILE_NAME
from history.store.months import Months, span_of
from history.store.packed import upsert
from history.store.partitions import Partitions
from history.store.parts import keeping_in
from history.store.place import Place
from history.store.server import Server
from history.store.tables import CHUNK, ROLLUP, SEGMENT, STALE, TAG
from plant_models.clock import SystemClock
from plant_models.message import message

STEP: Final = 8
"""Tags of a step: some 15 MB of a month."""
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Moved:
    """Hours and minutes that the server has now, and what of the files it can't have."""

    hours: int = 0
    minutes: int = 0
    troubles: list[str] = field(default_factory=list)


class Move:
    """Of the files of a folder to a server; see `opened`."""

    def __init__(self, folder: Path, engine: Engine, server: Server) -> None:
        self._folder, self._server = folder, server
        self._file = Place(engine, folder / FILE_NAME)
        self._months, self._parts = ReadOnlyMonths(folder), Partitions(server)
        self._segment_ids: list[int] = []

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, address: str) -> Iterator["Move"]:
        """Give a move; both ends are released afterwards.

        Raises:
            DatabaseError: one of them can't be used.
        """
        with ExitStack() as stack:
            engine = open_database(folder / FILE_NAME, HISTORY)
            stack.callback(engine.dispose)
            server = Server(address, SystemClock(), _wait_for_the_writer)
            stack.callback(server.close)
            yield cls(folder, engine, server)

    def run(self, progress: Progress) -> Moved:
        """Move all, look at it again, and return what came of it.

        Raises:
            DatabaseError: it can't go on; what was moved is whole.
        """
        moved, ids = Moved(), self._ids()
        steps = [(part, tags) for part in self._months.between(0, 2**62) for tags in _steps(self._tags_in(part))]
        for number, (part, tags) in enumerate(steps, 1):
            self._move(part, {tag: ids[tag] for tag in tags if tag in ids}, moved)
            progress(number, len(steps))
        self._move_minutes(ids, moved)
        for part, tags in steps:
            self._verify(part, {tag: ids[tag] for tag in tags if tag in ids}, moved)
        return moved

    def remove(self) -> None:
        """Remove the months that the server has, and the minutes. Only after a `run` without troubles."""
        months = Months(self._folder)
        for part in self._months.between(0, 2**62):
            months.drop(part)
        months.close()
        with self._file.writing() as connection:
            connection.execute(delete(SEGMENT).where(SEGMENT.c.id.in_(self._segment_ids)))
            connection.execute(delete(STALE))

    def _ids(self) -> dict[int, int]:
        """Return the id on the server for each id of the files; a name that it doesn't know gets one."""
        with self._file.reading() as connection:
            names = {tag: name for tag, name in connection.execute(select(TAG.c.id, TAG.c.name))}
        with self._server.place().writing() as connection:
            connection.execute(text("LOCK TABLE hist_tag IN SHARE ROW EXCLUSIVE MODE"))
            known = {name: tag for tag, name in connection.execute(select(TAG.c.id, TAG.c.name))}
            new = [{"name": name} for name in names.values() if name not in known]
            if new:
                connection.execute(insert(TAG), new)
                known = {name: tag for tag, name in connection.execute(select(TAG.c.id, TAG.c.name))}
        return {tag: known[name] for tag, name in names.items()}

    def _tags_in(self, part: str) -> list[int]:
        with self._months.reading(part) as connection:
            found = set(connection.execute(select(CHUNK.c.tag).distinct()).scalars())
            return sorted(found | set(connection.execute(select(ROLLUP.c.tag).distinct()).scalars()))

    def _move(self, part: str, ids: dict[int, int], moved: Moved) -> None:
        hours, rollups = self._rows(part, CHUNK, ids, moved), self._rows(part, ROLLUP, ids, moved)
        at_us = max(span_of(part)[0], 0)
        with self._parts.writing(at_us, keeping_in(part)) as connection:
            there = _digests(connection, list(ids.values()), span_of(part))
            fresh = [row for row in hours if (row["tag"], row["t0_us"]) not in there]
            copy_rows(connection, CHUNK, fresh)
            for row in hours:
                if there.get((row["tag"], row["t0_us"]), "") not in ("", digest(row["body"])):
                    _add_as_minutes(connection, row)
            _write_rollups(connection, rollups, list(ids.values()), span_of(part))
        moved.hours += len(hours)

    def _rows(self, part: str, table: Any, ids: dict[int, int], moved: Moved) -> list[dict[str, Any]]:
        """Return the rows of some tags as the server shall have them; of damaged ones that they can't be moved."""
        kind, rows = Kind.CHUNK if table is CHUNK else Kind.ROLLUP, []
        with self._months.reading(part) as connection:
            for row in connection.execute(select(table).where(table.c.tag.in_(list(ids)))).mappings():
                tag = ids[row["tag"]]
                try:
                    rows.append({**row, "tag": tag, "body": with_tag(kind, row["body"], tag)})
                except CorruptBlobError as error:
                    what = message(
                        "{part}: tag {tag} at {at} µs can't be read: {cause}",
                        part=part, tag=row["tag"], at=row["t0_us"], cause=str(error),
                    )  # fmt: skip
                    if what not in moved.troubles:
                        moved.troubles.append(what)
        return rows

    def _move_minutes(self, ids: dict[int, int], moved: Moved) -> None:
        with self._file.reading() as connection:
            numbers = list(connection.execute(select(SEGMENT.c.id).order_by(SEGMENT.c.id)).scalars())
            stale = connection.execute(select(STALE.c.hour_us, STALE.c.grp)).all()
        for number in numbers:
            with self._file.reading() as connection:
                body = connection.execute(select(SEGMENT.c.body).where(SEGMENT.c.id == number)).scalar_one()
            try:
                block = read_segment(body)
            except CorruptBlobError as error:
                moved.troubles.append(message("minute {id} can't be read: {cause}", id=number, cause=str(error)))
                continue
            tags = np.array([ids[tag] for tag in block.tags.tolist()], np.int64)
            with self._server.place().writing() as connection:
                _add_segments(connection, Block(tags, block.samples))
            self._segment_ids.append(number)
            moved.minutes += 1
        groups = {(hour, ids[tag] // TAGS) for hour, group in stale for tag in ids if tag // TAGS == group}
        with self._server.place().writing() as connection:
            upsert(connection, STALE, [{"hour_us": hour, "grp": group} for hour, group in sorted(groups)])

    def _verify(self, part: str, ids: dict[int, int], moved: Moved) -> None:
        """Look whether the server has every hour as it is here, or every sample of it at least."""
        rows = self._rows(part, CHUNK, ids, moved)
        with self._parts.reading(part) as connection:
            there = _digests(connection, list(ids.values()), span_of(part))
            for row in rows:
                found = there.get((row["tag"], row["t0_us"]))
                if found != digest(row["body"]) and len(_missing(connection, row)):
                    moved.troubles.append(
                        message("{part}: the server lacks samples of {tag} at {at} µs",
                                part=part, tag=row["tag"], at=row["t0_us"])
                    )  # fmt: skip


def _wait_for_the_writer(connection: Connection) -> None:
    """Every transaction of a station that writes on the server begins with this row, so none does meanwhile."""
    connection.execute(text("SELECT epoch FROM hist_recorder WHERE id = 1 FOR UPDATE"))


def _steps(tags: Sequence[int]) -> Iterator[Sequence[int]]:
    return (tags[at : at + STEP] for at in range(0, len(tags), STEP))


def _digests(connection: Connection, tags: list[int], span: tuple[int, int]) -> dict[tuple[int, int], str]:
    query = select(CHUNK.c.tag, CHUNK.c.t0_us, func.md5(CHUNK.c.body)).where(CHUNK.c.tag.in_(tags))
    query = query.where(CHUNK.c.t0_us >= span[0], CHUNK.c.t0_us < span[1])
    return {(tag, t0_us): found for tag, t0_us, found in connection.execute(query)}


def _missing(connection: Connection, row: dict[str, Any]) -> Samples:
    """Return the samples of an hour at whose times the server has none."""
    tag, t0_us = row["tag"], row["t0_us"]
    times = [np.empty(0, np.int64)]
    bodies = select(CHUNK.c.body).where(CHUNK.c.tag == tag, CHUNK.c.t0_us == t0_us)
    times += [read_chunk(body, tag).samples.times_us for body in connection.execute(bodies).scalars()]
    minutes = select(SEGMENT.c.body).where(SEGMENT.c.hour_us == t0_us, SEGMENT.c.grp == tag // TAGS)
    unscoped = connection.execution_options(schema_translate_map=None)
    times += [read_segment(body, [tag]).samples.times_us for body in unscoped.execute(minutes).scalars()]
    mine = read_chunk(row["body"], tag).samples
    return mine.take(~np.isin(mine.times_us, np.concatenate(times)))
