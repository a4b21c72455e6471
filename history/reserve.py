"""The last of a disk belongs to journal and audit: frames stop before it is full. Any thread."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from database.errors import DatabaseError

RESERVE_BYTES: Final = 64 * 1024 * 1024
INSIDE_BYTES: Final = 256 * 1024
"""Room inside a file that is enough for a frame."""


def free_bytes(folder: Path) -> int:
    """Return how much of the disk is free; without an answer, as if all of it were: writing will tell."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 2**63


def is_short(file: Path, free_inside: Callable[[], int]) -> bool:
    """Tell whether a file, which has room inside before it grows, may not grow any more."""
    return free_bytes(file.parent) < RESERVE_BYTES and free_inside() < INSIDE_BYTES


def check_reserve(file: Path, free_inside: Callable[[], int]) -> None:
    """Look whether a frame may be written to a file.

    Raises:
        DatabaseError: the disk is nearly full.
    """
    if is_short(file, free_inside):
        raise DatabaseError(
            "{file} may not grow because the disk is full but for {reserve} MB, which journal and audit need; free some"
            " space",
            file=file,
            reserve=RESERVE_BYTES // 1024**2,
        )
