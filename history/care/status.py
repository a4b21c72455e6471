"""What there is of history: files, spans, counts. Reads only, beside a running station or without one. Any thread."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, inspect, select, text

from database.engine import open_read_only
from database.errors import DatabaseError, clear_errors
from database.server import make_server_engine, server_name
from history.care.backup_note import read_note
from history.chunks.cells import HOUR_US
from history.health import BackupNote
from history.store.part_files import NEWEST, Part, damaged_in, parts_in, size_of
from history.store.tables import CHUNK, FRAME, QUARANTINE, SEGMENT, TAG
from plant_models.message import words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStatus:
    """A file: the month and keeping class of its packed hours, both "" for the file of the newest samples.

    `hours` are packed hours of a tag; `frames` and `minutes` wait to be packed. Samples lie in [oldest, newest]
    (µs UTC), to the hour if they are packed. `error` says why the file can't be read.
    """

    file: str
    month: str = ""
    keeping: str = ""
    size_bytes: int = 0
    error: str = ""
    tags: int = 0
    samples: int = 0
    oldest_us: int | None = None
    newest_us: int | None = None
    hours: int = 0
    frames: int = 0
    minutes: int = 0
    quarantined: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderStatus:
    """A data folder. `put_aside` are damaged files that were renamed."""

    folder: str
    newest: FileStatus
    parts: tuple[FileStatus, ...] = ()
    put_aside: tuple[str, ...] = ()
    backup: BackupNote | None = None
    server: FileStatus | None = None
    """What a server has, by its address without a password; None if history stands in files alone."""

    @property
    def size_bytes(self) -> int:
        """What all of it takes on the disk, without files that were put aside."""
        return self.newest.size_bytes + sum(part.size_bytes for part in self.parts)

    @property
    def span_us(self) -> tuple[int, int] | None:
        """The oldest sample, or the hour it is in, and the newest; None without any."""
        files = (self.newest, *self.parts, *((self.server,) if self.server else ()))
        oldest = [each.oldest_us for each in files if each.oldest_us is not None]
        newest = [each.newest_us for each in files if each.newest_us is not None]
        return (min(oldest), max(newest)) if oldest else None


@dataclass(slots=True)
class _Sums:
    """What several tables come to."""

    samples: int = 0
    times: list[int] = field(default_factory=list)

    def add(self, connection: Connection, table: Table) -> int:
        """Add a table of frames or minutes; return how many rows it has."""
        query = select(func.count(), func.sum(table.c.n), func.min(table.c.t0_us), func.max(table.c.t1_us))
        rows, samples, oldest, newest = connection.execute(query.select_from(table)).one()
        self.samples += int(samples or 0)
        self.times += [oldest, newest] if rows else []
        return int(rows)


def folder_status(data: Path, server: str = "") -> FolderStatus:
    """Return what a data folder has, and the server at an address. What can't be read says so; nothing is raised."""
    return FolderStatus(
        folder=str(data),
        newest=_file(data / NEWEST, _newest_numbers, None),
        parts=tuple(_file(data / part.name, _part_numbers, part) for part in parts_in(data)),
        put_aside=tuple(path.name for path in damaged_in(data)),
        backup=read_note(data),
        server=_server(server) if server else None,
    )


def _file(path: Path, numbers: Callable[[Connection], dict[str, Any]], part: Part | None) -> FileStatus:
    found: dict[str, Any] = {"file": path.name, "size_bytes": size_of(path)}
    if part is not None:
        found |= {"month": part.month, "keeping": part.keeping}
    try:
        return FileStatus(**found, **_read(path, numbers))
    except DatabaseError as error:
        return FileStatus(**found, error=words_of(error))


def _server(address: str) -> FileStatus:
    engine, name = make_server_engine(address), server_name(address)
    try:
        with clear_errors(name), engine.connect() as connection:
            size_bytes = int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
            found, packed = _newest_numbers(connection), _part_numbers(connection)
            samples = found["samples"] + packed["samples"]
            oldest = [each["oldest_us"] for each in (found, packed) if "oldest_us" in each]
            newest = [each["newest_us"] for each in (found, packed) if "newest_us" in each]
            ends = {"oldest_us": min(oldest), "newest_us": max(newest)} if oldest else {}
            tags = found["tags"]
            return FileStatus(
                file=name, size_bytes=size_bytes, **{**found, **packed, **ends, "samples": samples, "tags": tags}
            )
    except DatabaseError as error:
        return FileStatus(file=name, error=words_of(error))
    finally:
        engine.dispose()


def _read(path: Path, numbers: Callable[[Connection], dict[str, Any]]) -> dict[str, Any]:
    engine = open_read_only(path, is_large=True)
    try:
        with clear_errors(path), engine.connect() as connection:
            return numbers(connection)
    finally:
        engine.dispose()


def _newest_numbers(connection: Connection) -> dict[str, Any]:
    sums, has_table = _Sums(), inspect(connection).has_table
    counts = {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one() if has_table(table.name) else 0
        for name, table in (("tags", TAG), ("quarantined", QUARANTINE))
    }
    counts["frames"] = sums.add(connection, FRAME)
    counts["minutes"] = sums.add(connection, SEGMENT) if has_table(SEGMENT.name) else 0
    ends = {"oldest_us": min(sums.times), "newest_us": max(sums.times)} if sums.times else {}
    return {**counts, "samples": sums.samples, **ends}


def _part_numbers(connection: Connection) -> dict[str, Any]:
    columns = func.count(), func.count(CHUNK.c.tag.distinct()), func.sum(CHUNK.c.n)
    query = select(*columns, func.min(CHUNK.c.t0_us), func.max(CHUNK.c.t0_us)).select_from(CHUNK)
    rows, tags, samples, oldest, newest = connection.execute(query).one()
    ends = {"oldest_us": oldest, "newest_us": newest + HOUR_US} if rows else {}
    return {"hours": rows, "tags": tags, "samples": int(samples or 0), **ends}
