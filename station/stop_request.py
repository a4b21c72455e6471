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
    """Turn the first signal into a request while the block runs; the next one, and those afterwards, do what they did
    before: whoever asks twice doesn't want to wait for an orderly end that hangs."""
    request = StopRequest()
    before = {number: signal.getsignal(number) or signal.SIG_DFL for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def hear(*_: object) -> None:
        restore()
        request.make()

    for number in before:
        signal.signal(number, hear)
    try:
        yield request
    finally:
        restore()
