"""A column of float64 values, lossless to the bit: the form that suits them best is found by trying. Pure, any thread.

Instruments and PLCs give few kinds of numbers: one that stays, decimals, steps of a converter, float32. What is none of
these is kept as bits. NaN payloads, infinities, -0.0 and denormals come back as they were.
"""

import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.chunks.decimals import POWERS, Decimals, as_decimals, from_decimals
from history.chunks.errors import CorruptBlobError
from history.chunks.integers import Integers, read_integers, write_integers
from history.chunks.packed import Cursor, packed

Floats = NDArray[np.float64]


class Form(IntEnum):
    """The first byte of a column of values."""

    CONSTANT = 0
    DECIMALS = 1
    SINGLE_DECIMALS = 2
    DICTIONARY = 3
    SINGLES = 4
    BITS = 5
    CHANGES = 6
    PLAIN = 7


_FORM: Final = struct.Struct("<B")
_COUNT: Final = struct.Struct("<I")
_CONSTANT: Final = struct.Struct("<Bq")
_DECIMALS: Final = struct.Struct("<BBI")
_GOOD_ENOUGH: Final = 2.5
"""Bytes per value; a form that takes no more is not compared with others."""
_PER_EXCEPTION, _PER_WORD = 16, 4
"""Of so many values one may be no decimal; of so many one may be a new word of the dictionary."""
_SIGN_LESS: Final = 0x7FFF_FFFF_FFFF_FFFF
_SIGN_LESS_32: Final = 0x7FFF_FFFF


def write_values(values: Floats) -> bytes:
    """Return a column of n >= 1 values, in the shortest of the forms that suit it."""
    bits = np.ascontiguousarray(values, np.float64).view(np.int64)
    if (bits == bits[0]).all():
        return _CONSTANT.pack(Form.CONSTANT, bits[0])
    tried: list[bytes] = []
    for column in _columns(values, bits):
        tried.append(column)
        if len(column) <= _GOOD_ENOUGH * len(values):
            return column
    return min(tried, key=len)


def write_results(values: Floats) -> bytes:
    """Return a column of n >= 1 values that were worked out and so have no special form; read like any."""
    return _FORM.pack(Form.BITS) + write_integers(ordered(np.ascontiguousarray(values, np.float64).view(np.int64)))


def read_values(cursor: Cursor, n: int) -> Floats:
    """Return the next column of n >= 1 values.

    Raises:
        CorruptBlobError: there is no such column.
    """
    form = cursor.take(_FORM)[0]
    match form:
        case Form.CONSTANT:
            return np.full(n, struct.unpack("<q", cursor.bytes(8))[0], np.int64).view(np.float64)
        case Form.DECIMALS | Form.SINGLE_DECIMALS:
            return _read_decimals(cursor, n, form == Form.SINGLE_DECIMALS)
        case Form.DICTIONARY:
            return _read_dictionary(cursor, n)
        case Form.SINGLES:
            return from_singles(read_integers(cursor, n))
        case Form.BITS:
            return ordered(read_integers(cursor, n)).view(np.float64)
        case Form.CHANGES:
            changes = np.frombuffer(cursor.block(8 * n), np.uint8).reshape(8, n)
            rows = np.ascontiguousarray(changes.T).view("<u8").reshape(-1).astype(np.uint64)
            return np.bitwise_xor.accumulate(rows).view(np.float64)
        case Form.PLAIN:
            return np.frombuffer(cursor.block(8 * n), "<f8").astype(np.float64)
    raise CorruptBlobError(f"a column of values of the unknown form {form}")


def ordered(bits: Integers) -> Integers:
    """Return the bits of doubles as integers that have the order of the doubles, and such integers as bits."""
    return bits ^ (bits >> 63 & _SIGN_LESS)


def as_singles(values: Floats) -> Integers | None:
    """Return float32 values as integers of the same order, None if one of the values is no float32 to the bit."""
    with np.errstate(all="ignore"):
        singles = values.astype(np.float32)
        if (singles.astype(np.float64).view(np.int64) != values.view(np.int64)).any():
            return None
    bits = singles.view(np.int32)
    return (bits ^ (bits >> 31 & _SIGN_LESS_32)).astype(np.int64)


def from_singles(numbers: Integers) -> Floats:
    """Return the values of `as_singles`."""
    bits = numbers.astype(np.int32)
    with np.errstate(all="ignore"):
        return (bits ^ (bits >> 31 & _SIGN_LESS_32)).view(np.float32).astype(np.float64)


def _columns(values: Floats, bits: Integers) -> Iterator[bytes]:
    """Give the column in one form after another, what usually is the shortest first."""
    decimals = as_decimals(values, len(values) // _PER_EXCEPTION)
    if decimals is not None:
        yield _decimals(decimals, bits)
    in_order = ordered(bits)
    words = np.unique(in_order)
    if len(words) <= len(values) // _PER_WORD:
        codes = np.searchsorted(words, in_order).astype(np.int64)
        head = _FORM.pack(Form.DICTIONARY) + _COUNT.pack(len(words))
        yield head + write_integers(words) + write_integers(codes)
    singles = as_singles(values)
    if singles is not None:
        yield _FORM.pack(Form.SINGLES) + write_integers(singles)
    else:
        yield _FORM.pack(Form.BITS) + write_integers(in_order)
        yield _FORM.pack(Form.CHANGES) + packed(_changes(bits))
    yield _FORM.pack(Form.PLAIN) + packed(values.astype("<f8").tobytes())


def _changes(bits: Integers) -> bytes:
    changes = bits.copy()
    changes[1:] ^= bits[:-1]
    return changes.astype("<i8").view(np.uint8).reshape(-1, 8).T.tobytes()


def _decimals(found: Decimals, bits: Integers) -> bytes:
    form = Form.SINGLE_DECIMALS if found.is_single else Form.DECIMALS
    head = _DECIMALS.pack(form, found.places, len(found.exceptions)) + write_integers(found.wholes)
    if not len(found.exceptions):
        return head
    return head + write_integers(found.exceptions.astype(np.int64)) + write_integers(bits[found.exceptions])


def _read_decimals(cursor: Cursor, n: int, is_single: bool) -> Floats:
    places, exceptions = struct.unpack("<BI", cursor.bytes(5))
    wholes = read_integers(cursor, n)
    if places >= len(POWERS) or exceptions > n:
        raise CorruptBlobError(f"{n} decimals with {places} places and {exceptions} exceptions")
    with np.errstate(all="ignore"):
        values = from_decimals(wholes, places, is_single)
    if exceptions:
        rows, bits = read_integers(cursor, exceptions), read_integers(cursor, exceptions)
        if rows.min() < 0 or rows.max() >= n:
            raise CorruptBlobError("an exception beyond the end of a column")
        values.view(np.int64)[rows] = bits
    return values


def _read_dictionary(cursor: Cursor, n: int) -> Floats:
    words = cursor.take(_COUNT)[0]
    if not 0 < words <= n:
        raise CorruptBlobError(f"a dictionary of {words} words for {n} values")
    values, codes = ordered(read_integers(cursor, words)).view(np.float64), read_integers(cursor, n)
    if codes.min() < 0 or codes.max() >= words:
        raise CorruptBlobError("a code that the dictionary doesn't have")
    return values[codes]
