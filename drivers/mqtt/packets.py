"""Packets of MQTT 3.1.1 (OASIS, 2014) to bytes and back: those that a subscriber needs, nothing more.

Our own since a library in Python reads a packet with three calls of the operating system; here a block of bytes of any
size is cut into packets at once. Pure but for the parser's own buffer, used by one thread.
"""

import struct
from dataclasses import dataclass
from typing import Final, NamedTuple

CONNACK: Final = 2
PUBLISH: Final = 3
SUBACK: Final = 9
PINGRESP: Final = 13
_KINDS: Final = (CONNACK, PUBLISH, SUBACK, PINGRESP)
PING: Final = b"\xc0\x00"
DISCONNECT: Final = b"\xe0\x00"
MAX_BODY: Final = 1_048_576
"""Bytes of a packet that is kept whole; of a longer one only the beginning is."""
_KEPT: Final = 65_540
"""Enough for the longest topic and the number of a packet."""
_RETAIN: Final = 0x01
_QOS: Final = 0x06
_QOS_1: Final = 0x02


class PacketError(ValueError):
    """Bytes that no MQTT 3.1.1 broker sends."""


class Packet(NamedTuple):
    """The first byte of a packet and its body; `is_cut` if only the beginning of the body was kept."""

    head: int
    body: bytes
    is_cut: bool = False

    @property
    def kind(self) -> int:
        return self.head >> 4


class Published(NamedTuple):
    """A message of the broker; `number` is to be acknowledged, 0 for none. `payload` is None if it was too long."""

    topic: str
    payload: bytes | None
    number: int
    is_retained: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """What a client says first."""

    client_id: str
    keep_alive_s: int
    is_clean: bool
    user: str = ""
    password: str | None = None
    will_topic: str = ""
    will_payload: str = ""


def connect(hello: Hello) -> bytes:
    """Return a CONNECT (3.1); the will has QoS 1 and isn't retained."""
    flags = 0x02 * hello.is_clean
    tail = [_text(hello.client_id)]
    if hello.will_topic:
        flags |= 0x04 | 0x08
        tail += [_text(hello.will_topic), _text(hello.will_payload)]
    if hello.user:
        flags |= 0x80
        tail.append(_text(hello.user))
        if hello.password is not None:
            flags |= 0x40
            tail.append(_text(hello.password))
    head = struct.pack(">H4sBBH", 4, b"MQTT", 4, flags, hello.keep_alive_s)
    return _packet(0x10, head + b"".join(tail))


def subscribe(number: int, topics: list[str], qos: int) -> bytes:
    """Return a SUBSCRIBE (3.8)."""
    return _packet(0x82, struct.pack(">H", number) + b"".join(_text(topic) + bytes([qos]) for topic in topics))


def publish(topic: str, payload: bytes) -> bytes:
    """Return a PUBLISH (3.3) of QoS 0, not retained."""
    return _packet(0x30, _text(topic) + payload)


def acknowledge(number: int) -> bytes:
    """Return a PUBACK (3.4)."""
    return struct.pack(">BBH", 0x40, 2, number)


def published(packet: Packet) -> Published:
    """Return what a PUBLISH says.

    Raises:
        PacketError: it isn't one that follows from our subscriptions.
    """
    head, body, is_cut = packet
    end = 2 + int.from_bytes(body[:2])
    qos = head & _QOS
    number = 0
    start = end
    if qos == _QOS_1:
        start += 2
        number = int.from_bytes(body[end:start])
    if start > len(body) or qos > _QOS_1 or (qos and not number):
        raise PacketError("a PUBLISH that is too short, or of a quality of service that was never asked for")
    try:
        topic = body[2:end].decode()
    except UnicodeDecodeError as error:
        raise PacketError("a topic that is not UTF-8") from error
    return Published(topic, None if is_cut else body[start:], number, bool(head & _RETAIN))


def suback(packet: Packet) -> tuple[int, bytes]:
    """Return the number of the SUBSCRIBE and a code for each of its topics (3.9).

    Raises:
        PacketError: it is too short.
    """
    if len(packet.body) < 3:
        raise PacketError("a SUBACK that is too short")
    return int.from_bytes(packet.body[:2]), packet.body[2:]


class Parser:
    """Cuts a stream of bytes into packets. Holds at most one packet that isn't whole yet."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._needed = 0
        self._skip = 0

    def feed(self, data: bytes) -> list[Packet]:
        """Return the packets that end in `data`.

        Raises:
            PacketError: a kind of packet that we never get, or a length of more than four bytes (2.2.3).
        """
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
            if self._skip:
                return []
        if self._held:
            self._held += data
            if len(self._held) < self._needed:
                return []
            data = bytes(self._held)
        self._needed = 0
        packets: list[Packet] = []
        position = self._cut(data, packets)
        self._held = bytearray(data[position:])
        return packets

    def _cut(self, data: bytes, packets: list[Packet]) -> int:
        """Add the packets in `data`; return where the first that isn't whole begins."""
        position, end_of_data = 0, len(data)
        while position + 1 < end_of_data:
            if data[position] >> 4 not in _KINDS:
                raise PacketError(f"a packet of type {data[position] >> 4}")
            length = data[position + 1]
            start = position + 2
            if length > 127:
                length, start = _long_length(data, position + 1)
                if not start:
                    return position
            end = start + length
            if length > MAX_BODY:
                if end_of_data < start + _KEPT:
                    self._needed = start + _KEPT - position
                    return position
                packets.append(Packet(data[position], data[start : start + _KEPT], is_cut=True))
                self._skip = max(0, end - end_of_data)
            elif end > end_of_data:
                self._needed = end - position
                return position
            else:
                packets.append(Packet(data[position], data[start:end]))
            position = end
        return min(position, end_of_data)


def _long_length(data: bytes, start: int) -> tuple[int, int]:
    """Return a length of several bytes and where it ends; 0, 0 if it isn't whole yet (2.2.3)."""
    length = 0
    for place, byte in enumerate(data[start : start + 4]):
        length |= (byte & 0x7F) << (7 * place)
        if byte < 128:
            return length, start + place + 1
    if len(data) - start >= 4:
        raise PacketError("a length of more than four bytes")
    return 0, 0


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">H", len(data)) + data


def _packet(head: int, body: bytes) -> bytes:
    length = len(body)
    encoded = bytearray()
    while True:
        length, digit = divmod(length, 128)
        encoded.append(digit | (0x80 if length else 0))
        if not length:
            return bytes([head]) + encoded + body
