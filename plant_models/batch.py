"""Samples on their way: columns of equal length, never one object per sample. Any thread; never changed once made."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

TagIndices = NDArray[np.intp]
Values = NDArray[np.float64]
Qualities = NDArray[np.uint16]
Times = NDArray[np.int64]
Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Batch:
    """n samples in order of arrival; a tag may occur more than once.

    `tags` are row numbers of the tag table. `values` of None keeps the last values: the batch only says what became
    of them (a dead device). `qualities` of None, allowed only with `values` of None, says "nothing new, but the
    source is alive": ages start again. `source_us` is µs UTC, `received_ns` monotonic ns. `texts` stands beside
    the rows of text tags, None elsewhere.
    """

    tags: TagIndices
    values: Values | None
    qualities: Qualities | None
    source_us: Times
    received_ns: Times
    texts: tuple[str | None, ...] | None = None

    def __len__(self) -> int:
        return len(self.tags)


def samples(
    tags: ArrayLike,
    values: ArrayLike,
    qualities: ArrayLike,
    source_us: ArrayLike,
    received_ns: ArrayLike,
    texts: Sequence[str | None] | None = None,
) -> Batch:
    """Return a batch of read values; scalars are spread over all n rows.

    Raises:
        ValueError: a column is neither of length n nor a scalar.
    """
    rows = np.asarray(tags, dtype=np.intp).reshape(-1)
    n = len(rows)
    if texts is not None and len(texts) != n:
        raise ValueError(f"{len(texts)} texts for {n} rows")
    return Batch(
        rows,
        _column(values, np.float64, n),
        _column(qualities, np.uint16, n),
        _column(source_us, np.int64, n),
        _column(received_ns, np.int64, n),
        None if texts is None else tuple(texts),
    )


def failure(tags: ArrayLike, quality: int, source_us: int, received_ns: int) -> Batch:
    """Return a batch that keeps the last values and gives them `quality`; `source_us` is when it was noticed."""
    rows = np.atleast_1d(np.asarray(tags, dtype=np.intp))
    n = len(rows)
    return Batch(
        rows, None, np.full(n, quality, np.uint16), np.full(n, source_us, np.int64), np.full(n, received_ns, np.int64)
    )


def keep_alive(tags: ArrayLike, received_ns: int) -> Batch:
    """Return a batch that says only that the source of `tags` is alive: nothing changed, and their age starts again."""
    rows = np.atleast_1d(np.asarray(tags, dtype=np.intp))
    n = len(rows)
    return Batch(rows, None, None, np.zeros(n, np.int64), np.full(n, received_ns, np.int64))


def text_code(text: str) -> float:
    """Return the value that stands for a text in the value column: its CRC-32, so that a new text is a change."""
    return float(zlib.crc32(text.encode()))


def merge(parts: Sequence[Batch]) -> Batch:
    """Return the rows of read batches one after another; of no batch, an empty one.

    Raises:
        ValueError: a part has no values (failures and keep-alives are applied on their own).
    """
    if not parts:
        return samples((), (), (), (), ())
    values = [part.values for part in parts if part.values is not None]
    qualities = [part.qualities for part in parts if part.qualities is not None]
    if len(values) != len(parts) or len(qualities) != len(parts):
        raise ValueError("only batches with values and qualities can be merged")
    texts: list[str | None] | None = None
    if any(part.texts is not None for part in parts):
        texts = [text for part in parts for text in part.texts or (None,) * len(part)]
    return Batch(
        np.concatenate([part.tags for part in parts]),
        np.concatenate(values),
        np.concatenate(qualities),
        np.concatenate([part.source_us for part in parts]),
        np.concatenate([part.received_ns for part in parts]),
        None if texts is None else tuple(texts),
    )


def merge_reads(batches: Sequence[Batch]) -> Iterator[Batch]:
    """Give the batches in order, neighbours that bring values merged into one."""
    reads: list[Batch] = []
    for batch in batches:
        if batch.values is not None:
            reads.append(batch)
            continue
        if reads:
            yield merge(reads)
            reads = []
        yield batch
    if reads:
        yield reads[0] if len(reads) == 1 else merge(reads)


def _column(data: ArrayLike, dtype: type[Number], n: int) -> NDArray[Number]:
    if isinstance(data, int | float):
        spread = np.empty(n, dtype)
        spread.fill(data)
        return spread
    column: NDArray[Number] = np.asarray(data, dtype=dtype)
    if column.ndim == 0:
        return np.full(n, column, dtype)
    if column.shape != (n,):
        raise ValueError(f"a column of shape {column.shape} for {n} rows")
    return column
