"""SHA-256 of a file as the disk gives it back. Any thread."""

import hashlib
import os
from pathlib import Path
from typing import Final

_BYTES: Final = 1 << 20


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal; where the system can, it is read from the disk and not from memory.

    Raises:
        OSError: it can't be read.
    """
    mark = hashlib.sha256()
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while block := file.read(_BYTES):
            mark.update(block)
    return mark.hexdigest()


def copy_file(source: Path, target: Path) -> str:
    """Copy a file and bring it to the disk; return the SHA-256 of what was read.

    Raises:
        OSError: it can't be read, or written.
    """
    mark = hashlib.sha256()
    create = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with source.open("rb") as file, os.fdopen(os.open(target, create, 0o600), "wb") as copy:
        while block := file.read(_BYTES):
            mark.update(block)
            copy.write(block)
        copy.flush()
        os.fsync(copy.fileno())
    return mark.hexdigest()
