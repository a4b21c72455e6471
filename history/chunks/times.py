"""A column of times in µs, lossless: on a grid, near a grid, or anything. Pure, any thread."""

import struct
from typing import Final

import numpy as np

from history.chunks.errors import CorruptBlobError
from history.chunks.integers import Integers, read_integers, write_integers
from history.chunks.packed import Cursor

STEPS, GRID = 0, 1
_HEAD: Final = struct.Struct("<BIq")
_STEP: Final = struct.Struct("<q")
_UNITS_US: Final = (1_000_000, 100_000, 10_000, 1_000, 1)
_GOOD_ENOUGH: Final = 0.3
"""Bytes per time; a grid that takes no more is not compared with others."""
_GRIDS_US: Final = (1_000_000, 500_000, 100_000)
"""Scans that samples are a multiple of, when only changes are kept."""


def write_times(times_us: Integers) -> bytes:
    """Return a column of n >= 1 times in any order; scans at regular times cost next to nothing."""
    since = times_us - times_us[0]
    unit = next(unit for unit in _UNITS_US if _is_multiple(since, unit))
    units = since if unit == 1 else since // unit
    steps = units[1:] - units[:-1]
    tried: list[bytes] = []
    if len(steps) > 1 and (steps != steps[0]).any():
        head = _HEAD.pack(GRID, unit, times_us[0])
        for step in _grids(steps, unit):
            tried.append(head + _on_grid(units, step))
            if len(tried[-1]) <= _GOOD_ENOUGH * len(times_us):
                return tried[-1]
    return min([*tried, _HEAD.pack(STEPS, unit, times_us[0]) + write_integers(units)], key=len)


def read_times(cursor: Cursor, n: int) -> Integers:
    """Return the next column of n >= 1 times.

    Raises:
        CorruptBlobError: there is no such column.
    """
    form, unit, first_us = cursor.take(_HEAD)
    if form == STEPS:
        units = read_integers(cursor, n)
    elif form == GRID:
        step = cursor.take(_STEP)[0]
        units = read_integers(cursor, n)
        units *= step
        units += read_integers(cursor, n)
    else:
        raise CorruptBlobError(f"a column of times of the unknown form {form}")
    units *= unit
    units += first_us
    return units


def _is_multiple(since: Integers, unit: int) -> bool:
    """Tell whether all are; mostly a few say that they aren't."""
    return unit == 1 or not ((since[:: len(since) // 16 + 1] % unit).any() or (since % unit).any())


def _grids(steps: Integers, unit: int) -> list[int]:
    """Return periods (in units) that the times may be near to: the usual distance, and the longest common scan."""
    usual = int(np.partition(steps, len(steps) // 2)[len(steps) // 2])
    if usual <= 0:
        return []
    round_to = 10 ** max(len(str(usual)) - 2, 0)
    grids = {round(usual / round_to) * round_to}
    scans = [grid_us // unit for grid_us in _GRIDS_US if grid_us % unit == 0 and grid_us // unit * 3 < usual * 2]
    return sorted(grids | set(scans[:1]))


def _on_grid(units: Integers, step: int) -> bytes:
    """Return which line of the grid each time is nearest to, and how far from it."""
    lines = (units + step // 2) // step
    return _STEP.pack(step) + write_integers(lines) + write_integers(units - lines * step)
