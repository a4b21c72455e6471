"""A TCP connection that finds out by itself when the other end has lost its power. Owned by one worker thread."""

import contextlib
import select
import socket
import struct
from typing import Final

from drivers.connect_problem import connect_problem
from drivers.modbus.errors import NoConnection
from drivers.modbus.link import OnFrame, ignore
from drivers.tcp_watch import watch_over
from plant_models.device import Endpoint
from plant_models.message import message

CONNECT_LIMIT_S: Final = 2.0
_TIME: Final = struct.Struct("@ll")
"""Seconds and microseconds, as the system's `timeval` has them."""


class TcpLink:
    """Fulfils `drivers.modbus.link.Link`."""

    quiet_s = character_s = 0.0

    def __init__(self, endpoint: Endpoint, connect_timeout_s: float) -> None:
        self.on_frame: OnFrame = ignore
        self._endpoint = endpoint
        self._connect_timeout_s = min(connect_timeout_s, CONNECT_LIMIT_S)
        self._socket: socket.socket | None = None
        self._timeout_s = -1.0
        self._ready = select.poll()
        self._is_aborted = False

    @property
    def is_open(self) -> bool:
        return self._socket is not None

    def open(self) -> bool:
        if self._socket is not None and not self._is_closed_by_peer(self._socket):
            return False
        self.close()
        self._check_going_on()
        where = str(self._endpoint)
        try:
            link = socket.create_connection((self._endpoint.host, self._endpoint.port), self._connect_timeout_s)
        except OSError as error:
            raise NoConnection(connect_problem(error, where)) from None
        watch_over(link)
        link.settimeout(None)
        _bound(link, socket.SO_SNDTIMEO, self._connect_timeout_s)
        self._timeout_s = -1.0
        self._ready = select.poll()
        self._ready.register(link, select.POLLIN)
        self._socket = link
        self._check_going_on()  # again with the socket in place, so that `abort` has either seen it or is seen here
        return True

    def _check_going_on(self) -> None:
        if self._is_aborted:
            self.close()
            raise NoConnection(message("The driver is stopping"))

    def close(self) -> None:
        link, self._socket = self._socket, None
        if link is not None:
            link.close()

    def abort(self) -> None:
        self._is_aborted = True
        link = self._socket
        if link is not None:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)

    def send(self, data: bytes) -> None:
        self._connected().sendall(data)
        self.on_frame(True, data)

    def receive(self, count: int, timeout_s: float) -> bytes:
        link = self._connected()
        if timeout_s <= 0.0:
            if not self._ready.poll(0):
                return b""
        elif timeout_s != self._timeout_s:  # a call to the system
            _bound(link, socket.SO_RCVTIMEO, timeout_s)
            self._timeout_s = timeout_s
        try:
            data = link.recv(count)
        except BlockingIOError:
            return b""
        if not data:
            raise ConnectionResetError
        self.on_frame(False, data)
        return data

    def _connected(self) -> socket.socket:
        if self._socket is None:
            raise ConnectionResetError
        return self._socket

    def _is_closed_by_peer(self, link: socket.socket) -> bool:
        if not self._ready.poll(0):
            return False
        try:
            return link.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except OSError:
            return True


def _bound(link: socket.socket, option: int, timeout_s: float) -> None:
    """Let the system itself end a call that takes longer: with Python's own time-outs, each call is two."""
    link.setsockopt(socket.SOL_SOCKET, option, _TIME.pack(*divmod(max(round(timeout_s * 1e6), 1), 1_000_000)))
