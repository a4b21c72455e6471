"""Registers to numbers and back, vectorised per (type, byte order). Pure functions, any thread.

A register is 16 bits, sent high byte first. Where the bytes of a value go, A being the most significant one:

| order | 16 bits | 32 bits     | 64 bits                 | meaning                          |
|-------|---------|-------------|-------------------------|----------------------------------|
| ABCD  | AB      | AB CD       | AB CD EF GH             | most significant register first  |
| CDAB  | AB      | CD AB       | GH EF CD AB             | least significant register first |
| BADC  | BA      | BA DC       | BA DC FE HG             | as ABCD, bytes swapped           |
| DCBA  | BA      | DC BA       | HG FE DC BA             | as CDAB, bytes swapped           |

"Bytes swapped" holds for every register of the device, 16-bit values, single bits and texts included. The registers of
a text stand in their order whatever the byte order says: only numbers have a most significant register.
"""

import math
import re
import struct
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from plant_models.message import message
from plant_models.tag import BCD, INTEGER_LIMITS, REGISTERS, DataType

Registers = NDArray[np.uint16]

BYTE_ORDERS: Final = ("ABCD", "CDAB", "BADC", "DCBA")
_WORDS_SWAPPED: Final = ("CDAB", "DCBA")
_BYTES_SWAPPED: Final = ("BADC", "DCBA")
_REGISTER: Final = np.dtype(">u2")
_WIRE_TYPES: Final[Mapping[DataType, np.dtype[Any]]] = {
    DataType.U16: np.dtype(">u2"),
    DataType.I16: np.dtype(">i2"),
    DataType.U32: np.dtype(">u4"),
    DataType.I32: np.dtype(">i4"),
    DataType.U64: np.dtype(">u8"),
    DataType.I64: np.dtype(">i8"),
    DataType.F32: np.dtype(">f4"),
    DataType.F64: np.dtype(">f8"),
    DataType.BCD16: np.dtype(">u2"),
    DataType.BCD32: np.dtype(">u4"),
}
_NATIVE_TYPES: Final = {data_type: wire.newbyteorder("=") for data_type, wire in _WIRE_TYPES.items()}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def registers_of(payload: bytes) -> Registers:
    """Return the registers of a reply's data bytes, shape (len // 2,), no copy: in the wire's byte order."""
    return np.frombuffer(payload, _REGISTER)


def bits_of(payload: bytes) -> NDArray[np.uint8]:
    """Return the bits of a reply's data bytes as 0 and 1, lowest address first, shape (8 × len,)."""
    return np.unpackbits(np.frombuffer(payload, np.uint8), bitorder="little")


def decode(registers: Registers, data_type: DataType, byte_order: str) -> NDArray[Any]:
    """Return n numbers of `data_type` from registers of shape (n, registers per value), as they came.

    BCD comes as float64; what has a digit above 9 is NaN.
    """
    if byte_order in _WORDS_SWAPPED:
        registers = registers[:, ::-1]
    if byte_order in _BYTES_SWAPPED:
        registers = registers.byteswap()
    wire = np.ascontiguousarray(registers, _REGISTER)
    numbers = wire.view(_WIRE_TYPES[data_type]).reshape(len(registers))
    native = numbers.astype(_NATIVE_TYPES[data_type])
    return _from_digits(native, 4 * registers.shape[1]) if data_type in BCD else native


def decode_bits(registers: Registers, bits: NDArray[np.uint16], byte_order: str) -> NDArray[np.uint16]:
    """Return bit `bits[i]` (0 = least significant) of `registers[i]` as 0 or 1, shape (n,)."""
    if byte_order in _BYTES_SWAPPED:
        registers = registers.byteswap()
    return (registers >> bits) & np.uint16(1)


def decode_text(registers: Registers, byte_order: str, encoding: str) -> str:
    """Return the text in registers of shape (n,): up to the first NUL, without the space after it.

    Raises:
        ValueError: the bytes are no text of that encoding, or hold control characters.
    """
    if byte_order in _BYTES_SWAPPED:
        registers = registers.byteswap()
    data = registers.astype(">u2").tobytes()
    text = data.partition(b"\0")[0].decode(encoding).rstrip()
    if _CONTROL.search(text):
        raise ValueError(f"{text!r} holds control characters")
    return text


def register_bit(bit: int, byte_order: str) -> int:
    """Return the register in which only bit `bit` (0 = least significant) of the value is set, as it is sent."""
    return 1 << (bit ^ 8 if byte_order in _BYTES_SWAPPED else bit)


def encode(raw: float, data_type: DataType, byte_order: str) -> tuple[int, ...]:
    """Return the registers that stand for `raw`; integers are rounded to the nearest.

    Raises:
        ValueError: the value doesn't fit the type; the text says what would.
    """
    registers = struct.unpack(f">{REGISTERS[data_type]}H", _bytes_of(raw, data_type))
    if byte_order in _WORDS_SWAPPED:
        registers = registers[::-1]
    if byte_order in _BYTES_SWAPPED:
        registers = tuple((word & 0xFF) << 8 | word >> 8 for word in registers)
    return registers


def _bytes_of(raw: float, data_type: DataType) -> bytes:
    if not math.isfinite(raw):
        raise ValueError(message("{value} is not a number that can be written", value=raw))
    if data_type is DataType.F64:
        return struct.pack(">d", raw)
    if data_type is DataType.F32:
        try:
            return struct.pack(">f", raw)
        except OverflowError:
            raise ValueError(message("{value:g} is too large for {type}", value=raw, type=data_type.value)) from None
    low, high = INTEGER_LIMITS[data_type]
    number = round(raw)
    if not low <= number <= high:
        raise ValueError(
            message(
                "{value} does not fit {type}, which holds {low} to {high}",
                value=number,
                type=data_type.value,
                low=low,
                high=high,
            )
        )
    if data_type in BCD:
        return bytes.fromhex(f"{number:0{4 * REGISTERS[data_type]}d}")
    return number.to_bytes(2 * REGISTERS[data_type], "big", signed=low < 0)


def _from_digits(packed: NDArray[Any], digits: int) -> NDArray[np.float64]:
    """Return numbers of decimal digits, four bits each, the most significant one first; NaN where one is above 9."""
    shifts = np.arange(4 * (digits - 1), -1, -4, dtype=packed.dtype)
    nibbles = (packed[:, None] >> shifts) & packed.dtype.type(0xF)
    numbers: NDArray[np.float64] = nibbles @ (10.0 ** np.arange(digits - 1, -1, -1))
    numbers[(nibbles > 9).any(axis=1)] = np.nan
    return numbers
