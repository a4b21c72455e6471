"""Brings a file of history up in a process of its own, and kills itself before a statement: `FOLDER N`.

Ends by itself if there are fewer statements.
"""

import os
import signal
import sys
from pathlib import Path

from sqlalchemy import Engine, event

from history.exchange.schema import upgrade

folder, last = Path(sys.argv[1]), int(sys.argv[2])
changes = 0


def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
    global changes
    if statement.split()[0] in ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE"):
        changes += 1
        if changes == last:
            os.kill(os.getpid(), signal.SIGKILL)


def at_commit(_connection: object) -> None:
    if changes and last == 0:
        os.kill(os.getpid(), signal.SIGKILL)


event.listen(Engine, "before_cursor_execute", count)
event.listen(Engine, "commit", at_commit)
upgrade(folder)
