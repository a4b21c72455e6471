"""A Modbus TCP server built for misbehaviour, on a real socket. It shares no code with the program or the simulator.

Frames are taken apart and put together by hand. `behaviour` may be changed at any time and holds for the next request.
"""

import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

Frame = bytes
_KNOWN = (1, 2, 3, 4, 5, 6, 15, 16, 22)


class Behaviour(Enum):
    """What the server does with a request."""

    NORMAL = auto()
    MUTE = auto()
    WRONG_TRANSACTION = auto()
    WRONG_UNIT = auto()
    WRONG_FUNCTION = auto()
    LYING_BYTE_COUNT = auto()
    FEWER_REGISTERS = auto()
    GARBAGE = auto()
    TRUNCATED = auto()
    TRICKLE = auto()
    LATE = auto()
    SLOW = auto()
    RAW = auto()
    CLOSE_AFTER_REPLY = auto()
    CLOSE_INSTEAD = auto()
    RESET = auto()
    MUTE_AFTER_WRITE = auto()


SPOILING = frozenset(
    {
        Behaviour.MUTE,
        Behaviour.WRONG_TRANSACTION,
        Behaviour.WRONG_UNIT,
        Behaviour.WRONG_FUNCTION,
        Behaviour.LYING_BYTE_COUNT,
        Behaviour.FEWER_REGISTERS,
        Behaviour.GARBAGE,
        Behaviour.TRUNCATED,
        Behaviour.CLOSE_INSTEAD,
        Behaviour.RESET,
    }
)
"""Whoever behaves so gives no proper answer to a request, and the driver must count it."""


@dataclass
class Memory:
    """The four tables of all units; addresses in `holes` are refused with exception 2."""

    holding: dict[int, int] = field(default_factory=dict)
    inputs: dict[int, int] = field(default_factory=dict)
    coils: dict[int, int] = field(default_factory=dict)
    discretes: dict[int, int] = field(default_factory=dict)
    holes: set[int] = field(default_factory=set)

    def table(self, function: int) -> dict[int, int]:
        return {1: self.coils, 2: self.discretes, 3: self.holding, 4: self.inputs}[function]


