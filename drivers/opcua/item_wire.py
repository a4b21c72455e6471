"""The monitored items of a data change as columns, straight from their bytes. Pure functions.

Written from OPC UA Part 4, 7.25.2 (MonitoredItemNotification) and 7.11 (DataValue), and Part 6, 5.2.2 (encodings).
Items of one layout are read by one numpy view; where layouts differ, a walk finds where each item begins, and the items
of each layout are read together. What is rare (arrays, structures, identifiers) is an `UnusualError`: the library knows
it all.
"""

import struct
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

NO_TIME: Final = np.iinfo(np.int64).min
"""Stands for the time of an item that has none."""
WRONG: Final = object()
"""Stands for a content that is neither a number nor a text."""

_VALUE, _STATUS, _SOURCE, _SERVER, _SOURCE_PICO, _SERVER_PICO = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_KNOWN_MASK: Final = 0x3F
_NULL, _BOOLEAN, _STRING, _DATE_TIME, _STATUS_CODE, _LOCALIZED_TEXT = 0, 1, 12, 13, 19, 21
_CONTENTS: Final = {
    _BOOLEAN: "u1",
    2: "i1",
    3: "u1",
    4: "<i2",
    5: "<u2",
    6: "<i4",
    7: "<u4",
    8: "<i8",
    9: "<u8",
    10: "<f4",
    11: "<f8",
    _DATE_TIME: "<i8",
    _STATUS_CODE: "<u4",
}
_LETTERS: Final = {"<u4": "I", "<i8": "q", "<u2": "H"}
_MASK_AT, _KIND_AT = 4, 5
_KIND_SHIFT: Final = 8
_ALIKE: Final = 8
"""After so many items of one layout in a row, numpy counts how many follow."""
_TICKS_PER_US: Final = 10
_UNIX_EPOCH_US: Final = 11_644_473_600_000_000
"""1970-01-01 in µs since 1601-01-01, where a DateTime begins."""
_LAST_US: Final = 253_402_300_799_000_000
"""9999-12-31 23:59:59: what a DateTime later than that stands for (Part 6, 5.2.2.5)."""


class UnusualError(ValueError):
    """The bytes are not of the common kind; they may be right all the same."""


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """k items of one layout: their places among the items of the notification, and columns of length k.

    `contents` are numbers of the server's own type, or Python objects (a text, None, `WRONG`), or None: no item of the
    group has a content. `source_us` is µs UTC of the source, else of the server, else `NO_TIME`.
    """

    places: NDArray[np.intp]
    handles: NDArray[np.uint32]
    contents: NDArray[Any] | list[Any] | None
    statuses: NDArray[np.uint32]
    source_us: NDArray[np.int64]


def read_items(data: bytes, start: int, end: int, n: int) -> list[ItemGroup]:
    """Return the n items that fill `data[start:end]`.

    Raises:
        UnusualError: there is something else than numbers, texts, times and status codes, or the items end elsewhere.
        struct.error, IndexError: the data end within an item.
    """
    if not n:
        return []
    walk = _Walk(data, start, end, n)
    texts = _Texts()
    while walk.go():
        walk.skip(texts.add(data, walk.at, walk.place))
    if walk.at != end:
        raise UnusualError("the items do not fill the notification")
    return walk.groups() + ([texts.group()] if texts.places else [])


class _Found:
    """Where the items of one layout begin: some alone, some in runs of (place, begin, count)."""

    def __init__(self, key: int) -> None:
        self.layout = _layout(key)
        self.kind = key >> _KIND_SHIFT
        self.places: list[int] = []
        self.begins: list[int] = []
        self.runs: list[tuple[int, int, int]] = []

    def group(self, data: bytes) -> ItemGroup:
        """Read the items."""
        size = self.layout.itemsize
        if len(self.runs) == 1 and not self.places:
            ((place, at, count),) = self.runs
            return _group(np.arange(place, place + count), np.frombuffer(data, self.layout, count, at), self.kind)
        places = [np.arange(place, place + count) for place, _, count in self.runs]
        begins = [np.arange(at, at + count * size, size) for _, at, count in self.runs]
        every = np.concatenate([*begins, np.array(self.begins, np.intp)])
        records = np.frombuffer(data, np.uint8)[every[:, np.newaxis] + np.arange(size)].view(self.layout).reshape(-1)
        return _group(np.concatenate([*places, np.array(self.places, np.intp)]), records, self.kind)


