"""A minute of up to 64 tags as one blob, until its hour is over. Pure, any thread.

Rows stand sorted by tag, equal tags as they came, in columns over all tags. The values lie in two columns, decimals and
others; who reads some tags only passes over a column that has none of them, and works out nothing for other tags.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.chunks.decimals import POWERS, fits_decimals, from_decimals, whole_numbers
from history.chunks.envelope import Kind, seal, unseal
from history.chunks.errors import CorruptBlobError
from history.chunks.integers import Integers, read_integers, write_differences, write_integers
from history.chunks.packed import Cursor
from history.chunks.qualities import read_qualities, write_qualities
from history.chunks.reading import reading
from history.chunks.runs import run_starts
from history.chunks.samples import Block, Floats, Samples
from history.chunks.texts import read_texts, write_texts
from history.chunks.times import read_times, write_times
from history.chunks.values import read_values, write_values

TAGS: Final = 64
"""Tags of a segment at most."""
ROWS: Final = 2**22
"""Samples of a segment at most."""
OTHERS: Final = 0
DECIMALS: Final = 16
"""How the values of a tag are kept: this plus the number of decimals."""
SINGLES: Final = 32
"""Likewise, for decimals that were rounded to float32."""
_HEAD: Final = struct.Struct("<BIB")
_SIZE: Final = struct.Struct("<I")
_HAS_TEXTS: Final = 1
_MOST_PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class _Directory:
    """The tags of a segment in order, how many rows each has, and how its values are kept."""

    tags: Integers
    counts: Integers
    kept: Integers


def write_segment(block: Block) -> bytes:
    """Return the blob.

    Raises:
        ValueError: no sample or too many, more than 64 tags, or an id that is not from 0 to 2³² - 1.
    """
    n = len(block)
    is_sorted = bool((block.tags[1:] >= block.tags[:-1]).all())
    by_tag = block if is_sorted else block.take(np.argsort(block.tags, kind="stable"))
    starts = run_starts(by_tag.tags)
    if not 0 < n <= ROWS or len(starts) > TAGS:
        raise ValueError(f"{n} samples of {len(starts)} tags are no segment")
    if by_tag.tags[0] < 0 or by_tag.tags[-1] >= 2**32:
        raise ValueError(f"a tag id outside 0 to {2**32 - 1}")
    samples = by_tag.samples
    directory = _Directory(by_tag.tags[starts], np.diff(starts, append=n), _kept(samples.values, starts))
    parts = [_HEAD.pack(len(starts), n, 0 if samples.texts is None else _HAS_TEXTS)]
    parts += [write_integers(column) for column in (directory.tags, directory.counts, directory.kept)]
    parts += [write_times(samples.times_us), write_qualities(samples.qualities)]
    parts += [_SIZE.pack(len(column)) + column for column in _value_columns(samples.values, directory)]
    if samples.texts is not None:
        parts.append(write_texts(samples.texts))
    return seal(Kind.SEGMENT, b"".join(parts))


def read_segment(blob: bytes, tags: Iterable[int] | None = None) -> Block:
    """Return the samples of the given tags (all if None), sorted by tag, equal tags as they came.

    Raises:
        CorruptBlobError: it is damaged.
        NewerBlobError: a later version wrote it.
    """
    with reading(Kind.SEGMENT):
        cursor = Cursor(unseal(Kind.SEGMENT, blob))
        n_tags, n, flags = cursor.take(_HEAD)
        if not 0 < n_tags <= TAGS or not n_tags <= n <= ROWS or flags & ~_HAS_TEXTS:
            raise CorruptBlobError(f"{n} samples of {n_tags} tags with flags {flags}")
        directory = _read_directory(cursor, n_tags, n)
        is_wanted = np.ones(n_tags, np.bool_) if tags is None else np.isin(directory.tags, list(tags))
        rows = slice(None) if is_wanted.all() else np.repeat(is_wanted, directory.counts)
        times, qualities = read_times(cursor, n)[rows], read_qualities(cursor, n)[rows]
        values = _read_values(cursor, directory, is_wanted)
        texts = read_texts(cursor, n).take(rows) if flags & _HAS_TEXTS else None
        cursor.finish()
        ids = np.repeat(directory.tags[is_wanted], directory.counts[is_wanted])
        return Block(ids, Samples(times, values, qualities, texts))


def _kept(values: Floats, starts: NDArray[np.intp]) -> Integers:
    """Return for each tag the fewest decimals that all its values have, or that they have none."""
    kept = np.full(len(starts), OTHERS, np.int64)
    counts = np.diff(starts, append=len(values))
    for base, is_single in ((DECIMALS, False), (SINGLES, True)):
        for places in range(_MOST_PLACES + 1):
            is_open = kept == OTHERS
            if not is_open.any():
                return kept
            open_starts = np.cumsum(counts[is_open]) - counts[is_open]
            fits = fits_decimals(values[np.repeat(is_open, counts)], places, is_single)
            found = np.flatnonzero(is_open)[np.logical_and.reduceat(fits, open_starts)]
            kept[found] = base + places
    return kept


def _value_columns(values: Floats, directory: _Directory) -> tuple[bytes, bytes]:
    """Return the column of decimals and that of others, empty without rows."""
    kept = np.repeat(directory.kept, directory.counts)
    is_decimal = kept != OTHERS
    decimals, others = b"", b""
    if is_decimal.any():
        decimals = write_differences(whole_numbers(values[is_decimal], kept[is_decimal] % DECIMALS))
    if not is_decimal.all():
        others = write_values(values[~is_decimal])
    return decimals, others


def _read_directory(cursor: Cursor, n_tags: int, n: int) -> _Directory:
    tags, counts, kept = (read_integers(cursor, n_tags) for _ in range(3))
    if counts.min() < 1 or counts.max() > n or counts.sum() != n:
        raise CorruptBlobError(f"tags with other than {n} samples")
    is_known = (kept == OTHERS) | (kept // DECIMALS == 1) | (kept // DECIMALS == 2)
    if not is_known.all() or (kept % DECIMALS).max() >= len(POWERS):
        raise CorruptBlobError("values that are kept in an unknown way")
    return _Directory(tags, counts, kept)


def _read_values(cursor: Cursor, directory: _Directory, is_wanted: NDArray[np.bool_]) -> Floats:
    """Return the values of the wanted tags."""
    wanted_counts = directory.counts[is_wanted]
    values = np.empty(int(wanted_counts.sum()))
    is_decimal = directory.kept != OTHERS
    for is_here in (is_decimal, ~is_decimal):
        column = Cursor(cursor.bytes(cursor.take(_SIZE)[0]))
        if not (is_here & is_wanted).any():
            continue
        counts = directory.counts[is_here]
        rows = np.repeat(is_wanted[is_here], counts)
        to = np.repeat(is_here[is_wanted], wanted_counts)
        if is_here is is_decimal:
            kept = np.repeat(directory.kept[is_here], counts)[rows]
            values[to] = _from_kept(read_integers(column, len(rows))[rows], kept)
        else:
            values[to] = read_values(column, len(rows))[rows]
        column.finish()
    return values


def _from_kept(wholes: Integers, kept: Integers) -> Floats:
    values = from_decimals(wholes, kept % DECIMALS, is_single=False)
    is_single = kept >= SINGLES
    if is_single.any():
        with np.errstate(all="ignore"):
            values = np.where(is_single, values.astype(np.float32).astype(np.float64), values)
    return values
