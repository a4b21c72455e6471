"""Ctrl-C and SIGTERM, noted instead of thrown. Main thread.

An exception in the middle of an import is swallowed or leaves half a module behind, and one in the middle of Qt's own
code ends the program with a crash. So whoever can stop in good order looks here.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class StopRequest:
    """Whether somebody has asked the program to end; once true, it stays true."""

    def __init__(self) -> None:
        self.is_made = False

    def make(self) -> None:
        """Ask; a signal handler may call it at any moment, since it takes no lock."""
        self.is_made = True


@contextmanager
def heard_stop() -> Iterator[StopRequest]:
    """Turn both signals into a request while the block runs; afterwards they do what they did before."""
    request = StopRequest()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: request.make()) for number in numbers}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
