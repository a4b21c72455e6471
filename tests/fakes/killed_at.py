"""Kills this process at a transaction on a server, right before or right after its commit."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from history.store.place import ServerPlace


def kill_at(transaction: int, when: str) -> None:
    """Let the given transaction from now on be the last; `when` is "before" or "after" its commit."""
    written = ServerPlace.writing
    begun = 0

    def die(moment: str) -> None:
        if moment == when and begun == transaction:
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def writing(self: ServerPlace) -> Iterator[Any]:
        nonlocal begun
        with written(self) as connection:
            yield connection
            begun += 1
            die("before")
        die("after")

    ServerPlace.writing = writing  # type: ignore[method-assign]
