"""The lower half of a small OPC UA server without security: frames, the channel and the session.

For servers that must be quick, or do what a good server never does. Source: OPC UA Part 6, 7.1 (UACP), 6.7.2 (chunks).
"""

import asyncio
import struct
from collections.abc import Callable, Iterator
from typing import Any

from asyncua import ua
from asyncua.common.utils import Buffer
from asyncua.ua.ua_binary import struct_from_binary, struct_to_binary

_CHUNK = 65_535 - 24
_NO_SECURITY = "http://opcfoundation.org/UA/SecurityPolicy#None"


class OpcUaConnection(asyncio.Protocol):
    """One client. `services` answers requests by their class: it gets the request and the number to answer under."""

    def __init__(self, services: dict[type, Callable[["OpcUaConnection", Any, int], Any]]) -> None:
        self._services = services
        self._classes = {
            getattr(ua.ObjectIds, f"{one.__name__}_Encoding_DefaultBinary"): one
            for one in (*services, ua.CreateSessionRequest, ua.ActivateSessionRequest, ua.CloseSessionRequest)
        }
        self._received = b""
        self._sequence = 0
        self._parts: list[bytes] = []
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None

    def data_received(self, data: bytes) -> None:
        self._received += data
        while len(self._received) >= 8:
            (size,) = struct.unpack_from("<I", self._received, 4)
            if len(self._received) < size:
                return
            frame, self._received = self._received[:size], self._received[size:]
            self._take(frame[:3], frame[3:4], frame[8:])

    def answer(self, response: Any, number: int, request: Any) -> None:
        """Send a response; errors of the request go into its header."""
        response.ResponseHeader.RequestHandle = request.RequestHeader.RequestHandle
        self.send(struct_to_binary(response), number)

    def send(self, body: bytes, number: int, kind: bytes = b"MSG") -> None:
        """Send an encoded response in chunks of the usual size."""
        if self.transport is None:
            return
        parts = [body[at : at + _CHUNK] for at in range(0, len(body), _CHUNK)]
        for i, part in enumerate(parts):
            self._sequence += 1
            head = struct.pack("<II", 1, 1) if kind == b"MSG" else struct.pack("<I", 1) + _policy()
            rest = head + struct.pack("<II", self._sequence, number) + part
            final = b"F" if i == len(parts) - 1 else b"C"
            self.transport.write(kind + final + struct.pack("<I", len(rest) + 8) + rest)

    def _take(self, kind: bytes, final: bytes, rest: bytes) -> None:
        assert self.transport is not None
        if kind == b"HEL":
            self.transport.write(b"ACKF" + struct.pack("<6I", 28, 0, 65_535, 65_535, 0, 0))
        elif kind == b"OPN":
            at = 4
            for _ in range(3):
                (length,) = struct.unpack_from("<i", rest, at)
                at += 4 + max(length, 0)
            self._open(rest[at + 8 :], struct.unpack_from("<I", rest, at + 4)[0])
        elif kind == b"MSG":
            self._parts.append(rest[16:])
            if final == b"F":
                body, self._parts = b"".join(self._parts), []
                self._request(body, struct.unpack_from("<I", rest, 12)[0])
        else:
            self.transport.close()

    def _open(self, body: bytes, number: int) -> None:
        request = struct_from_binary(ua.OpenSecureChannelRequest, Buffer(body))
        response = ua.OpenSecureChannelResponse()
        response.ResponseHeader.RequestHandle = request.RequestHeader.RequestHandle
        response.Parameters.SecurityToken.ChannelId = response.Parameters.SecurityToken.TokenId = 1
        response.Parameters.SecurityToken.RevisedLifetime = request.Parameters.RequestedLifetime
        self.send(struct_to_binary(response), number, b"OPN")

    def _request(self, body: bytes, number: int) -> None:
        kind = self._classes[struct.unpack_from("<H", body, 2)[0]]
        request = struct_from_binary(kind, Buffer(body))
        if kind is ua.CreateSessionRequest:
            response: Any = ua.CreateSessionResponse()
            response.Parameters.SessionId = response.Parameters.AuthenticationToken = ua.NodeId(1, 1)
            response.Parameters.RevisedSessionTimeout = request.Parameters.RequestedSessionTimeout
            response.Parameters.ServerEndpoints = [_endpoint(request.Parameters.EndpointUrl)]
        elif kind is ua.ActivateSessionRequest:
            response = ua.ActivateSessionResponse()
        elif kind is ua.CloseSessionRequest:
            response = ua.CloseSessionResponse()
        else:
            response = self._services[kind](self, request, number)
        if response is not None:
            self.answer(response, number, request)


def fault(status: int) -> ua.ServiceFault:
    """Return what a server answers to a request that it refuses as a whole."""
    refusal = ua.ServiceFault()
    refusal.ResponseHeader.ServiceResult = ua.StatusCode(ua.UInt32(status))
    return refusal


def slices(values: list[Any], size: int) -> Iterator[list[Any]]:
    """Give parts of at most `size` elements."""
    return (values[at : at + size] for at in range(0, len(values), size))


def _policy() -> bytes:
    uri = _NO_SECURITY.encode()
    return struct.pack("<i", len(uri)) + uri + struct.pack("<ii", -1, -1)


def _endpoint(url: str) -> ua.EndpointDescription:
    anonymous = ua.UserTokenPolicy(PolicyId="anonymous", TokenType=ua.UserTokenType.Anonymous)
    return ua.EndpointDescription(
        EndpointUrl=url,
        SecurityMode=ua.MessageSecurityMode.None_,
        SecurityPolicyUri=_NO_SECURITY,
        UserIdentityTokens=[anonymous],
        TransportProfileUri="http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary",
    )
