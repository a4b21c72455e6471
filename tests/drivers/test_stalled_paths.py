"""A connection that is given up delivers nothing later: the system watches over it, and it ends with a reset."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from drivers.counters import Counters
from drivers.mqtt.inbox import Inbox
from drivers.mqtt.link import Link
from drivers.mqtt.packets import Hello
from drivers.opcua.session import Session
from tests.fakes.clock import ManualClock
from tests.fakes.sink import TableSink
from tests.fakes.small_plant import opcua_device, small_plant

CONNACK = b"\x20\x02\x00\x00"


class Peer:
    """The other end: it greets, and then only listens. `end` is how the connection ended for it."""

    def __init__(self, greeting: bytes) -> None:
        self._greeting = greeting
        self.port = 0
        self.end: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self._greeting)
        try:
            await reader.read()
            self.end.set_result("orderly")
        except ConnectionResetError:
            self.end.set_result("reset")
        writer.close()


@asynccontextmanager
async def listening(greeting: bytes = b"") -> AsyncIterator[Peer]:
    peer = Peer(greeting)
    async with await asyncio.start_server(peer.serve, "127.0.0.1", 0) as server:
        peer.port = server.sockets[0].getsockname()[1]
        yield peer


def is_watched(link: Any) -> bool:
    return bool(link.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 10_000)


async def mqtt_end(clock: ManualClock, is_mute: bool) -> str:
    async with listening(CONNACK) as peer:
        link = Link(Inbox(), clock, lambda: None)
        await link.open("127.0.0.1", peer.port, None)
        await link.greet(Hello(client_id="cw", keep_alive_s=10, is_clean=True))
        assert link._transport is not None
        assert is_watched(link._transport.get_extra_info("socket"))
        link.publish("a", b"1")
        if is_mute:
            clock.advance(6.0)
            assert link.problem(2_000_000_000) is None  # it asks
            clock.advance(3.0)
            assert link.problem(2_000_000_000) is not None
        await link.close()
        return await peer.end


def test_a_mute_broker_is_left_with_a_reset_and_a_sound_one_in_order() -> None:
    assert asyncio.run(mqtt_end(ManualClock(), is_mute=True)) == "reset"
    assert asyncio.run(mqtt_end(ManualClock(), is_mute=False)) == "orderly"


async def opcua_end(take_leave: Callable[[asyncio.Transport], Awaitable[None]]) -> str:
    """Return how a session ends whose library takes leave in some way; without a server, which would answer."""
    clock = ManualClock()
    device = opcua_device("UA", 1)
    session = Session(device, {}, {}, TableSink(small_plant([device], []), clock), clock, Counters("UA", clock))
    async with listening() as peer:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(asyncio.Protocol, "127.0.0.1", peer.port)

        async def connect(client: Any) -> None:
            client.uaclient.protocol = SimpleNamespace(transport=transport, state=None)

        session.client.disconnect = lambda: take_leave(transport)
        session.client.disconnect_socket = lambda: None
        session._publishing.hook = lambda: None
        await session.open({}, SimpleNamespace(connect=connect))
        assert is_watched(transport.get_extra_info("socket"))
        await session.close()
        return await peer.end


@pytest.mark.parametrize("is_mute", [True, False])
def test_an_opcua_server_that_does_not_let_go_is_left_with_a_reset(
    monkeypatch: pytest.MonkeyPatch, is_mute: bool
) -> None:
    async def never(_: asyncio.Transport) -> None:
        await asyncio.sleep(3600)

    async def orderly(transport: asyncio.Transport) -> None:
        transport.close()
        await asyncio.sleep(0)

    monkeypatch.setattr("drivers.opcua.session._GOODBYE_S", 0.01)
    monkeypatch.setattr(Session, "problem", lambda _: "mute" if is_mute else "")
    assert asyncio.run(opcua_end(never)) == "reset"
    assert asyncio.run(opcua_end(orderly)) == ("reset" if is_mute else "orderly")
