"""An hour of one tag as one blob, with a header that answers what needs no sample. Pure, any thread.

The header is the cell of the hour, worked out from all samples; the columns may have been thinned since: then the blob
keeps how many samples were left out where, and who reads gets as many rows as there were (`history.chunks.filling`).
The layout is written down in docs/reference/history-format.md.
"""

import struct
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from history.chunks.cells import CELL, HOUR_US, Cells
from history.chunks.envelope import THINNED, Kind, seal, unseal
from history.chunks.errors import CorruptBlobError
from history.chunks.filling import fill, left_out
from history.chunks.integers import read_integers, write_integers
from history.chunks.packed import Cursor
from history.chunks.qualities import read_qualities, write_qualities
from history.chunks.reading import reading
from history.chunks.samples import ON_A_LINE, Samples
from history.chunks.texts import read_texts, write_texts
from history.chunks.times import read_times, write_times
from history.chunks.values import read_values, write_values

ROWS: Final = 2**24
"""Samples of a chunk at most."""
_HEAD: Final = struct.Struct("<IIB")
_HAS_TEXTS: Final = 1
_IS_THINNED: Final = 2
_IS_SLOPED: Final = 4
_FLAGS: Final = (0, 1, 2, 3, 6, 7)


@dataclass(frozen=True, slots=True)
class Chunk:
    """The samples of a tag (id from 0 to 2³² - 1) in one hour UTC: in order, no two at the same time, at least one."""

    tag: int
    header: Cells
    """One cell of an hour, shape (1,)."""
    samples: Samples


def write_chunk(chunk: Chunk) -> bytes:
    """Return the blob.

    Raises:
        ValueError: no sample or too many, times out of order or outside the hour, an id that doesn't fit, or the first
            or last row isn't a measured one.
    """
    samples, header = chunk.samples, chunk.header
    n = len(samples)
    if not 0 < n <= ROWS or not 0 <= chunk.tag < 2**32 or len(header) != 1:
        raise ValueError(f"{n} samples of tag {chunk.tag} under {len(header)} cells are no chunk")
    problem = _problem(header, samples)
    if problem:
        raise ValueError(f"tag {chunk.tag}: {problem}")
    counts, flags = None, 0 if samples.texts is None else _HAS_TEXTS
    if samples.filled is not None and samples.filled.any():
        flags |= _IS_THINNED | (_IS_SLOPED if (samples.filled == ON_A_LINE).any() else 0)
        counts = left_out(samples.filled)
        samples = samples.take(samples.filled == 0)
    parts = [
        _HEAD.pack(chunk.tag, len(samples), flags),
        header.tobytes(),
        write_times(samples.times_us),
        write_values(samples.values),
        write_qualities(samples.qualities),
    ]
    if samples.texts is not None:
        parts.append(write_texts(samples.texts))
    if counts is None:
        return seal(Kind.CHUNK, b"".join(parts))
    return seal(Kind.CHUNK, b"".join([*parts, write_integers(counts)]), THINNED)


def read_chunk(blob: bytes, tag: int | None = None) -> Chunk:
    """Return what was written. With `tag`, the blob must be that tag's.

    Raises:
        CorruptBlobError: it is damaged, or another tag's.
        NewerBlobError: a later version wrote it.
    """
    with reading(Kind.CHUNK):
        cursor = Cursor(unseal(Kind.CHUNK, blob))
        found_tag, header, n, flags = _read_head(cursor, tag)
        times, values = read_times(cursor, n), read_values(cursor, n)
        qualities = read_qualities(cursor, n)
        samples = Samples(times, values, qualities, read_texts(cursor, n) if flags & _HAS_TEXTS else None)
        counts = read_integers(cursor, n) if flags & _IS_THINNED else None
        cursor.finish()
        problem = _problem(header, samples)
        if problem:
            raise CorruptBlobError(problem)
        if counts is not None:
            samples = fill(samples, counts, is_sloped=bool(flags & _IS_SLOPED), most=ROWS)
        return Chunk(found_tag, header, samples)


def read_header(blob: bytes, tag: int | None = None) -> Cells:
    """Return the header alone, shape (1,); the checksum over the whole blob is verified.

    Raises:
        CorruptBlobError: it is damaged, or another tag's.
        NewerBlobError: a later version wrote it.
    """
    with reading(Kind.CHUNK):
        return _read_head(Cursor(unseal(Kind.CHUNK, blob)), tag)[1]


def _read_head(cursor: Cursor, tag: int | None) -> tuple[int, Cells, int, int]:
    found_tag, n, flags = cursor.take(_HEAD)
    if tag is not None and found_tag != tag:
        raise CorruptBlobError(f"it holds tag {found_tag} instead of {tag}")
    if not 0 < n <= ROWS or flags not in _FLAGS:
        raise CorruptBlobError(f"{n} samples with flags {flags}")
    header: np.ndarray[Any, np.dtype[np.void]] = np.frombuffer(cursor.bytes(CELL.itemsize), CELL).copy()
    return found_tag, header, n, flags


def _problem(header: Cells, samples: Samples) -> str:
    t0_us = int(header["t0_us"][0])
    if t0_us % HOUR_US:
        return f"{t0_us} µs is no full hour"
    times = samples.times_us
    if (times[1:] <= times[:-1]).any():
        return "times out of order"
    if times[0] < t0_us or times[-1] - t0_us >= HOUR_US:
        return "times outside the hour"
    return ""
