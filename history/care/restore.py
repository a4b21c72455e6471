"""Putting a backup back: into an empty place only, all or nothing. Main thread of a command, without a station.

The files are put together beside the place and renamed into it last. What has been restored records under a name of its
own from then on: a server that knows more of the old one than the backup does would take new frames for old ones.
"""

import os
import shutil
from pathlib import Path
from typing import Final
from uuid import uuid4

from sqlalchemy import select, update

from database.engine import open_database
from database.errors import DatabaseError, clear_errors
from database.migrate import HISTORY
from history.care.backup import check_files
from history.care.digest import copy_file
from history.care.manifest import MANIFEST_NAME, BackupError, Manifest, read_manifest, sync_folder
from history.care.server_dump import is_of_server
from history.care.verify import Tell
from history.store.part_files import NEWEST
from history.store.tables import SOURCE
from plant_models.message import message, words_of

DRAFT: Final = ".restoring"


def restore(folder: Path, data: Path, tell: Tell) -> Manifest:
    """Put a backup into a data folder that doesn't exist or is empty.

    Raises:
        BackupError: nothing was restored.
    """
    manifest = find_backup(folder)
    _check_empty(data)
    check_files(folder, manifest, tell)
    draft = data.with_name(f"{data.name}{DRAFT}")
    try:
        shutil.rmtree(draft, ignore_errors=True)  # of a restoring that was cut short
        draft.mkdir(mode=0o700, parents=True)
        for kept in manifest.files:
            if is_of_server(kept.name):
                continue
            if copy_file(folder / kept.path, draft / kept.name) != kept.sha256:
                raise BackupError(message("{file} changes while it is read; take another backup", file=kept.path))
        if manifest.find(NEWEST) is not None:
            _rename_source(draft / NEWEST)
        sync_folder(draft)
        if data.exists():
            data.rmdir()
        os.rename(draft, data)
        sync_folder(data.parent)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise BackupError(message("{folder} can't be restored: {cause}", folder=data, cause=error.strerror)) from error
    except (BackupError, DatabaseError) as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise BackupError(words_of(error)) from error
    return manifest


def find_backup(folder: Path) -> Manifest:
    """Return the manifest of a backup.

    Raises:
        BackupError: there is none, or it isn't whole.
    """
    try:
        return read_manifest(folder)
    except FileNotFoundError as error:
        words = "{folder} is no backup: it has no {file}, so it was cut short or never was one"
        raise BackupError(message(words, folder=folder, file=MANIFEST_NAME)) from error


def _check_empty(data: Path) -> None:
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise BackupError(message("{folder} isn't empty; name a folder that doesn't exist yet", folder=data))


def _rename_source(path: Path) -> None:
    engine = open_database(path, HISTORY)
    try:
        with clear_errors(path), engine.begin() as connection:
            for number in connection.execute(select(SOURCE.c.id)).scalars().all():
                connection.execute(update(SOURCE).where(SOURCE.c.id == number).values(node=uuid4().hex))
    finally:
        engine.dispose()
