"""A column of qualities: they stay the same for long, so runs of them are kept. Pure, any thread."""

import struct
from typing import Final

import numpy as np

from history.chunks.errors import CorruptBlobError
from history.chunks.integers import read_integers, write_integers
from history.chunks.packed import Cursor
from plant_models.quality import QualityArray

CONSTANT, RUNS, EACH = 0, 1, 2
_FORM: Final = struct.Struct("<B")
_CODE: Final = struct.Struct("<H")
_COUNT: Final = struct.Struct("<I")
_PER_RUN: Final = 4
"""Runs that are shorter than this on average are no runs."""


def write_qualities(qualities: QualityArray) -> bytes:
    """Return a column of n >= 1 qualities."""
    starts = np.flatnonzero(qualities[1:] != qualities[:-1]) + 1
    if not len(starts):
        return _FORM.pack(CONSTANT) + _CODE.pack(qualities[0])
    if len(starts) > len(qualities) // _PER_RUN:
        return _FORM.pack(EACH) + write_integers(qualities.astype(np.int64))
    starts = np.concatenate([[0], starts])
    lengths = np.diff(starts, append=len(qualities))
    codes = qualities[starts].astype(np.int64)
    return _FORM.pack(RUNS) + _COUNT.pack(len(starts)) + write_integers(lengths) + write_integers(codes)


def read_qualities(cursor: Cursor, n: int) -> QualityArray:
    """Return the next column of n >= 1 qualities.

    Raises:
        CorruptBlobError: there is no such column.
    """
    form = cursor.take(_FORM)[0]
    if form == CONSTANT:
        return np.full(n, cursor.take(_CODE)[0], np.uint16)
    if form == EACH:
        return read_integers(cursor, n).astype(np.uint16)
    if form != RUNS:
        raise CorruptBlobError(f"a column of qualities of the unknown form {form}")
    runs = cursor.take(_COUNT)[0]
    if not 0 < runs <= n:
        raise CorruptBlobError(f"{runs} runs of {n} qualities")
    lengths, codes = read_integers(cursor, runs), read_integers(cursor, runs)
    if lengths.min() < 1 or lengths.max() > n or lengths.sum() != n:
        raise CorruptBlobError(f"runs of other than {n} qualities")
    return np.repeat(codes.astype(np.uint16), lengths)