class HostileModbusServer:
    """Serves any number of connections, a thread each; a context manager. Every request frame is kept in `frames`.

    The first `dead_connections` receive and are never answered nor closed, as if the peer had lost its power. `spoilt`
    counts the requests that got no proper answer, `overlaps` those that came while a slow reply was under way.
    """

    def __init__(self) -> None:
        self.memory = Memory()
        self.behaviour = Behaviour.NORMAL
        self.mute_units: set[int] = set()
        self.exception_code: int | None = None
        self.most_at_once = 2000
        self.write_exception: int | None = None
        self.ignores_writes = False
        self.spoils_confirmation = False
        self.delay_s = 0.0
        self.raw_reply = b""
        self.after_write: Callable[[int], None] | None = None
        self.before_request: Callable[[Frame], None] | None = None
        self.before_reply: Callable[[Frame], None] | None = None
        self.frames: list[Frame] = []
        self.connections = 0
        self.dead_connections = 0
        self.spoilt = 0
        self.overlaps = 0
        self._ending = threading.Event()
        self._late: list[Frame] = []
        self._links: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, name="hostile-accept", daemon=True)

    def __enter__(self) -> "HostileModbusServer":
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop_connections()
        self._accepting.join()
        for thread in self._threads:
            thread.join()

    @property
    def reads(self) -> int:
        """How many read requests came so far."""
        return sum(frame[7] in (1, 2, 3, 4) for frame in list(self.frames))

    @property
    def writes(self) -> list[Frame]:
        """The write requests so far, without their transaction ids."""
        return [frame[2:] for frame in list(self.frames) if frame[7] in (5, 6, 15, 16, 22)]

    @property
    def open_connections(self) -> int:
        return len(self._links)

    def drop_connections(self) -> None:
        """Close every connection without a word."""
        with self._lock:
            for link in self._links:
                try:
                    link.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            names = {"name": "hostile-link", "daemon": True}
            thread = threading.Thread(target=self._serve, args=(link, self.connections), **names)
            self._threads.append(thread)
            with self._lock:
                self._links.add(link)
            thread.start()

    def _serve(self, link: socket.socket, number: int) -> None:
        try:
            while (frame := _receive(link)) is not None:
                self.frames.append(frame)
                if number <= self.dead_connections:
                    self._count_spoilt()
                elif not self._answer(link, frame):
                    return
        except OSError:
            return
        finally:
            with self._lock:
                self._links.discard(link)
            link.close()

    def _answer(self, link: socket.socket, frame: Frame) -> bool:
        """Answer one request in the present way; False ends the connection."""
        if self.before_request is not None:
            self.before_request(frame)
        behaviour = self.behaviour
        if behaviour in SPOILING or self.exception_code is not None or frame[6] in self.mute_units:
            self._count_spoilt()
        reply = self._reply(frame)
        if self.before_reply is not None:
            self.before_reply(frame)
        if self._is_mute(frame, behaviour):
            return True
        if behaviour is Behaviour.RESET:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if behaviour in (Behaviour.CLOSE_INSTEAD, Behaviour.RESET):
            return False
        if behaviour is Behaviour.SLOW:
            self._ending.wait(self.delay_s)
            self.overlaps += _has_more(link)
        if behaviour is Behaviour.RAW:
            link.sendall(self.raw_reply)
            return True
        if behaviour is Behaviour.LATE:
            self._late.append(reply)
            self.behaviour = Behaviour.NORMAL
            return True
        late, self._late = b"".join(self._late), []
        self._send(link, late + _spoil(reply, behaviour), behaviour)
        return behaviour is not Behaviour.CLOSE_AFTER_REPLY

    def _is_mute(self, frame: Frame, behaviour: Behaviour) -> bool:
        is_write = frame[7] > 4
        is_silent = behaviour is Behaviour.MUTE or (behaviour is Behaviour.MUTE_AFTER_WRITE and is_write)
        return is_silent or frame[6] in self.mute_units

    def _count_spoilt(self) -> None:
        with self._lock:
            self.spoilt += 1

    @staticmethod
    def _send(link: socket.socket, data: bytes, behaviour: Behaviour) -> None:
        if behaviour is not Behaviour.TRICKLE:
            link.sendall(data)
            return
        pause = threading.Event()
        for byte in data:
            link.sendall(bytes([byte]))
            pause.wait(0.002)

    def _reply(self, frame: Frame) -> Frame:
        if frame[7] not in _KNOWN:
            return _frame(frame, bytes([frame[7] | 0x80, 1]))
        function, (address, number) = frame[7], struct.unpack(">HH", frame[8:12])
        if self.exception_code is not None:
            return _frame(frame, bytes([function | 0x80, self.exception_code]))
        if function <= 4:
            return _frame(frame, self._read(function, address, number))
        if self.write_exception is not None:
            return _frame(frame, bytes([function | 0x80, self.write_exception]))
        if not self.ignores_writes:
            self._write(frame, function, address, number)
            if self.after_write is not None:
                self.after_write(address)
        confirmed = frame[7:14] if function == 22 else frame[7:12]
        return _frame(frame, confirmed[:-1] + bytes([confirmed[-1] ^ self.spoils_confirmation]))

    def _read(self, function: int, address: int, count: int) -> bytes:
        table = self.memory.table(function)
        if count > self.most_at_once:
            return bytes([function | 0x80, 3])
        if self.memory.holes & set(range(address, address + count)):
            return bytes([function | 0x80, 2])
        values = [table.get(place, 0) for place in range(address, address + count)]
        if function > 2:
            data = struct.pack(f">{count}H", *values)
        else:
            data = sum(bit << place for place, bit in enumerate(values)).to_bytes((count + 7) // 8, "little")
        return bytes([function, len(data)]) + data

    def _write(self, frame: Frame, function: int, address: int, number: int) -> None:
        if function == 5:
            self.memory.coils[address] = int(number == 0xFF00)
        elif function == 6:
            self.memory.holding[address] = number
        elif function == 16:
            words = struct.unpack(f">{number}H", frame[13 : 13 + 2 * number])
            self.memory.holding.update(enumerate(words, address))
        elif function == 22:
            or_mask = struct.unpack(">H", frame[12:14])[0]
            self.memory.holding[address] = self.memory.holding.get(address, 0) & number | or_mask & ~number & 0xFFFF


def _has_more(link: socket.socket) -> bool:
    """Tell whether another request waits already."""
    try:
        return link.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return False


def _receive(link: socket.socket) -> Frame | None:
    header = _exactly(link, 7)
    if header is None:
        return None
    rest = _exactly(link, struct.unpack(">H", header[4:6])[0] - 1)
    return None if rest is None else header + rest


def _exactly(link: socket.socket, count: int) -> bytes | None:
    data = b""
    while len(data) < count:
        part = link.recv(count - len(data))
        if not part:
            return None
        data += part
    return data


def _frame(request: Frame, pdu: bytes, transaction: int | None = None, unit: int | None = None) -> Frame:
    number = struct.unpack(">H", request[:2])[0] if transaction is None else transaction
    return struct.pack(">HHHB", number, 0, len(pdu) + 1, request[6] if unit is None else unit) + pdu


def _spoil(reply: Frame, behaviour: Behaviour) -> bytes:
    pdu = reply[7:]
    if behaviour is Behaviour.WRONG_TRANSACTION:
        return _frame(reply, pdu, transaction=(struct.unpack(">H", reply[:2])[0] + 7) & 0xFFFF)
    if behaviour is Behaviour.WRONG_UNIT:
        return _frame(reply, pdu, unit=reply[6] + 1)
    if behaviour is Behaviour.WRONG_FUNCTION:
        return _frame(reply, bytes([pdu[0] ^ 7]) + pdu[1:])
    if behaviour is Behaviour.LYING_BYTE_COUNT:
        return _frame(reply, bytes([pdu[0], pdu[1] + 1]) + pdu[2:] + b"\x00")
    if behaviour is Behaviour.FEWER_REGISTERS:
        return _frame(reply, bytes([pdu[0], pdu[1] - 2]) + pdu[2:-2])
    if behaviour is Behaviour.GARBAGE:
        return b"\x13\x37\xde\xad\xbe\xef HTTP/1.1 400 Bad Request\r\n\r\n"
    if behaviour is Behaviour.TRUNCATED:
        return reply[:-1]
    return reply
