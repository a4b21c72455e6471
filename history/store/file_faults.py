"""Files of packed history that can't be read, or that aren't there any more: noted for people, told once. Any thread.

A damaged file stays where it is until something must be written into its month; then it is put aside. One that is gone
is never begun anew in silence: it would pass for a month in which nothing happened.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import structlog

from database.aside import put_aside
from database.errors import DamagedError, DatabaseError
from history.store.parts import NoPartError
from plant_models.message import Message, joined, message, words_of

_log: Final = structlog.get_logger()


class _Fault(NamedTuple):
    inode: int | None
    is_damaged: bool
    words: str


class FileFaults:
    """What is wrong with the files of a folder, by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._faults: dict[str, _Fault] = {}
        self._known: set[str] = set()
        self._anew: dict[str, str] = {}

    @contextmanager
    def noting(self, path: Path) -> Iterator[None]:
        """Note what keeps a file from being used within the block; what was noted before ends if nothing does."""
        try:
            yield
        except NoPartError:
            raise
        except DatabaseError as error:
            self._note(path, error)
            raise
        with self._lock:
            self._known.add(path.name)
            fault = self._faults.get(path.name)
            if fault is not None and (not fault.is_damaged or fault.inode != _inode(path)):
                del self._faults[path.name]

    def check_there(self, path: Path) -> None:
        """Find out whether a file that is to be read has no bytes.

        Raises:
            DamagedError: it has none.
        """
        if path.exists():
            _check_not_empty(path)

    def check_new(self, path: Path) -> None:
        """Tell it if a file that is about to be written was there before and is gone.

        Raises:
            DamagedError: it was emptied.
        """
        if path.exists():
            _check_not_empty(path)
            return
        with self._lock:
            if path.name not in self._known:
                return
            self._anew[path.name] = message("{file} was missing and has been begun anew", file=path.name)
        _log.error("history: a month was missing and is begun anew", file=str(path))

    def is_damaged(self, path: Path) -> bool:
        """Whether a file was found damaged and still lies there."""
        with self._lock:
            fault = self._faults.get(path.name)
        return fault is not None and fault.is_damaged and fault.inode == _inode(path)

    def put_aside(self, path: Path, at_us: int) -> None:
        """Rename a damaged file, so that its month can be written again.

        Raises:
            DatabaseError: it can't be renamed.
        """
        if path.exists():
            aside = put_aside(path, at_us)
            _log.error("history: a month is damaged and was put aside", file=str(aside))
        self.forget(path.name)

    def expect(self, names: Iterable[str]) -> None:
        """Take files as known, since they were there when the station last ran."""
        with self._lock:
            self._known.update(names)

    def forget(self, name: str) -> None:
        """Take note that a file was removed or renamed on purpose."""
        with self._lock:
            self._known.discard(name)
            self._faults.pop(name, None)
            self._anew.pop(name, None)

    @property
    def known(self) -> frozenset[str]:
        """The files that were there, or were written."""
        with self._lock:
            return frozenset(self._known)

    @property
    def notice(self) -> str:
        """What a person should know of, in a sentence; empty if all is well."""
        with self._lock:
            faults, anew, known = dict(self._faults), dict(self._anew), sorted(self._known)
        told = [fault.words for name, fault in sorted(faults.items()) if fault.inode == _inode(self._folder / name)]
        missing = [name for name in known if name not in faults and not (self._folder / name).exists()]
        told += [message("{file} is missing; its month is shown as a gap", file=name) for name in missing]
        aside = [path.name for path in sorted(self._folder.glob("history-[0-9]*.damaged-*.sqlite"))]
        told += [message("{file} is damaged and was put aside; its month has begun anew", file=name) for name in aside]
        return joined([*told, *anew.values()])

    def _note(self, path: Path, error: DatabaseError) -> None:
        words = words_of(error)
        if not isinstance(words, Message):
            words = message("{why}", why=words)
        fault = _Fault(_inode(path), isinstance(error, DamagedError), words)
        with self._lock:
            before = self._faults.get(path.name)
            if before is not None and before.is_damaged and before.inode == fault.inode:
                return
            self._faults[path.name] = fault
        if before is None or before.words != words:
            _log.error("history: a month can't be used", file=str(path), reason=words)


def _check_not_empty(path: Path) -> None:
    """A file of no bytes was more once."""
    if not path.stat().st_size:
        raise DamagedError("{file} is empty", file=path)


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None
