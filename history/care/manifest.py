"""What a backup consists of: `manifest.json`, made last, with its own checksum. Any thread.

A folder without one is no backup: it was cut short, or never was one. Files lie in a folder for each run, so that a run
that is cut short leaves the backup before it as it was.
"""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

import orjson

from plant_models.message import message

MANIFEST_NAME: Final = "manifest.json"
FORMAT: Final = 1
RUN: Final = re.compile(r"\d{8}T\d{6}\.\d{6}Z")
"""The name of a folder of a run."""
_NAME: Final = re.compile(r"[a-z][a-z0-9_.-]*\.(?:sqlite|head|json)")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class BackupError(Exception):
    """A backup that can't be made, isn't whole, or can't be restored; says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file of a backup: its name in the data folder, the run that copied it, and what is in it.

    `rows` packed hours of a tag lie in [oldest, newest) (µs UTC). `mark` is what the source looked like on its disk, so
    that one that hasn't changed isn't copied again.
    """

    name: str
    run: str
    sha256: str
    size_bytes: int
    schema: str = ""
    rows: int = 0
    oldest_us: int | None = None
    newest_us: int | None = None
    mark: tuple[int, ...] = ()

    @property
    def path(self) -> PurePosixPath:
        """Where it lies in the folder of the backup."""
        return PurePosixPath(self.run, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`faults` say by name what of the source was damaged, missing or not what was written.

    `older` are copies of months that had more in them than the source has now. They stay, but aren't restored.
    """

    made_at_us: int
    source: str
    files: tuple[Kept, ...]
    older: tuple[Kept, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def size_bytes(self) -> int:
        """What all files take."""
        return sum(file.size_bytes for file in self.files)

    def find(self, name: str) -> Kept | None:
        """Return a file by its name in the data folder."""
        return next((file for file in self.files if file.name == name), None)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put the manifest in the place of the one before: from here on this is the backup.

    Raises:
        OSError: it can't be written; the one before stands.
    """
    content = {"format": FORMAT, **asdict(manifest)}
    body = orjson.dumps({**content, "sha256": _digest(content)}, option=orjson.OPT_INDENT_2)
    draft = folder / f"{MANIFEST_NAME}.new"
    with open(draft, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / MANIFEST_NAME)
    sync_folder(folder)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup.

    Raises:
        FileNotFoundError: there is none.
        BackupError: it can't be read, was changed, or is of a later version.
    """
    path = folder / MANIFEST_NAME
    try:
        content = orjson.loads(path.read_bytes())
        mark = content.pop("sha256")
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(message("{file} is no manifest of a backup: {cause}", file=path, cause=error)) from error
    if mark != _digest(content):
        raise BackupError(message("{file} was changed after the backup", file=path))
    if content.get("format") != FORMAT:
        raise BackupError(message("{file} was written by a newer Clearwell; install that version", file=path))
    try:
        return Manifest(
            made_at_us=content["made_at_us"],
            source=content["source"],
            files=tuple(_kept(each) for each in content["files"]),
            older=tuple(_kept(each) for each in content["older"]),
            faults=content["faults"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BackupError(message("{file} is no manifest of a backup: {cause}", file=path, cause=error)) from error


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can do that."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _kept(entry: dict[str, Any]) -> Kept:
    kept = Kept(**{**entry, "mark": tuple(entry["mark"])})
    if not (_NAME.fullmatch(kept.name) and RUN.fullmatch(kept.run) and _SHA256.fullmatch(kept.sha256)):
        raise ValueError(f"{kept.run}/{kept.name} can't be a file of a backup")
    return kept
