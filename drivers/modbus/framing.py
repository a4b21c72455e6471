"""The frame around a request: how a reply is told from everything else that may come. Used by one worker thread."""

from typing import Protocol

from drivers.modbus.link import Link


class Framing(Protocol):
    """One request at a time, one reply."""

    late: int
    """How many replies came after their time was over, since the start; they are thrown away."""
    silent_limit: int
    """After so many requests in a row without a reply the link must be closed."""

    def reset(self) -> None:
        """Forget what belongs to a connection: there is a new one."""

    def clear(self, link: Link, unit: int) -> None:
        """Make sure that nothing which comes now can be taken for a reply of this unit; may wait.

        Raises:
            BadReply: bytes come without end; the link must be closed.
            OSError: the link was lost.
        """

    def exchange(self, link: Link, unit: int, pdu: bytes, timeout_s: float) -> bytes:
        """Send one request, after `clear`, and return the reply to it, both without the frame.

        Bounded by `timeout_s`, once a reply has begun by twice that and the time its bytes take.

        Raises:
            NoReply: nothing came in time.
            BadReply: something came that is no reply to the request; the link must be closed.
            OSError: the link was lost.
        """
