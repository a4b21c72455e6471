"""A cable between a driver and a server that knows no protocol, and what can befall a cable. Threads of its own."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import Final, Self

from plant_models.device import Endpoint

_CHUNK: Final = 65_536
_AT_ONCE: Final = struct.pack("ii", 1, 0)


class Cable:
    """Hands bytes on in both directions; a context manager. `port` is where the driver must go instead of `target`.

    What comes from the server takes `delay_s`. While it isn't `is_whole`, new connections end at once. `connections`
    counts those of the driver, `open_connections` those that it still holds.
    """

    def __init__(self, target: Endpoint) -> None:
        self.delay_s = 0.0
        self.is_whole = True
        self.connections = 0
        self._target = target
        self._severed = 0
        self._ending = threading.Event()
        self._links: dict[int, tuple[socket.socket, socket.socket]] = {}
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in list(self._links.values()):
            _wake(*link)
        for thread in self._threads:
            thread.join()

    @property
    def open_connections(self) -> int:
        return len(self._links)

    def sever(self) -> None:
        """Let nothing more through on the present connections, and tell nobody; new ones are sound."""
        self._severed = self.connections

    def reset(self) -> None:
        """Break the present connections off with a reset."""
        for driver, server in list(self._links.values()):
            driver.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            _wake(driver, server)

    def inject(self, data: bytes) -> None:
        """Slip bytes to the driver that the server never sent."""
        for driver, _ in list(self._links.values()):
            driver.sendall(data)

    def _start(self, run: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=run, args=arguments, name="cable", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                driver, _ = self._listener.accept()
            except OSError:
                return
            if not self.is_whole:
                driver.close()
                continue
            self.connections += 1
            server = socket.create_connection((self._target.host, self._target.port), 5.0)
            server.settimeout(None)
            self._links[self.connections] = driver, server
            self._start(self._pump, self.connections, driver, server, False)
            self._start(self._pump, self.connections, server, driver, True)

    def _pump(self, number: int, source: socket.socket, drain: socket.socket, is_slow: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_CHUNK):
                if is_slow:
                    self._ending.wait(self.delay_s)
                if number > self._severed:
                    drain.sendall(data)
        _wake(source, drain)
        if self._links.pop(number, None) is None:  # the other direction has ended before
            source.close()
            drain.close()


def _wake(*links: socket.socket) -> None:
    """End what waits for more to read; nothing of that goes over the wire."""
    for link in links:
        with contextlib.suppress(OSError):
            link.shutdown(socket.SHUT_RD)
