"""Making a backup: every file as it is at one moment, months that haven't changed only once, all of it read back.

Main thread of a command, beside a running station or without one. Checkpoints of chains are copied before the file that
they speak of, and the newest samples before the months: what is packed meanwhile is then in both, and counts once.
"""

from collections.abc import Iterable, Set
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from database.errors import DatabaseError
from history.care.backup_note import write_note
from history.care.backup_run import Run, Wish, newest_tag
from history.care.digest import digest_of
from history.care.manifest import (
    MANIFEST_NAME,
    RUN,
    BackupError,
    Kept,
    Manifest,
    read_manifest,
    sync_folder,
    write_manifest,
)
from history.care.retention import outdated
from history.care.verify import Progress, Tell
from history.health import BackupNote
from history.store.known_tags import TAGS_NAME
from history.store.part_files import NEWEST, part_of, parts_in
from plant_models.clock import Clock
from plant_models.message import message, words_of

PLAIN: Final = ("station.head", "journal.head", TAGS_NAME)
"""Checkpoints of the chains in `station.sqlite`, and the ids of tags."""
FIRST: Final = ("station.sqlite", "tables.sqlite", NEWEST)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def check_places(data: Path, folder: Path) -> None:
    """Find out whether a folder may take a backup of a data folder.

    Raises:
        BackupError: there is no history, or the backup would lie beside it.
    """
    data, folder = data.resolve(), folder.resolve()
    if not (data / NEWEST).exists() and not parts_in(data):
        raise BackupError(message("{folder} has no history; name the data folder of a station", folder=data))
    if data == folder or data in folder.parents:
        raise BackupError(message("{folder} is within the data folder; choose another disk", folder=folder))


def make_backup(wish: Wish, clock: Clock) -> Manifest:
    """Make a backup, read it back, and only then note it as the last one. What is damaged is named in its manifest.

    Raises:
        BackupError: there is no new backup; the one before, if there was one, is as it was.
    """
    at_us = clock.wall_us()
    run = Run(wish, f"{_EPOCH + timedelta(microseconds=at_us):%Y%m%dT%H%M%S.%fZ}", _manifest_before(wish.folder))
    try:
        _remove_leftovers(wish.folder, run.before)
        run.path.mkdir(mode=0o700, parents=True)
        _copy_all(run, at_us)
        sync_folder(run.path)
        manifest = Manifest(
            made_at_us=at_us,
            source=str(wish.data),
            files=tuple(run.files),
            older=tuple(run.older),
            faults=run.faults,
        )
        check_files(wish.folder, manifest, wish.tell, run.read_again)
        write_manifest(wish.folder, manifest)
        _remove_leftovers(wish.folder, manifest)
        note = BackupNote(at_us=at_us, folder=str(wish.folder.resolve()), size_bytes=manifest.size_bytes)
        write_note(wish.data, note)
    except (OSError, DatabaseError, BackupError) as error:
        with suppress(OSError):  # a full disk shall not stay full; what can't be removed now is by the next run
            _remove_leftovers(wish.folder, run.before)
        raise BackupError(message("no backup was made: {why}", why=words_of(error))) from error
    return manifest


def check_files(folder: Path, manifest: Manifest, tell: Tell, read: Set[Kept] = frozenset()) -> None:
    """Compare all files of a backup to its manifest, but for those that were `read` just now.

    Raises:
        BackupError: one is missing or isn't what was copied.
    """
    progress = Progress(str(folder))
    for kept in manifest.files:
        path = folder / kept.path
        if kept in read:
            continue
        try:
            is_same = path.stat().st_size == kept.size_bytes and digest_of(path) == kept.sha256
        except OSError as error:
            raise BackupError(message("{file} can't be read: {cause}", file=path, cause=error.strerror)) from error
        if not is_same:
            raise BackupError(message("{file} isn't what was copied; take another backup", file=path))
        progress.blobs, progress.bytes = progress.blobs + 1, progress.bytes + kept.size_bytes
        tell(progress)


def _manifest_before(folder: Path) -> Manifest | None:
    """Return the manifest of the backup that a folder has. One that can't be read isn't overwritten."""
    try:
        return read_manifest(folder)
    except FileNotFoundError:
        return None
    except BackupError as error:
        words = message("{why}; choose another folder, or move that backup away", why=words_of(error))
        raise BackupError(words) from error


def _copy_all(run: Run, at_us: int) -> None:
    data = run.wish.data
    for name in PLAIN:
        if (data / name).exists():
            run.take_plain(name)
    present = [name for name in (*FIRST, *(part.name for part in parts_in(data))) if (data / name).exists()]
    for name in present:
        run.take(name)
    if run.wish.server:
        run.take_server()
    of_server = run.server_files_before() if run.wish.server else []
    for kept in run.before.files if run.before else ():
        if kept.name not in (*present, *PLAIN, *of_server) and not _may_go(run, kept, at_us):
            run.keep_before(kept.name, message("it isn't in the data folder any more"))
    run.older += [kept for kept in (run.before.older if run.before else ()) if not _may_go(run, kept, at_us)]
    if NEWEST in present and NEWEST not in run.faults:
        _check_tags(run)
    for name, reason in run.wish.check(run.path).items():
        run.faults.setdefault(name, reason)


def _may_go(run: Run, kept: Kept, at_us: int) -> bool:
    part = part_of(kept.name)
    return part is not None and bool(outdated([part], run.wish.keep_days, at_us))


def _check_tags(run: Run) -> None:
    """Ids of tags that came after the newest samples were copied may stand in the months that were copied since."""
    if newest_tag(run.wish.data / NEWEST) != newest_tag(run.path / NEWEST):
        raise BackupError(message("the station was started with new tags meanwhile; make the backup once more"))


def _remove_leftovers(folder: Path, manifest: Manifest | None) -> None:
    """Remove what earlier runs left and the manifest doesn't name."""
    wanted = {folder / kept.path for kept in (*manifest.files, *manifest.older)} if manifest else set()
    if not folder.exists():
        return
    (folder / f"{MANIFEST_NAME}.new").unlink(missing_ok=True)
    for run in _runs(folder):
        for path in run.iterdir():
            if path not in wanted:
                path.unlink()
        if not any(run.iterdir()):
            run.rmdir()


def _runs(folder: Path) -> Iterable[Path]:
    return [path for path in folder.iterdir() if RUN.fullmatch(path.name) and path.is_dir()]
