"""Bytes within a blob: written as they are or as a zstd frame, read with every length checked. No I/O, any thread."""

import struct
import threading
from typing import Any, Final

import zstandard

from history.chunks.errors import CorruptBlobError

_LEVEL: Final = 3
_WORTH_TRYING: Final = 32
"""Fewer bytes than this are no smaller as a frame of zstd."""
_LENGTH: Final = struct.Struct("<I")


class _Coders(threading.local):
    """zstd's objects must not be used by two threads at once."""

    def __init__(self) -> None:
        self.packer = zstandard.ZstdCompressor(level=_LEVEL)
        self.unpacker = zstandard.ZstdDecompressor()


_coders: Final = _Coders()


def packed(plain: bytes) -> bytes:
    """Return a block: its length and whether it is a frame of zstd, and the shorter of both forms."""
    if len(plain) >= _WORTH_TRYING:
        frame = _coders.packer.compress(plain)
        if len(frame) < len(plain):
            return _LENGTH.pack(len(frame) << 1 | 1) + frame
    return _LENGTH.pack(len(plain) << 1) + plain


class Cursor:
    """Reads a body from its beginning to its end."""

    def __init__(self, body: memoryview) -> None:
        self._body, self._at = body, 0

    def take(self, layout: struct.Struct) -> tuple[Any, ...]:
        """Return the next numbers.

        Raises:
            struct.error: so many bytes aren't left.
        """
        numbers = layout.unpack_from(self._body, self._at)
        self._at += layout.size
        return numbers

    def bytes(self, length: int) -> memoryview:
        """Return the next bytes as they stand."""
        part = self._body[self._at : self._at + length]
        if len(part) != length:
            raise CorruptBlobError(f"{length} bytes were expected where only {len(part)} are left")
        self._at += length
        return part

    def block(self, length: int) -> memoryview:
        """Return the next block, which must be `length` bytes when unpacked."""
        word: int = _LENGTH.unpack(self.bytes(_LENGTH.size))[0]
        stored = self.bytes(word >> 1)
        plain = memoryview(_unpacked(stored, length)) if word & 1 else stored
        if len(plain) != length:
            raise CorruptBlobError(f"a block of {len(plain)} bytes instead of {length}")
        return plain

    def finish(self) -> None:
        """Nothing may be left."""
        if self._at != len(self._body):
            raise CorruptBlobError(f"{len(self._body) - self._at} bytes too many")


def _unpacked(frame: memoryview, length: int) -> bytes:
    """Return what a frame says; one that claims another length is not even tried, since it could fill the memory."""
    try:
        claimed = zstandard.frame_content_size(frame)
        if claimed != length:
            raise CorruptBlobError(f"a block of {claimed} bytes instead of {length}")
        return _coders.unpacker.decompress(frame, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise CorruptBlobError(f"a block can't be unpacked: {error}") from error
