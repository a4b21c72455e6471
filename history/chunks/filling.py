"""Rows that stand for samples which were left out, so that who reads an hour needn't know that it was thinned.

Pure, any thread. Between two measured samples as many rows are put as were left out, evenly in time, with the value of
the first one or on the line from one to the other. What is read then has as many rows as were measured, and a silence
is where one was: nothing is left out across one.
"""

import numpy as np
from numpy.typing import NDArray

from history.chunks.errors import CorruptBlobError
from history.chunks.samples import HELD, MEASURED, ON_A_LINE, Marks, Samples

Integers = NDArray[np.int64]


def left_out(filled: Marks) -> Integers:
    """Return for each measured row how many filled ones follow it.

    Raises:
        ValueError: the first or last row isn't measured.
    """
    if filled[0] or filled[-1]:
        raise ValueError("an hour that begins or ends with a sample that wasn't measured")
    counts: Integers = np.diff(np.flatnonzero(filled == MEASURED), append=len(filled)) - 1
    return counts


def fill(samples: Samples, counts: Integers, *, is_sloped: bool, most: int) -> Samples:
    """Return measured samples with rows for the `counts[i]` samples that were left out after the i-th.

    Raises:
        CorruptBlobError: there can't have been so many: more than `most` rows, or no room for them in time.
    """
    spans = np.diff(samples.times_us, append=samples.times_us[-1:] + 1)
    if counts.min() < 0 or (counts >= spans).any() or len(samples) + counts.sum() > most:
        raise CorruptBlobError("more samples were left out than there is room for")
    parts = counts + 1
    rows = np.repeat(np.arange(len(samples)), parts)
    step = np.arange(len(rows)) - np.repeat(np.cumsum(parts) - parts, parts)
    whole = samples.take(rows)
    times, values = whole.times_us + spans[rows] * step // parts[rows], whole.values
    at = np.flatnonzero(step)
    filled = np.full(len(rows), MEASURED, np.uint8)
    filled[at] = ON_A_LINE if is_sloped else HELD
    if is_sloped:
        share = (times[at] - whole.times_us[at]) / spans[rows[at]]
        values[at] = on_line(values[at], samples.values[rows[at] + 1], share)
    return Samples(times, values, whole.qualities, whole.texts, filled)


def on_line(begins: NDArray[np.float64], ends: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values at a share (0 to 1) of the way from the begins to the ends; never beyond either."""
    line: NDArray[np.float64] = begins * (1 - share) + ends * share
    return np.clip(line, np.minimum(begins, ends), np.maximum(begins, ends))
