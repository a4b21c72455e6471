"""A Modbus server that answers the n-th request with bytes of the test's choice and hangs up, on a real socket.

What may be believed of such an answer is judged by `proves_read` and `proves_write`, which know only the specification
(MODBUS Messaging on TCP/IP, 3.1.3): they look for the one right frame among the bytes.
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from random import Random

Answer = Callable[[bytes], bytes]


class FuzzedLink:
    """Serves one connection after the other; `answer` turns a request into the bytes to send. A context manager."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[bytes] = []
        self.sent = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._link: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, name="fuzzed-link", daemon=True)

    def __enter__(self) -> "FuzzedLink":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self._link is not None:
            with contextlib.suppress(OSError):
                self._link.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            self._link = link
            with link:
                try:
                    self._answer(link)
                except OSError:
                    continue

    def _answer(self, link: socket.socket) -> None:
        while request := link.recv(300):
            self.requests = [request]
            self.sent = self.answer(request)
            link.sendall(self.sent)
            link.shutdown(socket.SHUT_WR)


def proves_read(request: bytes, sent: bytes, data: bytes) -> bool:
    """Tell whether `sent` holds the right reply to a read, with exactly these data bytes."""
    pdu = bytes([request[7], len(data)]) + data
    return _frame(request, pdu) in sent


def proves_write(request: bytes, sent: bytes) -> bool:
    """Tell whether `sent` holds the frame that confirms a write: its echo, of several registers address and count."""
    return _frame(request, request[7:12] if request[7] == 16 else request[7:]) in sent


def right_reply(request: bytes, source: Random) -> bytes:
    """Return the frame that a good device would send, with random data."""
    function, count = request[7], struct.unpack(">H", request[10:12])[0]
    if function <= 2:
        return _frame(request, bytes([function, (count + 7) // 8]) + source.randbytes((count + 7) // 8))
    if function <= 4:
        return _frame(request, bytes([function, 2 * count]) + source.randbytes(2 * count))
    return _frame(request, request[7:14] if function == 22 else request[7:12])


def spoilt(reply: bytes, source: Random) -> bytes:
    """Return a reply with one to three things wrong; now and then none."""
    for _ in range(source.choice((0, 1, 1, 1, 2, 3))):
        reply = source.choice(_WAYS)(reply, source)
    return reply


def _frame(request: bytes, pdu: bytes) -> bytes:
    return request[:4] + struct.pack(">H", len(pdu) + 1) + request[6:7] + pdu


def _flip(data: bytes, source: Random) -> bytes:
    if not data:
        return data
    place = source.randrange(min(len(data), 12)) if source.random() < 0.7 else source.randrange(len(data))
    return data[:place] + bytes([data[place] ^ source.randint(1, 255)]) + data[place + 1 :]


def _cut(data: bytes, source: Random) -> bytes:
    return data[: source.randint(0, len(data))]


def _insert(data: bytes, source: Random) -> bytes:
    place = source.randint(0, len(data))
    return data[:place] + source.randbytes(source.randint(1, 6)) + data[place:]


def _drop(data: bytes, source: Random) -> bytes:
    place = source.randint(0, len(data))
    return data[:place] + data[place + source.randint(1, 4) :]


def _twice(data: bytes, source: Random) -> bytes:
    return data + data


def _noise(data: bytes, source: Random) -> bytes:
    return source.randbytes(source.randint(0, 300))


def _exception(data: bytes, source: Random) -> bytes:
    function = data[7] if len(data) > 7 else source.randrange(128)
    return data[:4] + b"\x00\x03" + data[6:7] + bytes([function | 0x80, source.randrange(256)])


def _before(data: bytes, source: Random) -> bytes:
    return source.randbytes(source.randint(1, 20)) + data


_WAYS = (_flip, _flip, _cut, _insert, _drop, _twice, _noise, _exception, _before)
