"""What every blob begins with: kind, version and checksum, so that damage is noticed before a byte is believed.

No I/O, any thread. The layout of these six bytes is the same in all versions: see docs/reference/history-format.md.
"""

import struct
import zlib
from enum import IntEnum
from typing import Final

from history.chunks.errors import CorruptBlobError, NewerBlobError

VERSION: Final = 1
"""What is written, but for hours that were thinned."""
THINNED: Final = 2
"""The version of such an hour."""
_HEAD: Final = struct.Struct("<BBI")
_TAG: Final = struct.Struct("<I")


class Kind(IntEnum):
    """The first byte, a letter."""

    CHUNK = ord("C")
    SEGMENT = ord("S")
    ROLLUP = ord("R")


NAMES: Final = {Kind.CHUNK: "an hour of a tag", Kind.SEGMENT: "a minute of tags", Kind.ROLLUP: "roll-up cells of a tag"}


_NEWEST: Final = {Kind.CHUNK: THINNED, Kind.SEGMENT: VERSION, Kind.ROLLUP: VERSION}


def seal(kind: Kind, body: bytes | bytearray, version: int = VERSION) -> bytes:
    """Return the blob with this body."""
    return _HEAD.pack(kind, version, _checksum(kind, version, body)) + body


def unseal(kind: Kind, blob: bytes) -> memoryview:
    """Return the body of a blob.

    Raises:
        CorruptBlobError: it is damaged, or of another kind.
        NewerBlobError: it is whole, but of a version that isn't known here.
    """
    if len(blob) < _HEAD.size:
        raise CorruptBlobError(f"{len(blob)} bytes are too few for a blob")
    found_kind, version, checksum = _HEAD.unpack_from(blob)
    body = memoryview(blob)[_HEAD.size :]
    if _checksum(found_kind, version, body) != checksum:
        raise CorruptBlobError(f"the checksum doesn't fit its {len(blob)} bytes")
    if found_kind != kind:
        raise CorruptBlobError(f"this is a blob of another kind ({chr(found_kind)!r})")
    if version > _NEWEST[kind]:
        raise NewerBlobError(f"{NAMES[kind]}: version {version} is unknown; a newer Clearwell wrote this blob")
    return body


def with_tag(kind: Kind, blob: bytes, tag: int) -> bytes:
    """Return an hour or roll-up cells of a tag as those of another; all else stays to the bit: the id comes first.

    Raises:
        CorruptBlobError: it is damaged, or of another kind.
        NewerBlobError: it is whole, but of a version that isn't known here.
    """
    body = _TAG.pack(tag) + unseal(kind, blob)[_TAG.size :]
    version = blob[1]
    return _HEAD.pack(kind, version, _checksum(kind, version, body)) + body


def _checksum(kind: int, version: int, body: bytes | bytearray | memoryview) -> int:
    return zlib.crc32(body, zlib.crc32(bytes((kind, version))))
