"""The virtual PLCs' own way from values to register words and back; shares no code with the drivers that it tests.

The name of an order gives the bytes of the 32-bit value 0xAABBCCDD as they cross the wire: ABCD is big-endian, CDAB
swaps words, BADC swaps the bytes of each word, DCBA is little-endian. 64-bit values follow the same two rules (words
reversed, bytes of each word swapped). Runs on the loop thread of the virtual plant.
"""

import math
import struct
from collections.abc import Sequence
from typing import Final

BYTE_ORDERS: Final = ("ABCD", "CDAB", "BADC", "DCBA")

_FORMATS: Final = {
    "u16": ">H",
    "i16": ">h",
    "u32": ">I",
    "i32": ">i",
    "u64": ">Q",
    "i64": ">q",
    "f32": ">f",
    "f64": ">d",
}
NUMBER_TYPES: Final = tuple(_FORMATS)
_SWAPPED_WORDS: Final = ("CDAB", "DCBA")
_SWAPPED_BYTES: Final = ("BADC", "DCBA")


def words_of(data_type: str) -> int:
    """Return how many 16-bit registers a value of a number type fills."""
    return struct.calcsize(_FORMATS[data_type]) // 2


def encode(value: float, data_type: str, byte_order: str) -> tuple[int, ...]:
    """Return the register words of one value.

    Floats carry NaN and infinities as they are; a double too large for f32 becomes infinite. Integers are rounded and
    saturate one short of their "no value" code, which stands for NaN (see `no_value`).
    """
    if data_type in ("f32", "f64"):
        packed = _pack_float(value, _FORMATS[data_type])
    else:
        packed = struct.pack(_FORMATS[data_type], _integer(value, data_type))
    return _arrange(struct.unpack(f">{len(packed) // 2}H", packed), byte_order)


def decode(words: Sequence[int], data_type: str, byte_order: str) -> float:
    """Return the value that a client wrote; an integer's "no value" code is NaN."""
    ordered = _arrange(words, byte_order)
    value = struct.unpack(_FORMATS[data_type], struct.pack(f">{len(ordered)}H", *ordered))[0]
    if data_type not in ("f32", "f64") and value == no_value(data_type):
        return math.nan
    return float(value)


def no_value(data_type: str) -> int:
    """Return an integer type's code for "no value": all ones if unsigned, the minimum (0x8000…) if signed."""
    bits = 16 * words_of(data_type)
    return (1 << bits) - 1 if data_type.startswith("u") else -(1 << (bits - 1))


def _pack_float(value: float, layout: str) -> bytes:
    try:
        return struct.pack(layout, value)
    except OverflowError:
        return struct.pack(layout, math.copysign(math.inf, value))


def _integer(value: float, data_type: str) -> int:
    absent = no_value(data_type)
    if math.isnan(value):
        return absent
    low, high = (0, absent - 1) if absent > 0 else (absent + 1, -absent - 1)
    if math.isinf(value):
        return high if value > 0 else low
    return min(max(round(value), low), high)


def _arrange(words: Sequence[int], byte_order: str) -> tuple[int, ...]:
    """Turn big-endian words into `byte_order`, and back: both steps are their own inverse."""
    ordered = tuple(reversed(words)) if byte_order in _SWAPPED_WORDS else tuple(words)
    if byte_order in _SWAPPED_BYTES:
        return tuple((word & 0xFF) << 8 | word >> 8 for word in ordered)
    return ordered
