"""What the frames of a Modbus device are, in a few words for its trace: what is asked, what is answered.

From MODBUS Application Protocol Specification V1.1b3, sections 6 and 7, and the frames around it (`mbap.py`, `rtu.py`).
What is no frame of Modbus has no name. Runs on the thread of the connection, and only while a trace is on.
"""

import struct
from collections.abc import Callable
from typing import Final

from drivers.modbus import pdu
from drivers.modbus.errors import BadReply, not_a_reply
from drivers.modbus.rtu import frame_size
from plant_models.message import joined, message

_OF_BITS: Final = (1, 2)
_OF_REGISTERS: Final = (3, 4, pdu.READ_WRITE)
_EXCEPTIONS: Final = {
    1: message("Exception 1: illegal function"),
    2: message("Exception 2: illegal data address"),
    3: message("Exception 3: illegal data value"),
    4: message("Exception 4: server device failure"),
    5: message("Exception 5: acknowledge"),
    6: message("Exception 6: server device busy"),
    8: message("Exception 8: memory parity error"),
    10: message("Exception 10: gateway path unavailable"),
    11: message("Exception 11: gateway target failed to respond"),
}
_HEADER: Final = struct.Struct(">HHH")
_HEADER_BYTES: Final = 7
_WORDS: Final = {5: struct.Struct(">BHH"), 7: struct.Struct(">BHHH"), 9: struct.Struct(">BHHHH")}


class FrameNames:
    """Names the frames of one device in the order in which they leave and arrive; they may come in pieces."""

    def __init__(self, *, is_rtu: bool) -> None:
        self._size: Callable[[bytes], int] = frame_size if is_rtu else _tcp_size
        self._content = slice(1, -2) if is_rtu else slice(_HEADER_BYTES, None)
        self._begun = b""

    def __call__(self, is_sent: bool, data: bytes) -> str:
        """Return what these bytes are, or complete; an empty text if they are nothing of Modbus."""
        try:
            if is_sent:
                self._begun = b""
                return request_name(data[self._content])
            return self._received(data)
        except (BadReply, IndexError, struct.error):
            self._begun = b""
            return ""

    def _received(self, data: bytes) -> str:
        self._begun += data
        names = []
        while self._begun and len(self._begun) >= (size := self._size(self._begun)):
            frame, self._begun = self._begun[:size], self._begun[size:]
            names.append(reply_name(frame[self._content]))
        return joined(names) or message("Part of an answer")


def request_name(request: bytes) -> str:
    """Return what a request asks for; only the address and what goes to a single one is told of a write.

    Raises:
        IndexError, struct.error: it is too short.
    """
    function = request[0]
    if function == pdu.READ_WRITE:
        _, first, count, write_first, write_count = _unpacked(request, 9)
        return message(
            "Read holding registers {range}, write {written}",
            range=_range(first, count),
            written=_range(write_first, write_count),
        )
    if function in _OF_BITS or function in _OF_REGISTERS:
        _, first, count = _unpacked(request, 5)
        return _read_name(function, _range(first, count))
    if function == pdu.IDENTIFY:
        return message("Read device identification")
    return _write_name(request) or message("Function {number}", number=function)


def reply_name(reply: bytes) -> str:
    """Return what a reply says.

    Raises:
        IndexError, struct.error: it is too short.
    """
    function = reply[0]
    if function & pdu.EXCEPTION:
        return _EXCEPTIONS.get(reply[1]) or message("Exception {code}", code=reply[1])
    if function in _OF_BITS:
        return message("Answer: {count} bytes of bits", count=reply[1])
    if function in _OF_REGISTERS:
        return message("Answer: {count} registers", count=reply[1] // 2)
    if function == pdu.IDENTIFY:
        return message("Answer: device identification")
    confirmed = _write_name(reply)
    return message("Confirmed: {what}", what=confirmed) if confirmed else message("Function {number}", number=function)


def _read_name(function: int, where: str) -> str:
    if function == 1:
        return message("Read coils {range}", range=where)
    if function == 2:
        return message("Read discrete inputs {range}", range=where)
    if function == 3:
        return message("Read holding registers {range}", range=where)
    return message("Read input registers {range}", range=where)


def _write_name(content: bytes) -> str:
    """Return what a request, or the reply that repeats its beginning, writes; an empty text if it doesn't."""
    function = content[0]
    if function == pdu.MASK_WRITE:
        _, address, keep, put = _unpacked(content, 7)
        return message(
            "Change bits of register {address}: and {keep:04X}, or {put:04X}", address=address, keep=keep, put=put
        )
    if function not in (pdu.WRITE_COIL, pdu.WRITE_REGISTER, pdu.WRITE_COILS, pdu.WRITE_REGISTERS):
        return ""
    _, address, second = _unpacked(content, 5)
    if function == pdu.WRITE_COIL:
        if second:
            return message("Write single coil {address}: on", address=address)
        return message("Write single coil {address}: off", address=address)
    if function == pdu.WRITE_REGISTER:
        return message("Write single register {address}: {value}", address=address, value=second)
    if function == pdu.WRITE_COILS:
        return message("Write coils {range}", range=_range(address, second))
    return message("Write registers {range}", range=_range(address, second))


def _unpacked(content: bytes, size: int) -> tuple[int, ...]:
    return _WORDS[size].unpack_from(content)


def _range(first: int, count: int) -> str:
    return str(first) if count == 1 else f"{first}–{first + count - 1}"


def _tcp_size(data: bytes) -> int:
    """Return how many bytes the frame that begins with `data` has, or at least has.

    Raises:
        BadReply: no frame begins like this.
    """
    if len(data) <= _HEADER_BYTES:
        return _HEADER_BYTES + 1
    _, protocol, length = _HEADER.unpack_from(data)
    if protocol or length < 2:
        raise not_a_reply()
    return _HEADER.size + int(length)
