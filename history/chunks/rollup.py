"""Roll-up cells of a tag as one blob: the minutes of a day, the hours of a month. Pure, any thread."""

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np

from history.chunks.cells import CELL, Cells
from history.chunks.envelope import Kind, seal, unseal
from history.chunks.errors import CorruptBlobError
from history.chunks.integers import read_integers, write_integers
from history.chunks.packed import Cursor
from history.chunks.qualities import read_qualities, write_qualities
from history.chunks.reading import reading
from history.chunks.times import read_times, write_times
from history.chunks.values import read_values, write_results, write_values

CELLS: Final = 2**16
"""Cells of a blob at most."""
_HEAD: Final = struct.Struct("<IqI")
_COUNTS: Final = ("n", "n_good")
_TIMES: Final = ("t_min_us", "t_max_us")
_VALUES: Final = ("min", "max", "first", "last")


@dataclass(frozen=True, slots=True)
class Rollup:
    """Cells of one tag, `level_us` wide each, in order, at least one."""

    tag: int
    level_us: int
    cells: Cells


def write_rollup(rollup: Rollup) -> bytes:
    """Return the blob.

    Raises:
        ValueError: no cell or too many, or an id that doesn't fit.
    """
    cells = rollup.cells
    if not 0 < len(cells) <= CELLS or not 0 <= rollup.tag < 2**32:
        raise ValueError(f"{len(cells)} cells of tag {rollup.tag} are no roll-up")
    t0 = cells["t0_us"]
    parts = [_HEAD.pack(rollup.tag, rollup.level_us, len(cells)), write_times(t0)]
    parts.append(write_integers(np.concatenate([cells[name].astype(np.int64) for name in _COUNTS])))
    parts.append(write_integers(cells["good_us"]))
    parts.append(write_integers(np.concatenate([cells[name] - t0 for name in _TIMES])))
    parts.append(write_values(np.concatenate([cells[name] for name in _VALUES])))
    parts.append(write_results(cells["integral"]))
    return seal(Kind.ROLLUP, b"".join([*parts, write_qualities(cells["worst"])]))


def read_rollup(blob: bytes, tag: int | None = None) -> Rollup:
    """Return what was written. With `tag`, the blob must be that tag's.

    Raises:
        CorruptBlobError: it is damaged, or another tag's.
        NewerBlobError: a later version wrote it.
    """
    with reading(Kind.ROLLUP):
        cursor = Cursor(unseal(Kind.ROLLUP, blob))
        found_tag, level_us, n = cursor.take(_HEAD)
        if (tag is not None and found_tag != tag) or not 0 < n <= CELLS:
            raise CorruptBlobError(f"it holds {n} cells of tag {found_tag}")
        cells = np.empty(n, CELL)
        cells["t0_us"] = t0 = read_times(cursor, n)
        cells["n"], cells["n_good"] = read_integers(cursor, 2 * n).reshape(2, n)
        cells["good_us"] = read_integers(cursor, n)
        cells["t_min_us"], cells["t_max_us"] = read_integers(cursor, 2 * n).reshape(2, n) + t0
        for name, column in zip(_VALUES, read_values(cursor, 4 * n).reshape(4, n), strict=True):
            cells[name] = column
        cells["integral"] = read_values(cursor, n)
        cells["worst"] = read_qualities(cursor, n)
        cursor.finish()
        return Rollup(found_tag, level_us, cells)
