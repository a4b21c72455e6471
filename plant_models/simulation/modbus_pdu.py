"""What a virtual PLC answers to one Modbus request: functions 1-6, 15 and 16. Pure, on the loop thread.

From the MODBUS Application Protocol Specification V1.1b3, sections 6 and 7.
"""

import struct
from collections.abc import Callable
from typing import Final

from plant_models.simulation.register_image import AddressRefusedError, RegisterImage, ValueRefusedError

ILLEGAL_FUNCTION: Final = 1
ILLEGAL_ADDRESS: Final = 2
ILLEGAL_VALUE: Final = 3

_MAX_READ_BITS, _MAX_READ_WORDS, _MAX_WRITE_BITS, _MAX_WRITE_WORDS = 2000, 125, 1968, 123
_COIL_ON: Final = 0xFF00
_BIT_TABLES: Final = {1: "co", 2: "di"}
_WORD_TABLES: Final = {3: "hr", 4: "ir"}


def answer(image: RegisterImage, request: bytes) -> bytes:
    """Return the response PDU to a request PDU; an exception response where it can't be obeyed."""
    function = request[0]
    handler = _HANDLERS.get(function)
    if handler is None:
        return _refusal(function, ILLEGAL_FUNCTION)
    try:
        return request[:1] + handler(image, function, request[1:])
    except AddressRefusedError:
        return _refusal(function, ILLEGAL_ADDRESS)
    except (ValueRefusedError, struct.error):
        return _refusal(function, ILLEGAL_VALUE)


def _refusal(function: int, code: int) -> bytes:
    return bytes([function | 0x80, code])


def _read_bits(image: RegisterImage, function: int, body: bytes) -> bytes:
    offset, count = struct.unpack(">HH", body)
    _demand(1 <= count <= _MAX_READ_BITS)
    bits = image.read(_BIT_TABLES[function], offset, count)
    number = sum(bit << i for i, bit in enumerate(bits))
    packed = number.to_bytes((count + 7) // 8, "little")
    return bytes([len(packed)]) + packed


def _read_words(image: RegisterImage, function: int, body: bytes) -> bytes:
    offset, count = struct.unpack(">HH", body)
    _demand(1 <= count <= _MAX_READ_WORDS)
    words = image.read(_WORD_TABLES[function], offset, count)
    return bytes([2 * count]) + struct.pack(f">{count}H", *words)


def _write_coil(image: RegisterImage, function: int, body: bytes) -> bytes:  # noqa: ARG001 one shape for all handlers
    offset, value = struct.unpack(">HH", body)
    _demand(value in (0, _COIL_ON))
    image.write("co", offset, [int(value == _COIL_ON)])
    return body


def _write_word(image: RegisterImage, function: int, body: bytes) -> bytes:  # noqa: ARG001
    offset, value = struct.unpack(">HH", body)
    image.write("hr", offset, [value])
    return body


def _write_coils(image: RegisterImage, function: int, body: bytes) -> bytes:  # noqa: ARG001
    offset, count, size = struct.unpack(">HHB", body[:5])
    _demand(1 <= count <= _MAX_WRITE_BITS and size == (count + 7) // 8 == len(body) - 5)
    number = int.from_bytes(body[5:], "little")
    image.write("co", offset, [number >> i & 1 for i in range(count)])
    return body[:4]


def _write_words(image: RegisterImage, function: int, body: bytes) -> bytes:  # noqa: ARG001
    offset, count, size = struct.unpack(">HHB", body[:5])
    _demand(1 <= count <= _MAX_WRITE_WORDS and size == 2 * count == len(body) - 5)
    image.write("hr", offset, struct.unpack(f">{count}H", body[5:]))
    return body[:4]


def _demand(is_valid: bool) -> None:
    if not is_valid:
        raise ValueRefusedError("a count or value that the protocol doesn't allow")


_HANDLERS: Final[dict[int, Callable[[RegisterImage, int, bytes], bytes]]] = {
    1: _read_bits,
    2: _read_bits,
    3: _read_words,
    4: _read_words,
    5: _write_coil,
    6: _write_word,
    15: _write_coils,
    16: _write_words,
}
