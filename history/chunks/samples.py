"""Samples on their way into blobs and out of them, of one tag or many. Pure, any thread; never changed once made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.chunks.runs import run_starts
from history.chunks.texts import Texts, concatenate_texts
from plant_models.quality import QualityArray

Times = NDArray[np.int64]
Floats = NDArray[np.float64]
Rows = NDArray[np.intp] | NDArray[np.bool_] | slice
Marks = NDArray[np.uint8]

MEASURED: Final = 0
HELD: Final = 1
ON_A_LINE: Final = 2
"""Where a row comes from: it was measured, or it stands for one that was left out, with the value before it, or on the
line from the one before to the one after."""


@dataclass(frozen=True, slots=True)
class Samples:
    """n samples of a tag: times in µs UTC, values, qualities; and texts where the tag has some.

    `filled` says which rows stand for samples that were left out (HELD, ON_A_LINE); None: every row was measured.
    """

    times_us: Times
    values: Floats
    qualities: QualityArray
    texts: Texts | None = None
    filled: Marks | None = None

    def __len__(self) -> int:
        return len(self.times_us)

    def take(self, rows: Rows) -> "Samples":
        """Return the given rows."""
        texts = None if self.texts is None else self.texts.take(rows)
        filled = None if self.filled is None else self.filled[rows]
        return Samples(self.times_us[rows], self.values[rows], self.qualities[rows], texts, filled)

    def between(self, start_us: int, end_us: int) -> "Samples":
        """Return the rows of [start, end); the times must be in order."""
        first, last = np.searchsorted(self.times_us, [start_us, end_us])
        return self.take(slice(int(first), int(last)))


@dataclass(frozen=True, slots=True)
class Block:
    """Samples of several tags; `tags` are ids from 0 to 2³² - 1, one a row."""

    tags: NDArray[np.int64]
    samples: Samples

    def __len__(self) -> int:
        return len(self.tags)

    def take(self, rows: Rows) -> "Block":
        """Return the given rows."""
        return Block(self.tags[rows], self.samples.take(rows))


def concatenate_samples(parts: Sequence[Samples]) -> Samples:
    """Return the samples of all parts, one after another."""
    if len(parts) == 1:
        return parts[0]
    has_texts = any(part.texts is not None for part in parts)
    texts = concatenate_texts([part.texts or Texts.none(len(part)) for part in parts]) if has_texts else None
    is_thinned = any(part.filled is not None for part in parts)
    filled = np.concatenate([_marks_of(part) for part in parts]) if is_thinned else None
    return Samples(
        np.concatenate([np.empty(0, np.int64), *(part.times_us for part in parts)]),
        np.concatenate([np.empty(0), *(part.values for part in parts)]),
        np.concatenate([np.empty(0, np.uint16), *(part.qualities for part in parts)]),
        texts,
        filled,
    )


def merge(parts: Sequence[Samples]) -> Samples:
    """Return the samples of a tag in the order of their times; of equal times the one that comes last counts.

    Parts are given in the order in which they were recorded. Takes n log n steps at most, n if they are in order.
    """
    joined = concatenate_samples(parts)
    steps = np.diff(joined.times_us)
    if (steps > 0).all():
        return joined
    order = np.argsort(joined.times_us, kind="stable")
    times = joined.times_us[order]
    return joined.take(order[_is_last(times[1:] != times[:-1], len(times))])


def merge_blocks(parts: Sequence[Block]) -> dict[int, Samples]:
    """Return the merged samples of each tag, by tag id. Parts are in the order in which they were recorded."""
    tags = np.concatenate([np.empty(0, np.int64), *(part.tags for part in parts)])
    joined = concatenate_samples([part.samples for part in parts])
    order = _by_tag(tags)
    tags, times = tags[order], joined.times_us[order]
    is_new_tag = tags[1:] != tags[:-1]
    if not (is_new_tag | (times[1:] > times[:-1])).all():
        again = np.lexsort((times, tags))  # stable, so equal times stay in the order of their parts
        order, tags, times = order[again], tags[again], times[again]
        is_kept = _is_last((tags[1:] != tags[:-1]) | (times[1:] != times[:-1]), len(tags))
        order, tags = order[is_kept], tags[is_kept]
    merged = joined.take(order)
    starts = run_starts(tags)
    ends = np.append(starts[1:], len(tags))[: len(starts)]
    return {
        int(tags[start]): _alone(merged.take(slice(start, end)))
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    }


def _alone(samples: Samples) -> Samples:
    """Return the samples of a tag of many; if only others have texts, it has none."""
    texts = None if samples.texts is None else samples.texts.fitting()
    return Samples(samples.times_us, samples.values, samples.qualities, texts, samples.filled)


def _marks_of(part: Samples) -> Marks:
    return np.full(len(part), MEASURED, np.uint8) if part.filled is None else part.filled


def _by_tag(tags: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the rows sorted by tag, equal tags as they came; numbers of 16 bits are sorted in one pass."""
    if len(tags) and tags.max() - tags.min() < 2**16:
        return np.argsort((tags - tags.min()).astype(np.uint16), kind="stable")
    return np.argsort(tags, kind="stable")


def _is_last(is_followed_by_another: NDArray[np.bool_], n: int) -> NDArray[np.bool_]:
    return np.append(is_followed_by_another, True)[:n]
