"""Columns of history, made in a line."""

from collections.abc import Sequence

import numpy as np

from history.columns import Columns


def columns(
    ids: Sequence[int], values: Sequence[float], times_us: Sequence[int], qualities: Sequence[int] | int = 0
) -> Columns:
    """Return samples whose source and received times are their times."""
    n = len(ids)
    times = np.array(times_us, np.int64)
    return Columns(
        np.array(ids, np.int64),
        np.array(values, np.float64),
        np.full(n, qualities, np.uint16) if isinstance(qualities, int) else np.array(qualities, np.uint16),
        times,
        times,
        times,
    )


def same(left: Columns, right: Columns) -> bool:
    """Tell whether all columns are equal to the bit."""
    return all(
        getattr(left, name).tobytes() == getattr(right, name).tobytes()
        for name in ("ids", "values", "qualities", "time_us", "source_us", "received_us")
    )
