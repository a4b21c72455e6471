"""A tap on the wire to a Modbus PLC: hands every frame on, and counts what passed. An asyncio loop on a thread."""

import asyncio
import threading
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Self

from plant_models.device import Endpoint

_HEAD: Final = 6
_FUNCTION: Final = 7
_FIRST_WRITE: Final = 5


class WireTap:
    """Stands before a PLC at `target`. While that refuses connections, the tap ends its own at once.

    `writes` are the request frames with a writing function, `reads` counts the others, `connections` those that
    reached the PLC, and `most_open` is the most requests that ever waited for a reply on one connection.
    """

    def __init__(self, target: Endpoint) -> None:
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wire tap")
        self._tasks: set[asyncio.Task[None]] = set()
        self.endpoint = target
        self.writes: list[bytes] = []
        self.reads = 0
        self.connections = 0
        self.most_open = 0

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.endpoint = Endpoint("127.0.0.1", self._server.sockets[0].getsockname()[1])

    async def _close(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(OSError):
            from_plc, to_plc = await asyncio.open_connection(self._target.host, self._target.port)
            self.connections += 1
            waiting = [0]
            ways = [
                asyncio.ensure_future(_pump(reader, to_plc, lambda frame: self._on_request(frame, waiting))),
                asyncio.ensure_future(_pump(from_plc, writer, lambda _: _on_reply(waiting))),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
                to_plc.transport.abort()
        writer.transport.abort()

    def _on_request(self, frame: bytes, waiting: list[int]) -> None:
        waiting[0] += 1
        self.most_open = max(self.most_open, waiting[0])
        if frame[_FUNCTION] >= _FIRST_WRITE:
            self.writes.append(frame)
        else:
            self.reads += 1


def _on_reply(waiting: list[int]) -> None:
    waiting[0] -= 1


async def _pump(source: StreamReader, drain: StreamWriter, note: Callable[[bytes], None]) -> None:
    """Hand on whole frames until one side has gone."""
    while True:
        head = await source.readexactly(_HEAD)
        frame = head + await source.readexactly(int.from_bytes(head[4:]))
        note(frame)
        drain.write(frame)
        await drain.drain()
