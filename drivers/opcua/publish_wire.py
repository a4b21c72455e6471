"""A PublishResponse of data changes, straight from its bytes. Pure functions.

Written from OPC UA Part 4, 5.14.5 (Publish), 7.33 (ResponseHeader) and 7.26 (NotificationMessage), and Part 6, 5.2
(binary encoding; the numbers of the encodings are those of its NodeIds). Anything but good data changes is left to the
library.
"""

import struct
from dataclasses import dataclass
from typing import Final

from drivers.opcua.item_layout import ItemGroup, UnusualError
from drivers.opcua.item_wire import read_items

_PUBLISH_RESPONSE: Final = b"\x01\x00" + (829).to_bytes(2, "little")
_DATA_CHANGE: Final = b"\x01\x00" + (811).to_bytes(2, "little") + b"\x01"
"""A NodeId of four bytes, and a body that is a ByteString."""
_NO_OBJECT: Final = b"\x00\x00\x00"


@dataclass(frozen=True, slots=True)
class DataChanges:
    """n items of one notification, in groups of one layout each."""

    n: int
    groups: list[ItemGroup]


@dataclass(frozen=True, slots=True)
class Publish:
    """What a publish response says; without `changes` it is a keep-alive."""

    subscription: int
    sequence: int
    changes: tuple[DataChanges, ...]


def read_publish(data: bytes) -> Publish | None:
    """Return what the encoded response says, None if the library must read it."""
    try:
        return _read(data)
    except (UnusualError, struct.error, IndexError):
        return None


def _read(data: bytes) -> Publish:
    at = _header(data)
    (subscription,) = struct.unpack_from("<I", data, at)
    at = _skip_numbers(data, at + 4)  # which messages the server still holds
    _more, sequence, _sent, n = struct.unpack_from("<BIqi", data, at)
    at += 17
    changes = []
    for _ in range(max(n, 0)):
        one, at = _data_change(data, at)
        changes.append(one)
    at = _skip_numbers(data, at)  # what became of our acknowledgements
    if _nothing_in_list(data, at) != len(data):
        raise UnusualError("something follows")
    return Publish(subscription, sequence, tuple(changes))


def _header(data: bytes) -> int:
    """Check that the response is a good one without diagnostics; return where its parameters begin."""
    if not data.startswith(_PUBLISH_RESPONSE):
        raise UnusualError("not a publish response")
    _sent, _request, result, diagnostics = struct.unpack_from("<qIIB", data, 4)
    at = _nothing_in_list(data, 21)  # the string table
    if result or diagnostics or data[at : at + 3] != _NO_OBJECT:
        raise UnusualError("not plain and good")
    return at + 3


def _data_change(data: bytes, at: int) -> tuple[DataChanges, int]:
    if data[at : at + 5] != _DATA_CHANGE:
        raise UnusualError("not a data change")
    length, n = struct.unpack_from("<ii", data, at + 5)
    end = at + 9 + length
    items_end = end - 4
    if length < 8 or end > len(data):
        raise UnusualError("the length of a data change")
    if _nothing_in_list(data, items_end) != end:
        raise UnusualError("diagnostics of items")
    return DataChanges(max(n, 0), read_items(data, at + 13, items_end, max(n, 0))), end


def _skip_numbers(data: bytes, at: int) -> int:
    """Return where an array of 32-bit numbers ends (-1 elements: there is none)."""
    (n,) = struct.unpack_from("<i", data, at)
    return at + 4 + 4 * max(int(n), 0)


def _nothing_in_list(data: bytes, at: int) -> int:
    """Return where an array ends that must be empty."""
    (n,) = struct.unpack_from("<i", data, at)
    if n > 0:
        raise UnusualError("a list that is mostly empty")
    return at + 4