class _Walk:
    """Goes from item to item, in leaps where many are alike; `place` is the number of the next, `at` its begin."""

    def __init__(self, data: bytes, start: int, end: int, n: int) -> None:
        self._data, self._end, self._n = data, end, n
        self.place, self.at = 0, start
        self._found: dict[int, _Found] = {}

    def go(self) -> bool:
        """Go on to an item with a text, or to the end: then False."""
        data, place, at = self._data, self.place, self.at
        alike, last, found = 0 if place else _ALIKE, -1, None
        while place < self._n:
            mask = data[at + _MASK_AT]
            key = mask | data[at + _KIND_AT] << _KIND_SHIFT if mask & _VALUE else mask
            if key != last:
                if key >> _KIND_SHIFT in (_STRING, _LOCALIZED_TEXT):
                    break
                found = self._of(key)
                size, add_place, add_begin = found.layout.itemsize, found.places.append, found.begins.append
                alike, last = alike if last < 0 else 0, key
            if alike >= _ALIKE and found is not None:
                count = self._count(place, at, found.layout)
                found.runs.append((place, at, count))
                place, at, alike = place + count, at + count * size, 0
                continue
            alike += 1
            add_place(place)
            add_begin(at)
            place, at = place + 1, at + size
        self.place, self.at = place, at
        return place < self._n

    def skip(self, at: int) -> None:
        """Pass over one item that was read otherwise and ends at `at`."""
        self.place, self.at = self.place + 1, at

    def groups(self) -> list[ItemGroup]:
        """Read the items that were passed, those of one layout together."""
        return [found.group(self._data) for found in self._found.values()]

    def _of(self, key: int) -> _Found:
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = _Found(key)
        return found

    def _count(self, place: int, at: int, layout: np.dtype[np.void]) -> int:
        """Return how many items from this one on have its layout."""
        room = min((self._end - at) // layout.itemsize, self._n - place)
        if room < 1:
            raise UnusualError("an item that does not end")
        records = np.frombuffer(self._data, layout, room, at)
        same = records["mask"] == records["mask"][0]
        if "kind" in (layout.names or ()):
            same &= records["kind"] == records["kind"][0]
        return room if same.all() else int(np.argmin(same))


@lru_cache(maxsize=256)
def _layout(key: int) -> np.dtype[np.void]:
    """Return where the parts of an item stand that has this encoding mask and type of content."""
    mask, kind = key & 0xFF, key >> _KIND_SHIFT
    if mask & ~_KNOWN_MASK or (kind not in _CONTENTS and kind != _NULL):
        raise UnusualError(f"mask {mask:#x}, type {kind}")
    fields = [("handle", "<u4"), ("mask", "u1")]
    if mask & _VALUE:
        fields.append(("kind", "u1"))
    if kind in _CONTENTS:
        fields.append(("content", _CONTENTS[kind]))
    return np.dtype(fields + _tail(mask))


def _tail(mask: int) -> list[tuple[str, str]]:
    parts = (
        (_STATUS, "status", "<u4"),
        (_SOURCE, "source", "<i8"),
        (_SOURCE_PICO, "source_pico", "<u2"),
        (_SERVER, "server", "<i8"),
        (_SERVER_PICO, "server_pico", "<u2"),
    )
    return [(name, code) for bit, name, code in parts if mask & bit]


def _group(places: NDArray[np.intp], records: NDArray[np.void], kind: int) -> ItemGroup:
    n, names = len(records), records.dtype.names or ()
    contents: NDArray[Any] | list[Any] | None = None
    if kind in (_DATE_TIME, _STATUS_CODE):
        contents = [WRONG] * n
    elif kind == _BOOLEAN:
        contents = records["content"] != 0
    elif "content" in names:
        contents = records["content"]
    statuses = records["status"] if "status" in names else np.zeros(n, np.uint32)
    times = [records[name] for name in ("server", "source") if name in names]
    return ItemGroup(places, records["handle"], contents, statuses, _source_us(times, n))


def _source_us(ticks: list[NDArray[np.int64]], n: int) -> NDArray[np.int64]:
    """Return µs UTC of n items from columns of 100 ns since 1601, of which the last that has a time counts."""
    us = np.full(n, NO_TIME)
    for column in ticks:
        known = column >= _TICKS_PER_US  # zero or less: no time (Part 6, 5.2.2.5)
        since_1970 = np.minimum(column // _TICKS_PER_US - _UNIX_EPOCH_US, _LAST_US)
        us = since_1970 if known.all() else np.where(known, since_1970, us)
    return us


@lru_cache(maxsize=64)
def _rest(mask: int) -> tuple[struct.Struct, list[str]]:
    """Return how the parts behind the content are packed, and their names."""
    tail = _tail(mask)
    return struct.Struct("<" + "".join(_LETTERS[code] for _, code in tail)), [name for name, _ in tail]


@dataclass(slots=True)
class _Texts:
    """The items that hold a String or a LocalizedText, read one by one."""

    places: list[int] = field(default_factory=list)
    contents: list[str | None] = field(default_factory=list)
    heads: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Handle, status, source time, server time; 0 for what is left out."""

    def add(self, data: bytes, at: int, place: int) -> int:
        """Read the item that begins at `at`; return where it ends."""
        handle, mask, kind = struct.unpack_from("<IBB", data, at)
        if mask & ~_KNOWN_MASK:
            raise UnusualError(f"mask {mask:#x}")
        read = _string if kind == _STRING else _localized
        content, at = read(data, at + _KIND_AT + 1)
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
            _source_us(times, len(handles)),
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
