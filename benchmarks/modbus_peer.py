"""The raw Modbus server as a benchmark holds it, and the least that a client of it can do: a socket and a loop."""

import socket
import struct
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, Final, Self

import orjson

from benchmarks.raw_modbus_server import COUNT
from plant_models.clock import SystemClock

CLOCK: Final = SystemClock()
REPLY_BYTES: Final = 9 + 2 * COUNT
_IN_FLIGHT: Final = 8


class ModbusPeer:
    """The server in a process of its own; a context manager. `ports` has one for each device."""

    def __init__(self, ports: int) -> None:
        line = [sys.executable, "-m", "benchmarks.raw_modbus_server", str(ports)]
        self._process = subprocess.Popen(
            line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
        )
        self.ports: list[int] = self._heard()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=10)

    def mute(self, ports: int) -> None:
        """Let the first `ports` ports receive and never answer; all others answer."""
        self._ask(f"mute {ports}")

    def take_times(self) -> list[list[int]]:
        """Return when requests arrived since the last call, ns of the monotonic clock, a list for each port."""
        return list(self._ask("times"))

    def _ask(self, line: str) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._heard()

    def _heard(self) -> Any:
        assert self._process.stdout is not None
        return orjson.loads(self._process.stdout.readline())


def raw_reads(port: int, seconds: float) -> int:
    """Return how many blocks a socket gets one after the other, each as an array of numbers, in `seconds`."""
    with closing(_connect(port)) as link:
        return _loop(link, seconds, 1)


def ceiling_per_s(port: int, seconds: float) -> float:
    """Return how many requests a second the server answers when several are under way at once."""
    with closing(_connect(port)) as link:
        return _loop(link, seconds, _IN_FLIGHT) / seconds


def _connect(port: int) -> socket.socket:
    link = socket.create_connection(("127.0.0.1", port), 5.0)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return link


def _loop(link: socket.socket, seconds: float, in_flight: int) -> int:
    requests = struct.pack(">HHHBBHH", 1, 0, 6, 1, 3, 0, COUNT) * in_flight
    wanted = REPLY_BYTES * in_flight
    end_ns = CLOCK.mono_ns() + round(seconds * 1e9)
    reads = 0
    while CLOCK.mono_ns() < end_ns:
        link.sendall(requests)
        reply = link.recv(wanted, socket.MSG_WAITALL)
        assert len(reply) == wanted
        reads += in_flight
    return reads
