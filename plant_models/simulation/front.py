"""The network face of a virtual PLC, which can be frozen, slowed, killed and revived whatever protocol lies behind it.

Frozen: connections are accepted and nothing is answered; what arrived waits and is worked off after the thaw, unless
its client has gone. Slow: each answer comes later. Killed: nobody listens and every connection is reset; revived: the
same port listens again. Runs on the loop thread of the virtual plant.
"""

import asyncio
import os
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from typing import Final

from plant_models.device import Endpoint

HOST: Final = "127.0.0.1"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class PortError(OSError):
    """A port can't be opened; the message names it and the reason."""


class Front:
    """Listens on 127.0.0.1; hands each connection to `serve`, which calls `hold` before it answers.

    `port` 0 is any free one. `name` is for messages.
    """

    def __init__(self, name: str, serve: Serve, port: int = 0) -> None:
        self._name = name
        self._serve = serve
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._is_live = asyncio.Event()
        self._is_live.set()
        self._port = port
        self.delay_s = 0.0

    @property
    def endpoint(self) -> Endpoint:
        """Where it listens, from the first `open` on."""
        return Endpoint(HOST, self._port)

    @property
    def state(self) -> str:
        """Return "killed", "frozen", "slow" or "live"."""
        if self._server is None:
            return "killed"
        if not self._is_live.is_set():
            return "frozen"
        return "slow" if self.delay_s else "live"

    async def open(self) -> None:
        """Listen, always on the same port after the first time. Nothing happens if it listens already.

        Raises:
            PortError: the port is in use or not allowed.
        """
        if self._server is not None:
            return
        try:
            self._server = await asyncio.start_server(self._accept, HOST, self._port)
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise PortError(f"{self._name} can't listen on {HOST}:{self._port}: {reason}") from error
        self._port = self._server.sockets[0].getsockname()[1]

    def freeze(self) -> None:
        self._is_live.clear()

    def thaw(self) -> None:
        self._is_live.set()

    async def hold(self, delayed: bool = True) -> None:
        """Wait until the device would answer."""
        await self._is_live.wait()
        if delayed and self.delay_s:
            await asyncio.sleep(self.delay_s)

    async def close(self) -> None:
        """Stop listening and reset every connection."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        open_now = dict(self._connections)
        for task, writer in open_now.items():
            _reset(writer)
            task.cancel()
        await asyncio.gather(*open_now, return_exceptions=True)
        await server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._run(reader, writer))
        self._connections[task] = writer
        task.add_done_callback(lambda done: self._connections.pop(done, None))

    async def _run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client has gone, in the middle of something
        finally:
            writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close a connection so that the peer sees a reset, not an orderly end (SO_LINGER 0)."""
    raw: socket.socket | None = writer.get_extra_info("socket")
    if raw is not None:
        layout = "hh" if sys.platform == "win32" else "ii"
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(layout, 1, 0))
    writer.transport.abort()
