"""What carries frames: a TCP connection or a serial port, opened and closed by the worker that owns it."""

from collections.abc import Callable
from typing import Protocol

OnFrame = Callable[[bool, bytes], object]
"""Is told of bytes that were sent (True) or received (False)."""


class Link(Protocol):
    """A stream of bytes. Only `abort` may come from another thread. Losing the stream is an OSError."""

    on_frame: OnFrame
    quiet_s: float
    """The silence that must lie between two frames."""
    character_s: float
    """How long one byte takes on the line."""

    @property
    def is_open(self) -> bool:
        """Whether it was opened and not closed since; the other end may have closed it all the same."""

    def open(self) -> bool:
        """Make sure that it is open; a connection that the other end has closed is replaced. True if it is a new one.

        Raises:
            NoConnection: it can't be opened.
        """

    def close(self) -> None:
        """Let go of it, if it is open."""

    def abort(self) -> None:
        """Make `receive` fail at once and `open` for ever; any thread."""

    def send(self, data: bytes) -> None:
        """Send all of it."""

    def receive(self, count: int, timeout_s: float) -> bytes:
        """Return at most `count` bytes; none if there were none in time. May come back with fewer before that."""


def ignore(_is_sent: bool, _data: bytes) -> None:
    """Let frames pass."""
