"""The note of the last backup, `backup.json` in the data folder: written once it was read back. Any thread."""

import os
from pathlib import Path
from typing import Final

import orjson

from history.health import BackupNote

NOTE_NAME: Final = "backup.json"


def write_note(data: Path, note: BackupNote) -> None:
    """Put the note in the place of the one before; after a crash there is the old one or the new one.

    Raises:
        OSError: the folder can't be written.
    """
    draft = data / f"{NOTE_NAME}.new"
    body = orjson.dumps({"at_us": note.at_us, "folder": note.folder, "size_bytes": note.size_bytes})
    with open(draft, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(data / NOTE_NAME)


def read_note(data: Path) -> BackupNote | None:
    """Return the note; None if there never was a backup, or the note can't be read."""
    try:
        found = orjson.loads((data / NOTE_NAME).read_bytes())
        return BackupNote(at_us=int(found["at_us"]), folder=str(found["folder"]), size_bytes=int(found["size_bytes"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
