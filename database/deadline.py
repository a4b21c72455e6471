"""An end to waiting for a server that has stopped answering without closing its connections. Any thread.

Neither TCP nor a time-out of statements sees a server whose process stands still.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection


@contextmanager
def cut_after(connection: Connection, seconds: float) -> Iterator[None]:
    """Cut the connection (of PostgreSQL) if the block takes longer: what waits in it for the server fails then."""
    driver: Any = connection.connection.driver_connection
    original = socket.socket(fileno=driver.fileno())
    line = original.dup()  # a number of our own, which can't come to mean another connection
    original.detach()
    is_cut = threading.Event()

    def cut() -> None:
        is_cut.set()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        line.close()
        if is_cut.is_set():
            connection.invalidate()
