"""One station per data folder: a lock that the operating system lifts when the process ends, however it ends.

Taken and released by the thread that starts and stops the station.
"""

import os
import sys
from pathlib import Path
from typing import Final

from station.errors import StationError

LOCK_NAME: Final = "station.lock"
_LOCKED_BYTE: Final = 1 << 20
"""Windows locks bytes; one far behind the text leaves the process number readable."""


class InstanceLock:
    """Held from `acquire` to `release`. The file stays behind; only the lock on it means anything."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handle: int | None = None

    def acquire(self) -> None:
        """Take the lock and note the process number; makes the folder (mode 0700) if it isn't there.

        Raises:
            StationError: another station has it, or the folder can't be used.
        """
        path = self._folder / LOCK_NAME
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StationError(
                f"The data folder {self._folder} can't be used: {error.strerror}; choose another one."
            ) from error
        try:
            _lock(handle)
        except OSError:
            owner = os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            raise StationError(
                f"The data folder {self._folder} is in use by the station of process {owner}; "
                "stop that one, or choose another data folder."
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._handle = handle

    def release(self) -> None:
        """Give the lock back; does nothing if it isn't held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
