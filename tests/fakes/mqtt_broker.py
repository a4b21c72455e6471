"""A broker on a real socket that can misbehave, in a thread of its own. Its packets are made with code of its own.

It speaks as much of MQTT 3.1.1 as a subscriber with QoS 0 or 1 sees. Sessions that a client wants kept outlive `stop`
and `start`, with all that was not acknowledged, as on the disk of a broker that restarts.
"""

import asyncio
import ssl
import struct
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Hello:
    """What a client said first."""

    client_id: str
    is_clean: bool
    keep_alive_s: int
    user: str | None = None
    password: str | None = None
    will: tuple[str, bytes] | None = None


@dataclass
class Session:
    """What the broker remembers of a client."""

    topics: dict[str, int] = field(default_factory=dict)
    waiting: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    sent: set[int] = field(default_factory=set)
    writer: asyncio.StreamWriter | None = None
    last_number: int = 0


class HostileBroker:
    """A context manager. Set what it shall do wrong: `refusal`, `refused_topics`, `is_mute`, `is_deaf_to_subscribes`.

    `on_command` is called with each message of a client, and may publish what a device would.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.port = 0
        self.refusal = 0
        self.refused_topics: set[str] = set()
        self.is_mute = False
        self.is_deaf_to_subscribes = False
        self.holds_acknowledgements = False
        self.hellos: list[Hello] = []
        self.commands: list[tuple[str, bytes, int]] = []
        self.goodbyes = 0
        self.acknowledged: list[int] = []
        self.on_command: Callable[[str, bytes], None] = lambda topic, payload: None
        self._context = context
        self._sessions: dict[str, Session] = {}
        self._retained: dict[str, bytes] = {}
        self._writers: set[asyncio.StreamWriter] = set()
        self.start()

    def __enter__(self) -> "HostileBroker":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Serve, on the same port as before."""
        self._loop = asyncio.new_event_loop()
        self._ending = asyncio.Event()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="mqtt-broker", daemon=True)
        self._thread.start()
        assert ready.wait(20)

    def stop(self) -> None:
        """End every connection; what clients wanted kept stays."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ending.set)
            self._thread.join(20)

    def drop(self) -> None:
        """Cut every connection, and go on listening."""
        self._call(self._drop())

    def publish(self, topic: str, payload: bytes | str, qos: int = 0, retain: bool = False, copies: int = 1) -> None:
        """Send a message to whoever asked for its topic; a second copy is the same packet marked as a duplicate."""
        self._call(self._publish(topic, payload.encode() if isinstance(payload, str) else payload, qos, retain, copies))

    def publish_from_loop(self, topic: str, payload: bytes) -> None:
        """As `publish`, to be called in `on_command`."""
        self._loop.create_task(self._publish(topic, payload, 0, False, 1))

    def send_raw(self, data: bytes) -> None:
        """Send bytes to every client."""
        self._call(self._send_all(data))

    @property
    def is_anybody_here(self) -> bool:
        return any(session.writer is not None and session.topics for session in self._sessions.values())

    def waiting(self, client_id: str) -> int:
        """Return how many messages a client has not acknowledged."""
        return len(self._sessions[client_id].waiting)

    def _call(self, coroutine: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(20)

    def _run(self, ready: threading.Event) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve(ready))

    async def _serve(self, ready: threading.Event) -> None:
        server = await asyncio.start_server(self._client, "127.0.0.1", self.port, ssl=self._context)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._ending.wait()
        server.close()
        await self._drop()

    async def _drop(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()
        for session in self._sessions.values():
            session.writer = None
        await asyncio.sleep(0.01)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        session: Session | None = None
        try:
            while True:
                head, body = await _packet(reader)
                if self.is_mute:
                    continue
                if head >> 4 == 1:
                    session = self._greet(body, writer)
                    if session is None:
                        break
                elif session is not None:
                    self._serve_packet(head, body, session, writer)
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            self._writers.discard(writer)
            if session is not None and session.writer is writer:
                session.writer = None
            writer.close()

    def _greet(self, body: bytes, writer: asyncio.StreamWriter) -> Session | None:
        hello = _hello(body)
        self.hellos.append(hello)
        if self.refusal:
            writer.write(bytes([0x20, 2, 0, self.refusal]))
            return None
        is_kept = not hello.is_clean and hello.client_id in self._sessions
        if not is_kept:
            self._sessions[hello.client_id] = Session()
        session = self._sessions[hello.client_id]
        session.writer = writer
        writer.write(bytes([0x20, 2, is_kept, 0]))
        for number, (topic, payload) in session.waiting.items():
            is_again = number in session.sent
            session.sent.add(number)
            writer.write(_published(topic, payload, 1, number, is_duplicate=is_again))
        return session

    def _serve_packet(self, head: int, body: bytes, session: Session, writer: asyncio.StreamWriter) -> None:
        kind = head >> 4
        if kind == 3:
            topic, rest = _cut(body)
            self.commands.append((topic.decode(), rest, head & 0x0F))
            self.on_command(topic.decode(), rest)
        elif kind == 4:
            number = int.from_bytes(body)
            self.acknowledged.append(number)
            if not self.holds_acknowledgements:
                session.waiting.pop(number, None)
        elif kind == 8 and not self.is_deaf_to_subscribes:
            self._subscribe(body, session, writer)
        elif kind == 12:
            writer.write(b"\xd0\x00")
        elif kind == 14:
            self.goodbyes += 1

    def _subscribe(self, body: bytes, session: Session, writer: asyncio.StreamWriter) -> None:
        number, rest = body[:2], body[2:]
        codes = bytearray()
        asked: list[str] = []
        while rest:
            name, rest = _cut(rest)
            topic, qos, rest = name.decode(), rest[0], rest[1:]
            codes.append(0x80 if topic in self.refused_topics else qos)
            if topic not in self.refused_topics:
                session.topics[topic] = qos
                asked.append(topic)
        writer.write(bytes([0x90]) + _length(2 + len(codes)) + number + codes)
        for topic in asked:
            if topic in self._retained:
                writer.write(_published(topic, self._retained[topic], 0, 0, is_retained=True))

    async def _publish(self, topic: str, payload: bytes, qos: int, retain: bool, copies: int) -> None:
        if retain:
            self._retained[topic] = payload
        for session in self._sessions.values():
            if topic not in session.topics:
                continue
            granted = min(qos, session.topics[topic])
            if granted:
                session.last_number += 1
                session.waiting[session.last_number] = (topic, payload)
            if session.writer is None:
                continue
            session.sent.add(session.last_number)
            for copy in range(copies):
                number = session.last_number if granted else 0
                session.writer.write(_published(topic, payload, granted, number, is_duplicate=copy > 0))
            await session.writer.drain()

    async def _send_all(self, data: bytes) -> None:
        for writer in self._writers:
            writer.write(data)
            await writer.drain()


async def _packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    (head,) = await reader.readexactly(1)
    length = shift = 0
    while True:
        (byte,) = await reader.readexactly(1)
        length |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return head, await reader.readexactly(length)


def _hello(body: bytes) -> Hello:
    assert body[:7] == b"\x00\x04MQTT\x04"
    flags = body[7]
    client_id, rest = _cut(body[10:])
    hello = Hello(client_id.decode(), bool(flags & 2), int.from_bytes(body[8:10]))
    if flags & 4:
        topic, rest = _cut(rest)
        payload, rest = _cut(rest)
        hello.will = topic.decode(), payload
    if flags & 0x80:
        user, rest = _cut(rest)
        hello.user = user.decode()
    if flags & 0x40:
        password, rest = _cut(rest)
        hello.password = password.decode()
    assert not rest
    return hello


def _cut(data: bytes) -> tuple[bytes, bytes]:
    end = 2 + int.from_bytes(data[:2])
    return data[2:end], data[end:]


def _length(length: int) -> bytes:
    encoded = bytearray()
    while length > 127:
        encoded.append(length % 128 | 128)
        length //= 128
    return bytes([*encoded, length])


def _published(
    topic: str, payload: bytes, qos: int, number: int, is_duplicate: bool = False, is_retained: bool = False
) -> bytes:
    name = topic.encode()
    body = struct.pack(">H", len(name)) + name + (struct.pack(">H", number) if qos else b"") + payload
    return bytes([0x30 | is_duplicate << 3 | qos << 1 | is_retained]) + _length(len(body)) + body
