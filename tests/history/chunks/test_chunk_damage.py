"""Bodies that make no sense although their checksum is right: each says what is wrong, and none gives samples."""

import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
import zstandard

from history.chunks.chunk import read_chunk, write_chunk
from history.chunks.errors import CorruptBlobError
from history.chunks.integers import read_integers, write_integers
from history.chunks.packed import Cursor
from history.chunks.qualities import read_qualities
from history.chunks.segment import read_segment
from history.chunks.texts import read_texts
from history.chunks.times import read_times
from history.chunks.values import read_values
from tests.history.chunks.blobs import T0_US, chunk_of, samples


def integers(*numbers: int) -> bytes:
    return write_integers(np.array(numbers, np.int64))


def block(plain: bytes) -> bytes:
    return struct.pack("<I", len(plain) << 1) + plain


BYTES = struct.pack("<Bq", 8, 0)
"""The head of a column of integers of 8 bits."""
FRAME = zstandard.compress(bytes(100))

BAD_COLUMNS: dict[str, tuple[Callable[[Cursor, int], object], bytes, str]] = {
    "a width that is none": (read_integers, struct.pack("<Bq", 3, 0), "a column of integers of 3 bits"),
    "a short block": (read_integers, BYTES + block(b"\0"), "a block of 1 bytes instead of 2"),
    "a block that goes on": (read_integers, BYTES + struct.pack("<I", 99), "49 bytes were expected where only 0"),
    "a frame that is too long": (
        read_integers,
        BYTES + struct.pack("<I", len(FRAME) << 1 | 1) + FRAME,
        "a block of 100 bytes instead of 2",
    ),
    "a frame that is none": (read_integers, BYTES + struct.pack("<I", 5) + b"xx", "a block can't be unpacked"),
    "times": (read_times, struct.pack("<BIq", 2, 1, 0), "times of the unknown form 2"),
    "values": (read_values, b"\x08", "values of the unknown form 8"),
    "too many places": (read_values, struct.pack("<BBI", 1, 10, 0) + integers(1, 2), "10 places and 0 exceptions"),
    "too many exceptions": (read_values, struct.pack("<BBI", 1, 0, 3) + integers(1, 2), "0 places and 3 exceptions"),
    "an exception far away": (
        read_values,
        struct.pack("<BBI", 1, 0, 1) + integers(1, 2) + integers(2) + integers(0),
        "an exception beyond the end",
    ),
    "a dictionary without words": (read_values, struct.pack("<BI", 3, 0), "a dictionary of 0 words for 2 values"),
    "a code that is none": (
        read_values,
        struct.pack("<BI", 3, 1) + integers(1) + integers(0, 1),
        "a code that the dictionary doesn't have",
    ),
    "qualities": (read_qualities, b"\x03", "qualities of the unknown form 3"),
    "too many runs": (read_qualities, struct.pack("<BI", 1, 3), "3 runs of 2 qualities"),
    "runs that are too long": (
        read_qualities,
        struct.pack("<BI", 1, 2) + integers(1, 2) + integers(0, 0),
        "runs of other than 2 qualities",
    ),
    "too many texts": (read_texts, struct.pack("<II", 3, 1), "3 texts of 1 bytes for 2 samples"),
    "texts without end": (read_texts, struct.pack("<II", 1, 2**26), "1 texts of 67108864 bytes for 2 samples"),
    "texts of another length": (
        read_texts,
        struct.pack("<II", 1, 2) + integers(1) + block(b"ab"),
        "texts of other than 2 bytes",
    ),
    "a text that isn't UTF-8": (read_texts, struct.pack("<II", 1, 1) + integers(1) + block(b"\xff"), "isn't UTF-8"),
    "the number of no text": (
        read_texts,
        struct.pack("<II", 1, 1) + integers(1) + block(b"a") + integers(0, 1),
        "the number of a text that isn't there",
    ),
}


@pytest.mark.parametrize(("read", "column", "reason"), BAD_COLUMNS.values(), ids=BAD_COLUMNS)
def test_a_column_that_makes_no_sense(read: Callable[[Cursor, int], object], column: bytes, reason: str) -> None:
    with pytest.raises(CorruptBlobError, match=reason):
        read(Cursor(memoryview(column)), 2)


def sealed(kind: bytes, body: bytes) -> bytes:
    return kind + b"\1" + struct.pack("<I", zlib.crc32(kind + b"\1" + body)) + body


TWO = write_chunk(chunk_of(samples([T0_US, T0_US + 5], [1, 2])))[6:]
TAGS = integers(3, 4) + integers(1, 1)


@pytest.mark.parametrize(
    ("read", "blob", "reason"),
    [
        (read_chunk, sealed(b"C", TWO + b"\0"), "1 bytes too many"),
        (read_chunk, sealed(b"C", TWO[:4] + bytes(4) + TWO[8:]), "0 samples with flags 0"),
        (read_chunk, sealed(b"C", TWO[:8] + b"\10" + TWO[9:]), "2 samples with flags 8"),
        (read_chunk, sealed(b"C", TWO[:8] + b"\4" + TWO[9:]), "2 samples with flags 4"),
        (read_chunk, sealed(b"C", TWO[:8] + b"\2" + TWO[9:] + integers(5, 0)), "more samples were left out"),
        (read_chunk, sealed(b"C", TWO[:8] + b"\2" + TWO[9:] + integers(-1, 0)), "more samples were left out"),
        (read_chunk, sealed(b"C", TWO[:8] + b"\2" + TWO[9:] + integers(0, 1)), "more samples were left out"),
        (read_chunk, sealed(b"C", TWO[:9] + b"\1" + TWO[10:]), "is no full hour"),
        (read_segment, sealed(b"S", struct.pack("<BIB", 65, 99, 0)), "99 samples of 65 tags with flags 0"),
        (read_segment, sealed(b"S", struct.pack("<BIB", 2, 3, 0) + TAGS + integers(0, 0)), "tags with other than 3"),
        (read_segment, sealed(b"S", struct.pack("<BIB", 2, 2, 0) + TAGS + integers(0, 26)), "kept in an unknown way"),
        (read_segment, sealed(b"S", struct.pack("<BIB", 2, 2, 0) + TAGS + integers(0, 48)), "kept in an unknown way"),
    ],
)
def test_a_body_that_makes_no_sense(read: Callable[[bytes], object], blob: bytes, reason: str) -> None:
    with pytest.raises(CorruptBlobError, match=reason):
        read(blob)
