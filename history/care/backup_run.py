"""Taking one file after another into a backup: copied, read back, and named if it is damaged. Main thread of a command.

What an earlier backup in the same folder has of a file that is damaged or gone is never given up for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, inspect, select

from database.copy import TargetError, copy_database
from database.engine import open_read_only
from database.errors import DatabaseError, clear_errors
from database.migrate import present_revisions
from database.server import make_server_engine, server_name
from history.care.digest import copy_file, digest_of
from history.care.manifest import Kept, Manifest
from history.care.server_dump import dump_server, is_of_server
from history.care.verify import Progress, Tell, verify_file
from history.chunks.cells import HOUR_US
from history.store.part_files import part_of
from history.store.tables import CHUNK, TAG
from plant_models.message import message, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be backed up, and where to.

    `keep_days` says which months may be gone. `check` looks into the folder of a run for what history doesn't know of,
    and returns faults by file. `tell` hears of progress. `server` is the address of one, if there is one.
    """

    data: Path
    folder: Path
    keep_days: Mapping[str, int | None]
    check: Callable[[Path], Mapping[str, str]]
    tell: Tell
    server: str = ""


@dataclass(slots=True)
class Run:
    """One making of a backup: its name, the backup that the folder has, and what it has taken so far."""

    wish: Wish
    name: str
    before: Manifest | None
    files: list[Kept] = field(default_factory=list)
    older: list[Kept] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    read_again: set[Kept] = field(default_factory=set)
    progress: Progress = field(default_factory=Progress)

    @property
    def path(self) -> Path:
        """The folder of this run."""
        return self.wish.folder / self.name

    def take_plain(self, name: str) -> None:
        """Copy a file that isn't a database.

        Raises:
            OSError: it can't be copied.
        """
        sha256 = copy_file(self.wish.data / name, self.path / name)
        self.files.append(self._kept(name, {}, (), sha256))

    def take(self, name: str) -> None:
        """Copy a database and read the copy back, or keep the copy of a month that hasn't changed.

        Raises:
            TargetError: the copy can't be written.
            OSError: likewise.
        """
        source, target = self.wish.data / name, self.path / name
        mark, before = _mark(source), self.copy_before(name)
        if before is not None and part_of(name) and before.mark == mark and self.is_whole(before):
            self.files.append(before)
            return
        try:
            copy_database(source, target)
            faults = list(verify_file(target, {}, self.progress, self.wish.tell))
            damage = next((fault.reason for fault in faults if fault.t0_us is None), "")
            facts = {} if damage else _facts(target)
        except TargetError:
            raise
        except DatabaseError as error:
            faults, damage, facts = [], words_of(error), {}
        if damage:
            target.unlink(missing_ok=True)
            self.keep_before(name, message("it is damaged: {why}", why=damage))
            return
        if faults:
            self.faults[name] = message("{count} blobs can't be read: {why}", count=len(faults), why=faults[0].what)
        taken = self._kept(name, facts, mark, digest_of(target))
        self.files.append(taken)
        if before is not None and before.rows > taken.rows and self.is_whole(before):
            self.older.append(before)
            self.faults[name] = message("it has less in it than its copy of {run}, which is kept", run=before.run)

    def take_server(self) -> None:
        """Write the tables of the server into files and read those; what there is of it is kept if it can't be read.

        Raises:
            TargetError: a file can't be written.
        """
        engine, where = make_server_engine(self.wish.server), server_name(self.wish.server)
        try:
            names = dump_server(engine, where, self.path, self.wish.tell)
        except TargetError:
            raise
        except DatabaseError as error:
            self.faults[where] = words_of(error)
            for name in self.server_files_before():
                (self.path / name).unlink(missing_ok=True)
                self.keep_before(name, message("the server couldn't be read"))
            return
        finally:
            engine.dispose()
        for name in names:
            found = list(verify_file(self.path / name, {}, self.progress, self.wish.tell))
            if found:
                count, why = len(found), f"{found[0].what}: {found[0].reason}"
                self.faults[name] = message("{count} blobs can't be read: {why}", count=count, why=why)
            self.files.append(self._kept(name, _facts(self.path / name), (), digest_of(self.path / name)))

    def server_files_before(self) -> list[str]:
        """Return the names of files that the backup before has of a server."""
        return [kept.name for kept in self.before.files if is_of_server(kept.name)] if self.before else []

    def keep_before(self, name: str, reason: str) -> None:
        """Note what is wrong with a file, and keep the copy of it that there is."""
        before = self.copy_before(name)
        if before is not None and self.is_whole(before):
            self.files.append(before)
            reason = message("{why}; its copy of {run} is kept", why=reason, run=before.run)
        self.faults[name] = reason

    def copy_before(self, name: str) -> Kept | None:
        """Return the copy of a file that the backup before has."""
        return self.before.find(name) if self.before else None

    def is_whole(self, kept: Kept) -> bool:
        """Whether an earlier copy is still what was copied."""
        path = self.wish.folder / kept.path
        try:
            is_same = path.stat().st_size == kept.size_bytes and digest_of(path) == kept.sha256
        except OSError:
            return False
        if is_same:
            self.read_again.add(kept)
        return is_same

    def _kept(self, name: str, facts: dict[str, Any], mark: tuple[int, ...], sha256: str) -> Kept:
        size_bytes = (self.path / name).stat().st_size
        return Kept(name=name, run=self.name, sha256=sha256, size_bytes=size_bytes, mark=mark, **facts)


def newest_tag(path: Path) -> int:
    """Return the greatest id of a tag in a file, 0 if it has none.

    Raises:
        DatabaseError: it can't be read.
    """
    engine = open_read_only(path, is_large=True)
    try:
        with clear_errors(path), engine.connect() as connection:
            return int(connection.execute(select(func.max(TAG.c.id))).scalar() or 0)
    finally:
        engine.dispose()


def _facts(path: Path) -> dict[str, Any]:
    engine = open_read_only(path, is_large=True)
    try:
        with clear_errors(path), engine.connect() as connection:
            facts: dict[str, Any] = {"schema": " ".join(present_revisions(connection))}
            if inspect(connection).has_table(CHUNK.name):
                columns = func.count(), func.min(CHUNK.c.t0_us), func.max(CHUNK.c.t0_us)
                rows, oldest, newest = connection.execute(select(*columns).select_from(CHUNK)).one()
                facts |= {"rows": rows, "oldest_us": oldest, "newest_us": newest + HOUR_US if rows else None}
            return facts
    finally:
        engine.dispose()


def _mark(path: Path) -> tuple[int, ...]:
    """Return what a file and its log look like from outside; a log of no bytes is none."""
    found, log = path.stat(), Path(f"{path}-wal")
    beside = log.stat() if log.exists() else None
    has_log = beside is not None and beside.st_size > 0
    return (found.st_size, found.st_mtime_ns, *((beside.st_size, beside.st_mtime_ns) if beside and has_log else ()))
