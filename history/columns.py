"""Samples as history keeps them: columns of equal length. Pure, any thread; never changed once made."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from history.chunks.texts import Texts, concatenate_texts

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Columns:
    """n samples in order of arrival.

    `ids` are rows of the tag table in memory and ids of `hist_tag` on disk. `time_us` is where the sample stands on the
    axis of time (see `history.stamping`), `source_us` what the device said, `received_us` when the station had it; all
    are µs UTC. `texts` stand beside the values of text tags; None if there is none.
    """

    ids: Ids
    values: NDArray[np.float64]
    qualities: NDArray[np.uint16]
    time_us: NDArray[np.int64]
    source_us: NDArray[np.int64]
    received_us: NDArray[np.int64]
    texts: Texts | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Columns":
        """Return the given rows, by number or mask."""
        times = self.time_us[rows]
        others = (times, times) if self.has_one_time else (self.source_us[rows], self.received_us[rows])
        texts = None if self.texts is None else self.texts.take(rows).fitting()
        return Columns(self.ids[rows], self.values[rows], self.qualities[rows], times, *others, texts)

    def with_ids(self, ids: Ids) -> "Columns":
        """Return the same samples under other ids."""
        return Columns(ids, self.values, self.qualities, self.time_us, self.source_us, self.received_us, self.texts)

    @property
    def has_one_time(self) -> bool:
        """Whether all three times are one column, as in what was packed: then it needn't be copied three times."""
        return self.source_us is self.time_us and self.received_us is self.time_us


def concatenate(parts: Sequence[Columns]) -> Columns:
    """Return the samples of all parts, one after another."""
    parts = [part for part in parts if len(part)]
    if len(parts) == 1:
        return parts[0]
    has_texts = any(part.texts is not None for part in parts)
    texts = concatenate_texts([part.texts or Texts.none(len(part)) for part in parts]) if has_texts else None
    empty = np.empty(0, np.int64)
    times = np.concatenate([empty, *(part.time_us for part in parts)])
    others = times, times
    if not all(part.has_one_time for part in parts):
        source = np.concatenate([empty, *(part.source_us for part in parts)])
        others = source, np.concatenate([empty, *(part.received_us for part in parts)])
    return Columns(
        np.concatenate([empty, *(part.ids for part in parts)]),
        np.concatenate([np.empty(0), *(part.values for part in parts)]),
        np.concatenate([np.empty(0, np.uint16), *(part.qualities for part in parts)]),
        times,
        *others,
        texts,
    )
