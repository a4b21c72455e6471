"""What is read of a file that is to be imported: some rows of it, and what is wrong with them. Immutable."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from plant_models.message import message
from plant_models.quality import Quality, bad_mask

ROWS: Final = 2**14
"""Rows of a piece at most."""
TEXT_COLUMN: Final = "text"
"""Where an export writes the texts of text tags."""


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """`problem` is what is wrong at a line and a column (both from 1), `remedy` what would be right."""

    line: int
    column: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.problem}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class ReadPiece:
    """The rows that are as they should be, in their order: `tags[codes[i]]` had a value at a time (µs UTC).

    `lines[c]` is where `tags[c]` comes first in the piece.
    """

    tags: tuple[str, ...]
    lines: tuple[int, ...]
    codes: NDArray[np.int64]
    times_us: NDArray[np.int64]
    values: NDArray[np.float64]
    qualities: NDArray[np.uint16]
    mistakes: Sequence[Mistake] = ()

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: NDArray[np.bool_]) -> "ReadPiece":
        """Return some of the rows."""
        return ReadPiece(
            self.tags,
            self.lines,
            self.codes[rows],
            self.times_us[rows],
            self.values[rows],
            self.qualities[rows],
            self.mistakes,
        )


class Pieces(Protocol):
    """A file; each time it is iterated it is read from its beginning."""

    def __iter__(self) -> Iterator[ReadPiece]: ...


def no_texts() -> tuple[str, str]:
    """Return what is wrong with a row that holds a text, and what would be right."""
    return message("a text can't be imported"), message("numbers only; leave out the tags that are texts")


def never_good(values: NDArray[np.float64], qualities: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Return the qualities; what is no finite number is bad, whatever the file says."""
    is_wrong = ~np.isfinite(values) & ~bad_mask(qualities)
    return np.where(is_wrong, np.uint16(Quality.BAD_OUT_OF_RANGE), qualities).astype(np.uint16)
