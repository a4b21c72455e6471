"""A column of 64-bit integers: their offsets or differences, as narrow as they go, then zstd. No I/O, any thread.

All arithmetic is modulo 2⁶⁴, so that any numbers in any order come back.
"""

import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.chunks.errors import CorruptBlobError
from history.chunks.packed import Cursor, packed

Integers = NDArray[np.int64]
_Offsets = NDArray[np.uint64]

DIFFERENCES: Final = 0x80
"""In the form byte: what follows are steps from one number to the next. The rest of the byte is the width in bits."""
_WIDTHS: Final = (0, 1, 2, 4, 8, 16, 32, 64)
_WIDTH_OF: Final = tuple(next(width for width in _WIDTHS if width >= bits) for bits in range(65))
_HEAD: Final = struct.Struct("<Bq")
_FIRST: Final = struct.Struct("<q")
_MIDDLE: Final = 128


def write_integers(numbers: Integers) -> bytes:
    """Return n >= 1 numbers as the shorter of offsets and differences."""
    steps = numbers[1:] - numbers[:-1]
    if not len(steps):
        return _offsets(numbers, 0)
    offset_width, step_width = _spread(numbers), _spread(steps)
    if not offset_width or step_width > offset_width:
        return _offsets(numbers, 0)
    if step_width < offset_width / 2:
        return write_differences(numbers)
    return min(_offsets(numbers, 0), write_differences(numbers), key=len)


def write_differences(numbers: Integers) -> bytes:
    """Return n >= 1 numbers as differences, without trying what is shorter; read like any."""
    first = _FIRST.pack(numbers[0])
    return (
        _offsets(numbers[1:] - numbers[:-1], DIFFERENCES, first)
        if len(numbers) > 1
        else _HEAD.pack(DIFFERENCES, 0) + first
    )


def read_integers(cursor: Cursor, n: int) -> Integers:
    """Return the next column of n >= 1 numbers.

    Raises:
        CorruptBlobError: there is no such column.
    """
    form, base = cursor.take(_HEAD)
    width = form & ~DIFFERENCES
    if width not in _WIDTHS:
        raise CorruptBlobError(f"a column of integers of {width} bits")
    if not form & DIFFERENCES:
        return _read_offsets(cursor, n, width, base)
    first = cursor.take(_FIRST)[0]
    if not width:
        line: Integers = np.arange(n, dtype=np.int64) * base + first
        return line
    numbers = np.empty(n, np.int64)
    numbers[0] = first
    numbers[1:] = _read_offsets(cursor, n - 1, width, base)
    return np.cumsum(numbers, out=numbers)


def _offsets(numbers: Integers, flag: int, first: bytes = b"") -> bytes:
    smallest, largest = int(numbers.min()), int(numbers.max())
    width = _width(largest - smallest)
    if not width:
        return _HEAD.pack(flag, smallest) + first
    base = _well_placed(numbers, smallest, largest) if width > 8 else smallest
    offsets = numbers.view(np.uint64) - np.uint64(base % 2**64)
    return _HEAD.pack(flag | width, base) + first + packed(_narrowed(offsets, width))


def _spread(numbers: Integers) -> int:
    return _width(int(numbers.max()) - int(numbers.min()))


def _width(spread: int) -> int:
    return _WIDTH_OF[spread.bit_length()]


def _well_placed(numbers: Integers, smallest: int, largest: int) -> int:
    """Return a base that puts the middle of the numbers in the middle of a byte: upper bytes then rarely change."""
    few = np.sort(numbers[:: len(numbers) // 64 + 1])
    middle = int(few[len(few) // 2])
    base = smallest - (_MIDDLE - (middle - smallest)) % 256
    is_possible = base >= -(2**63) and _width(largest - base) == _width(largest - smallest)
    return base if is_possible else smallest


def _narrowed(offsets: _Offsets, width: int) -> bytes:
    """Return numbers below 2**width: all first bytes, all second bytes ...; or several of them in each byte."""
    if width >= 8:
        narrow = offsets.astype(f"<u{width // 8}")
        return narrow.view(np.uint8).reshape(len(narrow), -1).T.tobytes()
    per_byte = 8 // width
    padded = np.zeros((-(-len(offsets) // per_byte), per_byte), np.uint8)
    padded.reshape(-1)[: len(offsets)] = offsets
    joined = padded[:, 0].copy()
    for place in range(1, per_byte):
        joined |= padded[:, place] << np.uint8(place * width)
    return joined.tobytes()


def _read_offsets(cursor: Cursor, n: int, width: int, base: int) -> Integers:
    if not width:
        return np.full(n, base, np.int64)
    plain = np.frombuffer(cursor.block(-(-n * width // 8)), np.uint8)
    numbers: Integers = _joined(plain, n, width).astype(np.int64)
    numbers += base
    return numbers


def _joined(plain: NDArray[np.uint8], n: int, width: int) -> NDArray[np.unsignedinteger]:
    """Return n numbers from their bytes, no wider than they need be: every pass over fewer bytes is faster."""
    if width < 8:
        apart = np.empty((len(plain), 8 // width), np.uint8)
        for place in range(8 // width):
            np.bitwise_and(plain >> np.uint8(place * width), 2**width - 1, out=apart[:, place])
        return apart.reshape(-1)[:n]
    planes = plain.reshape(-1, n)
    if width == 8:
        plane: NDArray[np.uint8] = planes[0]
        return plane
    if width == 64:
        whole: NDArray[np.uint64] = np.ascontiguousarray(planes.T).reshape(-1).view("<u8")
        return whole
    numbers: NDArray[np.unsignedinteger] = planes[-1].astype(f"u{width // 8}")
    for plane in planes[-2::-1]:
        numbers <<= 8
        numbers |= plane
    return numbers
