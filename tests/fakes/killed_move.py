"""Moves history to a server in a process of its own and kills itself at a transaction: `FOLDER ADDRESS N WHEN`.

WHEN is "before" or "after" the commit of the Nth transaction on the server. Ends by itself if there are fewer.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from history.exchange.ends import both_ends
from history.exchange.move import move
from history.store.place import ServerPlace
from tests.fakes.clock import ManualClock

folder, address, last, when = sys.argv[1:]
written = ServerPlace.writing
transactions = 0


def die(moment: str) -> None:
    if moment == when and transactions == int(last):
        os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def writing(self: ServerPlace) -> Iterator[Any]:
    global transactions
    with written(self) as connection:
        yield connection
        transactions += 1
        die("before")
    die("after")


ServerPlace.writing = writing  # type: ignore[method-assign]
with both_ends(Path(folder), address, ManualClock()) as ends:
    assert not move(ends, lambda done, total: None).troubles
