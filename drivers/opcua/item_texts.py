"""The items of a notification that hold a text, each as long as it is. Pure functions.

Source: OPC UA Part 6, 5.2.2.4 (String) and 5.2.2.14 (LocalizedText).
"""

import struct
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np

from drivers.opcua.item_layout import KIND_AT, KNOWN_MASK, STRING, ItemGroup, UnusualError, source_us_of_ticks, tail_of

_LETTERS: Final = {"<u4": "I", "<i8": "q", "<u2": "H"}


@lru_cache(maxsize=64)
def _rest(mask: int) -> tuple[struct.Struct, list[str]]:
    """Return how the parts behind the content are packed, and their names."""
    tail = tail_of(mask)
    return struct.Struct("<" + "".join(_LETTERS[code] for _, code in tail)), [name for name, _ in tail]


@dataclass(slots=True)
class Texts:
    """The items that hold a String or a LocalizedText, read one by one."""

    places: list[int] = field(default_factory=list)
    contents: list[str | None] = field(default_factory=list)
    heads: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Handle, status, source time, server time; 0 for what is left out."""

    def add(self, data: bytes, at: int, place: int) -> int:
        """Read the item that begins at `at`; return where it ends."""
        handle, mask, kind = struct.unpack_from("<IBB", data, at)
        if mask & ~KNOWN_MASK:
            raise UnusualError(f"mask {mask:#x}")
        read = _string if kind == STRING else _localized
        content, at = read(data, at + KIND_AT + 1)
        layout, names = _rest(mask)
        rest = dict(zip(names, layout.unpack_from(data, at), strict=True))
        at += layout.size
        self.places.append(place)
        self.contents.append(content)
        self.heads.append((handle, rest.get("status", 0), rest.get("source", 0), rest.get("server", 0)))
        return at

    def group(self) -> ItemGroup:
        handles, statuses, source, server = zip(*self.heads, strict=True)
        times = [np.array(server, np.int64), np.array(source, np.int64)]
        return ItemGroup(
            np.array(self.places),
            np.array(handles, np.uint32),
            list(self.contents),
            np.array(statuses, np.uint32),
            source_us_of_ticks(times, len(handles)),
        )


def _string(data: bytes, at: int) -> tuple[str | None, int]:
    """Return a String and where it ends; bytes that are no UTF-8 show as the replacement character."""
    (length,) = struct.unpack_from("<i", data, at)
    at += 4
    if length == -1:
        return None, at
    if length < 0 or at + length > len(data):
        raise UnusualError("the length of a text")
    return data[at : at + length].decode("utf-8", "replace"), at + length


def _localized(data: bytes, at: int) -> tuple[str, int]:
    """Return the text of a LocalizedText, of any language, and where it ends (Part 6, 5.2.2.14)."""
    parts = data[at]
    if parts & ~0x03:
        raise UnusualError("the parts of a text")
    at += 1
    if parts & 0x01:
        _, at = _string(data, at)
    text = None
    if parts & 0x02:
        text, at = _string(data, at)
    return text or "", at
