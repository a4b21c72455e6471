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
    # A number of our own, which can't come to mean another connection. `socket.dup` would make reading block, also for
    # the driver, which then waits for more than there is.
    line = socket.fromfd(driver.fileno(), socket.AF_INET, socket.SOCK_STREAM)
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
