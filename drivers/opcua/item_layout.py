"""How a monitored item with its value lies in the bytes, and a group of such items as columns. Pure functions.

Written from OPC UA Part 4, 7.25.2 (MonitoredItemNotification) and 7.11 (DataValue), and Part 6, 5.2.2 (encodings).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

NO_TIME: Final = np.iinfo(np.int64).min
"""Stands for the time of an item that has none."""
WRONG: Final = object()
"""Stands for a content that is neither a number nor a text."""

VALUE: Final = 0x01
_STATUS, _SOURCE, _SERVER, _SOURCE_PICO, _SERVER_PICO = 0x02, 0x04, 0x08, 0x10, 0x20
KNOWN_MASK: Final = 0x3F
STRING, LOCALIZED_TEXT = 12, 21
_NULL, _BOOLEAN, _DATE_TIME, _STATUS_CODE = 0, 1, 13, 19
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
MASK_AT, KIND_AT = 4, 5
KIND_SHIFT: Final = 8
"""A key is the encoding mask, and the type of the content (if there is one) shifted by this."""
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


@lru_cache(maxsize=256)
def layout_of(key: int) -> np.dtype[np.void]:
    """Return where the parts of an item stand that has this encoding mask and type of content."""
    mask, kind = key & 0xFF, key >> KIND_SHIFT
    if mask & ~KNOWN_MASK or (kind not in _CONTENTS and kind != _NULL):
        raise UnusualError(f"mask {mask:#x}, type {kind}")
    fields = [("handle", "<u4"), ("mask", "u1")]
    if mask & VALUE:
        fields.append(("kind", "u1"))
    if kind in _CONTENTS:
        fields.append(("content", _CONTENTS[kind]))
    return np.dtype(fields + tail_of(mask))


def tail_of(mask: int) -> list[tuple[str, str]]:
    parts = (
        (_STATUS, "status", "<u4"),
        (_SOURCE, "source", "<i8"),
        (_SOURCE_PICO, "source_pico", "<u2"),
        (_SERVER, "server", "<i8"),
        (_SERVER_PICO, "server_pico", "<u2"),
    )
    return [(name, code) for bit, name, code in parts if mask & bit]


def group_of(places: NDArray[np.intp], records: NDArray[np.void], kind: int) -> ItemGroup:
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
    return ItemGroup(places, records["handle"], contents, statuses, source_us_of_ticks(times, n))


def source_us_of_ticks(ticks: list[NDArray[np.int64]], n: int) -> NDArray[np.int64]:
    """Return µs UTC of n items from columns of 100 ns since 1601, of which the last that has a time counts."""
    us = np.full(n, NO_TIME)
    for column in ticks:
        known = column >= _TICKS_PER_US  # zero or less: no time (Part 6, 5.2.2.5)
        since_1970 = np.minimum(column // _TICKS_PER_US - _UNIX_EPOCH_US, _LAST_US)
        us = since_1970 if known.all() else np.where(known, since_1970, us)
    return us
