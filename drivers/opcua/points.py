"""The tags of one scan class as columns: items by their client handle become samples and failures of rows.

The client handle of an item is its place in these columns. What becomes of an item is as in `decoding.batches_of`,
which takes over where the library decodes. Owned by the OPC UA thread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.opcua.item_layout import NO_TIME, ItemGroup
from drivers.opcua.values import number_of
from plant_models.batch import Batch, TagIndices, Times
from plant_models.quality import Quality, QualityArray, bad_mask
from plant_models.scaling import Scaling
from plant_models.tag import Tag

_STATUS_SHIFT: Final = 16


class UnknownHandleError(LookupError):
    """The server sent an item that it was not asked for."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """n items in order of arrival; `places` are those of their tags."""

    places: NDArray[np.intp]
    numbers: NDArray[np.float64]
    qualities: QualityArray
    source_us: Times
    failed: NDArray[np.bool_]
    texts: dict[int, str]


class Points:
    """The tags by row; the place of a tag is its client handle."""

    def __init__(self, tags: Mapping[int, Tag]) -> None:
        self.rows: TagIndices = np.array(list(tags), np.intp)
        self._tags = list(tags.values())
        self._scaling = Scaling(self._tags)
        # Texts, and totals that must stay exact to 64 bits, are looked at one by one.
        self._is_slow = np.array([tag.is_text or tag.modulus is not None for tag in self._tags], np.bool_)

    def batches(self, n: int, groups: Sequence[ItemGroup], wall_us: int, now_ns: int) -> list[Batch]:
        """Return the batches of n items; what belongs to one row keeps its order of arrival.

        Raises:
            UnknownHandleError: an item has a handle that no tag has.
        """
        columns = _Columns(
            np.zeros(n, np.intp),
            np.full(n, np.nan),
            np.zeros(n, np.uint16),
            np.full(n, wall_us, np.int64),
            np.zeros(n, np.bool_),
            {},
        )
        for group in groups:
            self._fill(columns, group)
        levels = _levels(columns.places, columns.failed)
        return [
            self._samples(columns, at, now_ns) if level % 2 else self._failures(columns, at, now_ns)
            for level, at in levels
        ]

    def _fill(self, columns: _Columns, group: ItemGroup) -> None:
        at = group.places
        places = group.handles.astype(np.intp)
        if places.max() >= len(self._tags):
            raise UnknownHandleError(f"item {places.max()} of {len(self._tags)}")
        columns.places[at] = places
        has_time = group.source_us != NO_TIME
        columns.source_us[at] = np.where(has_time, group.source_us, columns.source_us[at])
        qualities = (group.statuses >> _STATUS_SHIFT).astype(np.uint16)
        columns.qualities[at] = qualities
        if group.contents is None:
            columns.qualities[at] = np.where(bad_mask(qualities), qualities, np.uint16(Quality.BAD_OUT_OF_RANGE))
            columns.failed[at] = True
            return
        if isinstance(group.contents, list):
            slow = list(range(len(at)))
        else:
            columns.numbers[at] = group.contents.astype(np.float64)
            slow = np.flatnonzero(self._is_slow[places]).tolist()
        for i in slow:
            content = group.contents[i] if isinstance(group.contents, list) else group.contents[i].item()
            self._look_at(columns, int(at[i]), int(places[i]), content)

    def _look_at(self, columns: _Columns, at: int, place: int, content: Any) -> None:
        """Put the content of one item into its columns."""
        problem = Quality.BAD_OUT_OF_RANGE
        if content is not None:
            try:
                columns.numbers[at], text = number_of(content, self._tags[place])
            except TypeError:
                problem = Quality.BAD_TYPE_MISMATCH
            else:
                if text is not None:
                    columns.texts[at] = text
                return
        columns.failed[at] = True
        if columns.qualities[at] < Quality.BAD:
            columns.qualities[at] = problem

    def _samples(self, columns: _Columns, at: NDArray[np.intp], now_ns: int) -> Batch:
        places, numbers, status = columns.places[at], columns.numbers[at], columns.qualities[at]
        values, scaled = self._scaling.take(places).to_units(numbers)
        texts = _texts_of(columns.texts, at)
        if texts is not None:
            is_text = np.array([text is not None for text in texts])
            values = np.where(is_text, numbers, values)
            scaled = np.where(is_text, np.uint16(Quality.GOOD), scaled)
        # The server's word stands where it is the worse one; of two good ones too (it may say "manual value").
        qualities = np.where((scaled > status) & ~bad_mask(status) & (scaled != 0), scaled, status)
        received_ns = np.full(len(at), now_ns, np.int64)
        return Batch(self.rows[places], values, qualities, columns.source_us[at], received_ns, texts)

    def _failures(self, columns: _Columns, at: NDArray[np.intp], now_ns: int) -> Batch:
        received_ns = np.full(len(at), now_ns, np.int64)
        return Batch(self.rows[columns.places[at]], None, columns.qualities[at], columns.source_us[at], received_ns)


def _texts_of(texts: Mapping[int, str], at: NDArray[np.intp]) -> tuple[str | None, ...] | None:
    """Return the texts of the items `at` (ascending), None if none of them has one."""
    found: list[str | None] = [None] * len(at)
    has_text = np.isin(at, list(texts)) if texts else np.zeros(0, np.bool_)
    for i in np.flatnonzero(has_text).tolist():
        found[i] = texts[int(at[i])]
    return tuple(found) if has_text.any() else None


def _levels(places: NDArray[np.intp], failed: NDArray[np.bool_]) -> list[tuple[int, NDArray[np.intp]]]:
    """Return which items go into which batch: failures at even levels, samples at odd ones, in order of level.

    A row climbs a level each time it fails or is read again, so that as few batches as can be keep each row's order.
    """
    levels = np.where(failed, 0, 1)
    if failed.any() and not failed.all():
        level_of: dict[int, int] = {}
        for i in np.flatnonzero(np.isin(places, places[failed])).tolist():
            place = int(places[i])
            level = level_of.get(place, 0)
            level += bool(failed[i]) != (level % 2 == 0)
            levels[i] = level_of[place] = level
    return [(int(level), np.flatnonzero(levels == level)) for level in np.unique(levels)]
