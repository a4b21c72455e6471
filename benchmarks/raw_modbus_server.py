"""A Modbus TCP server that is never the slow one: a process with one epoll loop that sends prepared replies.

`python -m benchmarks.raw_modbus_server PORTS` listens on that many ports and tells them on stdout. Then it takes lines:
`mute N` (the first N ports receive and never answer, the others do), `times` (a list of arrival times for each port
since the last call, ns of the monotonic clock). Each answer is a line of JSON. It ends with its stdin.
"""

import select
import socket
import struct
import sys
from typing import Final

import orjson

from plant_models.clock import SystemClock

COUNT: Final = 125
"""Registers in each reply, whatever was asked."""
_VARIANTS: Final = 8
_CHANGING: Final = 25
_REQUEST: Final = 12
CLOCK: Final = SystemClock()


def prepared_replies() -> list[bytes]:
    """Return replies without their transaction id; one register in five differs from one to the next."""
    replies = []
    for variant in range(_VARIANTS):
        values = [7 * at + (variant if at % (COUNT // _CHANGING) == 0 else 0) for at in range(COUNT)]
        replies.append(struct.pack(f">HHBBB{COUNT}H", 0, 3 + 2 * COUNT, 1, 3, 2 * COUNT, *values))
    return replies


class RawServer:
    """All ports and connections of the process."""

    def __init__(self, ports: int) -> None:
        self._epoll = select.epoll()
        self._listeners = [socket.create_server(("127.0.0.1", 0), backlog=64) for _ in range(ports)]
        self._number_of = {listener.fileno(): number for number, listener in enumerate(self._listeners)}
        self._links: dict[int, tuple[socket.socket, int]] = {}
        self._times: list[list[int]] = [[] for _ in range(ports)]
        self._muted = 0
        self._turn = 0
        self._replies = prepared_replies()
        for listener in self._listeners:
            self._epoll.register(listener, select.EPOLLIN)
        self._epoll.register(sys.stdin, select.EPOLLIN)

    def serve(self) -> None:
        """Answer until stdin ends."""
        _say([listener.getsockname()[1] for listener in self._listeners])
        while True:
            for number, _ in self._epoll.poll():
                if number in self._links:
                    self._answer(number)
                elif number in self._number_of:
                    self._accept(self._number_of[number])
                elif not self._obey(sys.stdin.readline().split()):
                    return

    def _accept(self, port: int) -> None:
        link, _ = self._listeners[port].accept()
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._links[link.fileno()] = (link, port)
        self._epoll.register(link, select.EPOLLIN)

    def _answer(self, number: int) -> None:
        """Answer all requests that have come on one connection; they come whole, being tiny."""
        link, port = self._links[number]
        try:
            data = link.recv(65_536)
        except ConnectionError:
            data = b""
        if not data:
            del self._links[number]
            link.close()
            return
        self._times[port].append(CLOCK.mono_ns())
        if port < self._muted:
            return
        reply = self._replies[self._turn % _VARIANTS]
        self._turn += 1
        if len(data) == _REQUEST:
            link.send(data[:2] + reply)
        else:
            link.send(b"".join(data[at : at + 2] + reply for at in range(0, len(data), _REQUEST)))

    def _obey(self, words: list[str]) -> bool:
        """Do what a line says; False at the end."""
        if not words:
            return False
        if words[0] == "mute":
            self._muted = int(words[1])
            _say(self._muted)
        else:
            _say(self._times)
            self._times = [[] for _ in self._listeners]
        return True


def _say(what: object) -> None:
    sys.stdout.write(orjson.dumps(what).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    RawServer(int(sys.argv[1])).serve()
