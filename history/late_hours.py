"""Late samples in an hour that was thinned: nothing gets worse by what came later. Packer thread, pure functions.

Of such an hour rows are read that stand for samples that were left out. Those beside a late sample are kept from then
on, so that what is read of the rest doesn't change; minutes that no late sample touches keep their cells, which were
worked out from all samples.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.chunks.cells import HOUR_US, MINUTE_US, Cells, Rule
from history.chunks.samples import MEASURED, Samples, merge

MINUTES: Final = HOUR_US // MINUTE_US
Mask = NDArray[np.bool_]


def rejoin(earlier: Samples, later: Samples) -> Samples:
    """Return all samples of an hour of a tag in order, of equal times the later ones.

    `earlier` may be thinned. Where `later` has all that was left out between two samples (packing was cut short and is
    done again, or a device repeats itself) the rows that stood for it go.
    """
    if earlier.filled is None:
        return merge([earlier, later])
    filled = earlier.filled.copy()
    before = np.searchsorted(earlier.times_us, later.times_us) - 1
    after = np.searchsorted(earlier.times_us, later.times_us, "right")
    filled[before[before >= 0]] = MEASURED
    filled[after[after < len(filled)]] = MEASURED
    is_known_now = _superseded(earlier, later)
    settled = Samples(earlier.times_us, earlier.values, earlier.qualities, earlier.texts, filled)
    joined = merge([settled.take(~is_known_now), later])
    if later.filled is None and (is_known_now == (earlier.filled != MEASURED)).all():  # every row was measured
        return Samples(joined.times_us, joined.values, joined.qualities, joined.texts)
    return joined


def patched(old: Cells, fresh: Cells, touched: Mask, start_us: int) -> Cells:
    """Return the cells of the minutes from `start_us` on: the fresh ones where something touched them, else the old."""
    parts = [
        cells[touched[(cells["t0_us"] - start_us) // MINUTE_US] == is_touched]
        for cells, is_touched in ((old, False), (fresh, True))
    ]
    joined = np.concatenate(parts)
    cells: Cells = joined[np.argsort(joined["t0_us"], kind="stable")]
    return cells


def touched_minutes(joined: Samples, late: Samples, start_us: int, rule: Rule) -> Mask:
    """Return which minutes of the hour have another sum now that `late` samples (1 or more) are among the joined ones.

    They reach from the sample before a late one to the one after it; the minute of the one before keeps its sums if
    its value holds until its end, as it did before.
    """
    times = joined.times_us
    at = np.searchsorted(times, late.times_us)
    before, after = np.maximum(at - 1, 0), np.minimum(at + 1, len(times) - 1)
    held = (times[before] + rule.hold_us >= times[after]) & rule.is_stepped
    first = (times[before] - start_us) // MINUTE_US + held
    first = np.minimum(first, (late.times_us - start_us) // MINUTE_US)
    last = (times[after] - start_us) // MINUTE_US
    first = np.where(at == 0, 0, np.maximum(first, 0))
    last = np.where(at == len(times) - 1, MINUTES - 1, np.minimum(last, MINUTES - 1))
    edges = np.zeros(MINUTES + 1, np.int64)
    np.add.at(edges, first, 1)
    np.add.at(edges, last + 1, -1)
    touched: Mask = np.cumsum(edges[:-1]) > 0
    return touched


def border_minutes(joined: Samples, start_us: int) -> Mask:
    """Return the minutes whose sums follow from the neighbouring hours: up to the first sample, and from the last."""
    numbers = np.arange(MINUTES)
    first, last = (joined.times_us[[0, -1]] - start_us) // MINUTE_US
    borders: Mask = (numbers <= first) | (numbers >= last)
    return borders


def _superseded(earlier: Samples, later: Samples) -> Mask:
    """Return the filled rows between two samples that `later` has too, with as many between them as were left out."""
    assert earlier.filled is not None
    rows = np.flatnonzero(earlier.filled == MEASURED)
    counts = np.diff(rows, append=len(earlier)) - 1
    at = np.searchsorted(later.times_us, earlier.times_us[rows])
    nearest = np.minimum(at, len(later) - 1)
    is_there = later.times_us[nearest] == earlier.times_us[rows]
    is_there &= later.values[nearest] == earlier.values[rows]
    is_there &= later.qualities[nearest] == earlier.qualities[rows]
    following = np.append(at[1:], at[-1:])
    is_whole = is_there & np.append(is_there[1:], False) & (following - at - 1 >= counts)
    marks: Mask = np.repeat(is_whole, counts + 1) & (earlier.filled != MEASURED)
    return marks
