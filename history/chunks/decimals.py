"""Numbers that were once written with a few decimals: found, and kept as whole numbers. Pure, any thread.

m / 10**k, rounded as IEEE 754 says, is the double nearest to the decimal, so the division gives back the very bits. A
REAL of a PLC is the float32 nearest to it. (The idea is that of ALP, Afroozeh et al., SIGMOD 2023.)
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

POWERS: Final = 10.0 ** np.arange(10)
"""Exact in a double; the number of decimals is the index."""
_LIMIT: Final = 2.0**53
_SAMPLE: Final = 40
_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Decimals:
    """values[i] == wholes[i] / 10**places to the bit, as float32 if `is_single`, but for the rows in `exceptions`."""

    places: int
    is_single: bool
    wholes: Integers
    exceptions: NDArray[np.intp]


def as_decimals(values: Floats, allowed: int) -> Decimals | None:
    """Return the values as decimals with at most so many exceptions, None if they are none."""
    with np.errstate(all="ignore"):
        return _search(values, allowed, is_single=False) or _search(values, allowed, is_single=True)


def from_decimals(wholes: Integers, places: int | Integers, is_single: bool) -> Floats:
    """Return the values of whole numbers; `places` is from 0 to 9, one for all or one each."""
    values = wholes.astype(np.float64)
    values /= POWERS[places]
    return values.astype(np.float32).astype(np.float64) if is_single else values


def whole_numbers(values: Floats, places: int | Integers) -> Integers:
    """Return what `from_decimals` makes the values of, 0 for those that it can't make."""
    with np.errstate(all="ignore"):
        rounded = np.rint(values * POWERS[places])
        return np.where(np.abs(rounded) < _LIMIT, rounded, 0).astype(np.int64)


def fits_decimals(values: Floats, places: int, is_single: bool) -> Flags:
    """Return which values come back to the bit."""
    with np.errstate(all="ignore"):
        again = from_decimals(whole_numbers(values, places), places, is_single)
    fits: Flags = again.view(np.int64) == values.view(np.int64)
    return fits


def _search(values: Floats, allowed: int, is_single: bool) -> Decimals | None:
    """Look for places that fit a few values, then at all, then again at those that don't fit yet."""
    places, doubtful = 0, values
    for _ in range(_ROUNDS):
        found = _places(doubtful, places, is_single)
        if found is None:
            return None
        places = found
        wholes, misfits = _split(values, places, is_single)
        if len(misfits) <= allowed:
            return Decimals(places, is_single, wholes, misfits)
        places, doubtful = places + 1, values[misfits]
    return None


def _places(values: Floats, at_least: int, is_single: bool) -> int | None:
    """Return the fewest decimals that most of a few values have."""
    few = values[:: len(values) // _SAMPLE + 1, np.newaxis]
    wholes = np.rint(few * POWERS)
    again = wholes / POWERS
    if is_single:
        again = again.astype(np.float32).astype(np.float64)
    shares = ((again == few) & (np.abs(wholes) < _LIMIT)).mean(axis=0)
    shares[:at_least] = 0
    best = int(np.argmax(shares >= max(0.9 * float(shares.max()), 0.3)))
    return best if shares[best] >= 0.3 else None


def _split(values: Floats, places: int, is_single: bool) -> tuple[Integers, NDArray[np.intp]]:
    """Return the whole numbers and the rows that they don't give back; those repeat the number before."""
    wholes = whole_numbers(values, places)
    misfits = np.flatnonzero(from_decimals(wholes, places, is_single).view(np.int64) != values.view(np.int64))
    if len(misfits):
        rows = np.arange(len(values))
        rows[misfits] = -1
        wholes = wholes[np.maximum(np.maximum.accumulate(rows), 0)]
    return wholes, misfits
