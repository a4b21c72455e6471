"""Samples as they were recorded, an hour of 64 tags at a time, so that memory doesn't grow with what is asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from history.chunks.cells import HOUR_US
from history.chunks.samples import Block, Samples, merge_blocks
from history.chunks.segment import TAGS
from history.chunks.texts import Texts
from history.columns import Columns
from history.exchange.kept import Kept
from history.store.kinds import TEXT
from history.store.series import Series

ALL_FRAMES = 2**63 - 1


@dataclass(frozen=True, slots=True)
class RawPiece:
    """Samples of one tag in order: times in µs UTC, values, qualities, and texts if it is a text."""

    tag: str
    times_us: NDArray[np.int64]
    values: NDArray[np.float64]
    qualities: NDArray[np.uint16]
    texts: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.times_us)


def raw_pieces(kept: Kept, rows: Sequence[int], start_us: int, end_us: int) -> Iterator[RawPiece]:
    """Yield what was recorded in [start, end), hour by hour, in each the tags in the order of `rows`.

    Of a thinned hour come the samples that were kept, and nothing that was worked out between them.
    """
    start_us, end_us = max(start_us, kept.start_us), min(end_us, kept.end_us)
    for hour_us in range(start_us // HOUR_US * HOUR_US, end_us, HOUR_US):
        first, last = max(start_us, hour_us), min(end_us, hour_us + HOUR_US)
        for at in range(0, len(rows), TAGS):
            group = rows[at : at + TAGS]
            merged = merged_samples(kept.measured.read(group, first, last, ALL_FRAMES))
            for row in group:
                samples = merged[row].between(first, last) if row in merged else None
                if samples:
                    yield _piece(kept.series[row], samples)


def _piece(series: Series, samples: Samples) -> RawPiece:
    texts = None
    if series.kind == TEXT:
        found = (samples.texts or Texts.none(len(samples))).tolist()
        texts = tuple((text or "").encode("utf-8", "replace").decode() for text in found)  # no half of a character
    return RawPiece(series.name, samples.times_us, samples.values, samples.qualities, texts)


def merged_samples(found: Columns) -> dict[int, Samples]:
    """Return the samples of each row in order; of equal times the one that was recorded last counts."""
    return merge_blocks([Block(found.ids, Samples(found.time_us, found.values, found.qualities, found.texts))])
