"""A column of texts: each different one is kept once, the rest are numbers. Pure, any thread."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.chunks.errors import CorruptBlobError
from history.chunks.integers import Integers, read_integers, write_integers
from history.chunks.packed import Cursor, packed

NONE: Final = -1
"""The code of a sample without a text."""
_SIZES: Final = struct.Struct("<II")
_LIMIT: Final = 2**26
"""Bytes of all words of a column together."""
_BYTES: Final = 4
"""Of a character at most."""


@dataclass(frozen=True, slots=True)
class Texts:
    """n texts: `words[codes[i]]`, or none where the code is -1. The words are different from each other."""

    words: tuple[str, ...]
    codes: Integers

    @classmethod
    def of(cls, texts: Iterable[str | None]) -> "Texts":
        """Return these texts."""
        numbers: dict[str, int] = {}
        codes = [NONE if text is None else numbers.setdefault(text, len(numbers)) for text in texts]
        return cls(tuple(numbers), np.array(codes, np.int64))

    @classmethod
    def none(cls, n: int) -> "Texts":
        """Return n samples without a text."""
        return cls((), np.full(n, NONE, np.int64))

    def tolist(self) -> list[str | None]:
        """Return the texts one by one."""
        return [None if code == NONE else self.words[code] for code in self.codes.tolist()]

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_] | slice) -> "Texts":
        """Return the given rows, with the words that they use."""
        codes = self.codes[rows]
        used = np.unique(codes[codes != NONE])
        renumbered = np.full(len(self.words) + 1, NONE, np.int64)
        renumbered[used] = np.arange(len(used))
        return Texts(tuple(self.words[code] for code in used.tolist()), renumbered[codes])

    def fitting(self) -> "Texts | None":
        """Return the texts, without the last words if a column has no room for all; None if there is no text."""
        if not self.words:
            return None
        ends = np.cumsum([len(word) for word in self.words]) * _BYTES
        first_over = int(np.searchsorted(ends, _LIMIT))
        if first_over == len(self.words):
            return self
        return Texts(self.words[:first_over], np.where(self.codes < first_over, self.codes, NONE))


def concatenate_texts(parts: Sequence[Texts]) -> Texts:
    """Return the texts of all parts, one after another."""
    numbers: dict[str, int] = {}
    codes = [np.empty(0, np.int64)]
    for part in parts:
        renumbered = [numbers.setdefault(word, len(numbers)) for word in part.words]
        codes.append(np.array([*renumbered, NONE], np.int64)[part.codes])
    return Texts(tuple(numbers), np.concatenate(codes))


def write_texts(texts: Texts) -> bytes:
    """Return a column of n >= 1 texts.

    Raises:
        ValueError: the different texts are 64 MB or more.
    """
    words = [word.encode("utf-8", "surrogatepass") for word in texts.words]
    size = sum(map(len, words))
    if size >= _LIMIT:
        raise ValueError(f"texts of {size} bytes in one column")
    head = _SIZES.pack(len(words), size)
    if words:
        head += write_integers(np.array([len(word) for word in words], np.int64)) + packed(b"".join(words))
    return head + write_integers(texts.codes)


def read_texts(cursor: Cursor, n: int) -> Texts:
    """Return the next column of n >= 1 texts.

    Raises:
        CorruptBlobError: there is no such column.
    """
    count, size = cursor.take(_SIZES)
    if size >= _LIMIT or count > max(size, 1) * n:
        raise CorruptBlobError(f"{count} texts of {size} bytes for {n} samples")
    words = _read_words(cursor, count, size) if count else ()
    codes = read_integers(cursor, n)
    if codes.min() < NONE or codes.max() >= count:
        raise CorruptBlobError("the number of a text that isn't there")
    return Texts(words, codes)


def _read_words(cursor: Cursor, count: int, size: int) -> tuple[str, ...]:
    lengths = read_integers(cursor, count)
    plain = bytes(cursor.block(size))
    if lengths.min() < 0 or lengths.max() > size or lengths.sum() != size:
        raise CorruptBlobError(f"texts of other than {size} bytes")
    ends = np.cumsum(lengths).tolist()
    try:
        parts = zip([0, *ends], ends, strict=False)
        return tuple(plain[start:end].decode("utf-8", "surrogatepass") for start, end in parts)
    except UnicodeDecodeError as error:
        raise CorruptBlobError(f"a text that isn't UTF-8: {error}") from error
