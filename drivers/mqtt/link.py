"""One life of a connection to a broker: hello, subscriptions, messages, and the question whether it still listens.

Runs on the event loop of the connection. It has no tasks of its own; whoever opened it calls `problem` now and then.
"""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from typing import Any, Final

from drivers.mqtt import packets
from drivers.mqtt.inbox import Inbox, Message
from drivers.mqtt.packets import Hello, Packet, PacketError, Parser
from drivers.mqtt.words import LOST, MUTE, LinkError, refusal
from drivers.tcp_watch import drop_unsent, watch_over
from plant_models.clock import Clock

_PER_SUBSCRIBE: Final = 100
"""Topics in one request; some brokers refuse long ones."""
REFUSED: Final = 0x80


class Link(asyncio.Protocol):
    """A connection; `on_arrival` is called when the inbox was filled. Use once.

    `on_frame` is told whether bytes were sent or received, and which.
    """

    def __init__(self, inbox: Inbox, clock: Clock, on_arrival: Callable[[], None]) -> None:
        self._inbox = inbox
        self._clock = clock
        self._on_arrival = on_arrival
        self.on_frame: Callable[[bool, bytes], object] = lambda _is_sent, _data: None
        self._parser = Parser()
        self._transport: asyncio.Transport | None = None
        self._greeting: asyncio.Future[Packet] = asyncio.get_running_loop().create_future()
        self._answers: dict[int, asyncio.Future[bytes]] = {}
        self._error: Exception | None = None
        self._is_paused = self._is_encrypted = False
        self._heard_ns = self._asked_ns = clock.mono_ns()
        self._keep_alive_ns = 0
        self._number = 0
        self._ended = asyncio.Event()

    async def open(self, host: str, port: int, context: ssl.SSLContext | None) -> None:
        """Open the socket.

        Raises:
            OSError: nobody is there, or the certificate isn't trusted.
        """
        self._is_encrypted = context is not None
        await asyncio.get_running_loop().create_connection(lambda: self, host, port, ssl=context)

    async def greet(self, hello: Hello) -> bool:
        """Introduce the station; True if the broker has kept its session.

        Raises:
            LinkError, OSError: the broker refuses, or goes away.
        """
        self._send(packets.connect(hello))
        body = (await self._greeting).body
        if len(body) != 2:
            raise PacketError("a CONNACK of another length than two")
        if body[1]:
            raise LinkError(refusal(body[1]))
        self._keep_alive_ns = hello.keep_alive_s * 500_000_000
        return bool(body[0] & 1)

    async def subscribe(self, topics: Sequence[str], qos: int, patience_s: float) -> list[str]:
        """Ask for topics; return those that the broker refuses.

        Raises:
            LinkError, OSError, TimeoutError: the broker goes away, or doesn't answer a request for so long.
        """
        refused: list[str] = []
        for start in range(0, len(topics), _PER_SUBSCRIBE):
            part = list(topics[start : start + _PER_SUBSCRIBE])
            self._number += 1
            answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
            self._send(packets.subscribe(self._number, part, qos))
            async with asyncio.timeout(patience_s):
                codes = await answer
            if len(codes) != len(part):
                raise PacketError("a SUBACK for another number of topics")
            refused += [topic for topic, code in zip(part, codes, strict=True) if code >= REFUSED]
        return refused

    def publish(self, topic: str, payload: bytes) -> None:
        """Send a message once; whether it arrives, nobody says.

        Raises:
            OSError: the connection is gone.
        """
        self._send(packets.publish(topic, payload))

    def acknowledge(self, numbers: Sequence[int]) -> None:
        """Tell the broker that these messages need not be kept; read on if that was held up."""
        if self._transport is None or self._transport.is_closing():
            return
        if numbers:
            told = b"".join(map(packets.acknowledge, numbers))
            self.on_frame(True, told)
            self._transport.write(told)
        if self._is_paused and not self._inbox.is_full:
            self._is_paused = False
            self._heard_ns = self._clock.mono_ns()
            self._transport.resume_reading()

    def problem(self, patience_ns: int) -> Exception | None:
        """Return why this connection is of no more use; asks a silent broker whether it still listens."""
        if self._error is not None:
            return self._error
        now_ns = self._clock.mono_ns()
        if self._is_paused:
            return None
        if self._heard_ns < self._asked_ns and now_ns - self._asked_ns > patience_ns:
            self._error = LinkError(MUTE)
            return self._error
        if now_ns - self._asked_ns > self._keep_alive_ns:
            self._asked_ns = now_ns
            self._send(packets.PING)
        return None

    async def close(self) -> None:
        """Take leave and close the socket, without waiting for the broker.

        What a broken or mute connection hasn't delivered is thrown away: a command may not arrive minutes later.
        """
        if self._transport is None:
            return
        if self._error is None and not self._transport.is_closing():
            self._transport.write(packets.DISCONNECT)
        is_broken = self._error is not None or bool(self._transport.get_write_buffer_size())
        if is_broken:
            drop_unsent(self._transport.get_extra_info("socket"))
        if is_broken or self._is_encrypted:
            self._transport.abort()
        else:
            self._transport.close()
        await self._ended.wait()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        watch_over(transport.get_extra_info("socket"))
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(exc or LinkError(LOST))
        self._ended.set()

    def data_received(self, data: bytes) -> None:
        self._heard_ns = self._clock.mono_ns()
        self.on_frame(False, data)
        try:
            for packet in self._parser.feed(data):
                self._take(packet)
        except PacketError as error:
            self._fail(error)
            if self._transport is not None:
                self._transport.abort()
            return
        if self._inbox.is_full and not self._is_paused and self._transport is not None:
            self._is_paused = True
            self._transport.pause_reading()
        if len(self._inbox):
            self._on_arrival()

    def _take(self, packet: Packet) -> None:
        kind = packet.kind
        if kind == packets.PUBLISH:
            topic, payload, number, is_retained = packets.published(packet)
            self._inbox.put(Message(topic, payload, number, is_retained, self._heard_ns))
        elif kind == packets.CONNACK and not self._greeting.done():
            self._greeting.set_result(packet)
        elif kind == packets.SUBACK:
            number, codes = packets.suback(packet)
            answer = self._answers.pop(number, None)
            if answer is not None and not answer.done():
                answer.set_result(codes)
        elif kind != packets.PINGRESP:
            raise PacketError("a second CONNACK")

    def _send(self, data: bytes) -> None:
        if self._error is not None:
            raise self._error
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError
        self.on_frame(True, data)
        self._transport.write(data)

    def _fail(self, error: Exception) -> None:
        self._error = self._error or error
        everyone: list[asyncio.Future[Any]] = [self._greeting, *self._answers.values()]
        for waiting in everyone:
            if not waiting.done():
                waiting.set_exception(self._error)
                waiting.exception()  # nobody may be waiting
