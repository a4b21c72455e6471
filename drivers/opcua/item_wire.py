"""The monitored items of a data change as columns, straight from their bytes. Pure functions.

A walk goes from item to item and finds where each begins; where many of one layout follow each other, numpy leaps over
them. Then the items of each layout are read together, as a view where they stand in one run. What is rare (arrays,
structures, identifiers) is an `UnusualError`: the library knows it all.
"""

from typing import Final

import numpy as np

from drivers.opcua.item_layout import (
    KIND_AT,
    KIND_SHIFT,
    LOCALIZED_TEXT,
    MASK_AT,
    STRING,
    VALUE,
    ItemGroup,
    UnusualError,
    group_of,
    layout_of,
)
from drivers.opcua.item_texts import Texts

_ALIKE: Final = 8
"""After so many items of one layout in a row, numpy counts how many follow."""


def read_items(data: bytes, start: int, end: int, n: int) -> list[ItemGroup]:
    """Return the n items that fill `data[start:end]`.

    Raises:
        UnusualError: there is something else than numbers, texts, times and status codes, or the items end elsewhere.
        struct.error, IndexError: the data end within an item.
    """
    if not n:
        return []
    walk = _Walk(data, start, end, n)
    texts = Texts()
    while walk.go():
        walk.skip(texts.add(data, walk.at, walk.place))
    if walk.at != end:
        raise UnusualError("the items do not fill the notification")
    return walk.groups() + ([texts.group()] if texts.places else [])


class _Found:
    """Where the items of one layout begin: some alone, some in runs of (place, begin, count)."""

    def __init__(self, key: int) -> None:
        self.layout = layout_of(key)
        self.kind = key >> KIND_SHIFT
        self.places: list[int] = []
        self.begins: list[int] = []
        self.runs: list[tuple[int, int, int]] = []

    def group(self, data: bytes) -> ItemGroup:
        """Read the items."""
        size = self.layout.itemsize
        if len(self.runs) == 1 and not self.places:
            ((place, at, count),) = self.runs
            return group_of(np.arange(place, place + count), np.frombuffer(data, self.layout, count, at), self.kind)
        places = [np.arange(place, place + count) for place, _, count in self.runs]
        begins = [np.arange(at, at + count * size, size) for _, at, count in self.runs]
        every = np.concatenate([*begins, np.array(self.begins, np.intp)])
        records = np.frombuffer(data, np.uint8)[every[:, np.newaxis] + np.arange(size)].view(self.layout).reshape(-1)
        return group_of(np.concatenate([*places, np.array(self.places, np.intp)]), records, self.kind)


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
            mask = data[at + MASK_AT]
            key = mask | data[at + KIND_AT] << KIND_SHIFT if mask & VALUE else mask
            if key != last:
                if key >> KIND_SHIFT in (STRING, LOCALIZED_TEXT):
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
