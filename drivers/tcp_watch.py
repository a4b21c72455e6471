"""What the operating system is to do for a TCP connection: notice that the other end is gone, forget what is unsent.

Without it a path that stalls may deliver a command minutes after it was reported as unknown. Any thread.
"""

import contextlib
import socket
import struct
import sys
from typing import Final, Protocol

_IDLE_S: Final = 10
_PROBE_S: Final = 5
_PROBES: Final = 3
_UNACKNOWLEDGED_MS: Final = 10_000
_AT_ONCE: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class TcpSocket(Protocol):
    """A socket, or what asyncio shows of one."""

    def setsockopt(self, level: int, option: int, value: int | bytes, /) -> None:
        """As of `socket.socket`."""


def watch_over(link: TcpSocket) -> None:
    """Make the system send at once, ask a silent peer for a sign of life, and give up one that confirms nothing."""
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    options = {
        "TCP_KEEPIDLE": _IDLE_S,
        "TCP_KEEPINTVL": _PROBE_S,
        "TCP_KEEPCNT": _PROBES,
        "TCP_USER_TIMEOUT": _UNACKNOWLEDGED_MS,
    }
    for name, value in options.items():
        option = getattr(socket, name, None)  # not every system has all of them
        if option is not None:
            link.setsockopt(socket.IPPROTO_TCP, option, value)


def drop_unsent(link: TcpSocket) -> None:
    """Have a connection reset at its close, so that what is unsent never arrives. It may be closed already."""
    with contextlib.suppress(OSError):
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
