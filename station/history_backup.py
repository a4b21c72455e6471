"""The commands `history backup` and `history restore`: what they say, and how they end. Main thread."""

from collections.abc import Iterator
from pathlib import Path

import typer

from alarms.store.verify import verify_journal
from database.errors import DatabaseError
from database.server import server_name
from history.care.backup import check_places, make_backup
from history.care.backup_run import Wish
from history.care.manifest import BackupError, Manifest
from history.care.restore import restore
from history.care.server_restore import restore_server
from history.care.status_report import size, time_words
from plant_models.clock import SystemClock
from plant_models.message import words_of
from station.access_commands import AccessFolders, fail
from station.errors import StationError
from station.history_verify import ProgressLine
from station.lock import InstanceLock
from station.store.audit import DATABASE_NAME
from station.store.verify import verify_folder


def back_up(folders: AccessFolders, folder: Path, server: str) -> None:
    """Make a backup and say what it has; leave with an error if there is none, or something is missing in it."""
    line, lock = ProgressLine(), InstanceLock(folder)
    keep_days = folders.plant.history.keep_days
    wish = Wish(
        data=folders.data, folder=folder, keep_days=keep_days, check=chain_faults, tell=line.tell, server=server
    )
    try:
        check_places(folders.data, folder)
        lock.acquire()
    except BackupError as error:
        fail(words_of(error))
    except StationError:
        fail(f"{folder} can't be written, or another backup is being made in it")
    try:
        made = make_backup(wish, SystemClock())
    except BackupError as error:
        line.end()
        fail(words_of(error))
    finally:
        lock.release()
    line.end()
    _tell(made, f"Backed up into {folder}")


def put_back(folder: Path, data: Path | None, server: str) -> None:
    """Restore a backup into a data folder, a server, or both; leave with an error if one of them isn't restored."""
    if data is None and not server:
        fail("name where to restore to: --data FOLDER, --database ADDRESS, or both")
    line = ProgressLine()
    try:
        for where, found in _restored(folder, data, server, line):
            line.end()
            _tell(found, f"Restored into {where}, as it was {time_words(found.made_at_us)}")
    except BackupError as error:
        line.end()
        fail(words_of(error))


def _restored(folder: Path, data: Path | None, server: str, line: ProgressLine) -> Iterator[tuple[object, Manifest]]:
    if data is not None:
        yield data, restore(folder, data, line.tell)
    if server:
        yield server_name(server), restore_server(folder, server, line.tell)


def chain_faults(folder: Path) -> dict[str, str]:
    """Return what is wrong with the chains of audit and journal in a folder, under the file's name."""
    path = folder / DATABASE_NAME
    if not path.exists():
        return {}
    try:
        audit, journal = verify_folder(folder), verify_journal(path)
    except DatabaseError as error:
        return {DATABASE_NAME: words_of(error)}
    reasons = [f"{name}: {found.reason}" for name, found in (("audit", audit), ("journal", journal)) if found.reason]
    return {DATABASE_NAME: "; ".join(reasons)} if reasons else {}


def _tell(found: Manifest, words: str) -> None:
    typer.echo(f"{words}: {len(found.files)} files, {size(found.size_bytes)}, all read back")
    for name, reason in found.faults.items():
        typer.echo(f"{name}: {reason}", err=True)
    if found.faults:
        fail(f"not as it should be: {', '.join(found.faults)}; the rest is")
