"""Seeing the bytes that an OPC UA client sends and receives, as they are on the wire. Runs on the OPC UA thread."""

from collections.abc import Callable
from typing import Any

from asyncua.client.client import Client

OnFrame = Callable[[bool, bytes], object]


def tap(client: Client, on_frame: OnFrame) -> None:
    """Call `on_frame` with whether bytes were sent, and with these bytes; before the client connects."""
    library: Any = client.uaclient
    make = library._make_protocol

    def make_tapped() -> Any:
        protocol = make()
        received, made = protocol.data_received, protocol.connection_made

        def data_received(data: bytes) -> None:
            on_frame(False, data)
            received(data)

        protocol.connection_made = lambda transport: made(_TappedTransport(transport, on_frame))
        protocol.data_received = data_received
        return protocol

    library._make_protocol = make_tapped


class _TappedTransport:
    """A transport that shows what is written to it."""

    def __init__(self, transport: Any, on_frame: OnFrame) -> None:
        self._transport = transport
        self._on_frame = on_frame

    def write(self, data: bytes) -> None:
        self._on_frame(True, data)
        self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
