"""What stays of samples when there is no room for all: one a minute and tag, and every change of quality. Pure."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.columns import Columns

MINUTE_US: Final = 60_000_000
_UNKNOWN: Final = -1


def coarse(columns: Columns, before: Mapping[int, int] | None = None, since_us: int | None = None) -> NDArray[np.bool_]:
    """Return which of n samples stay, shape (n,), in their order.

    `before` says which quality each id had last before them; the first sample of an id that isn't in it stays. Of equal
    times of an id only the last written can stay. All from `since_us` on count as of one minute: the one in which they
    were written.
    """
    n = len(columns)
    order = np.lexsort((columns.time_us, columns.ids))
    ids, times, qualities = columns.ids[order], columns.time_us[order], columns.qualities[order]
    is_same_id = ids[1:] == ids[:-1]
    minutes = (times if since_us is None else np.minimum(times, since_us)) // MINUTE_US
    is_doubled = np.append(is_same_id & (times[1:] == times[:-1]), False)[:n]
    is_last = np.append(~is_same_id | (minutes[1:] != minutes[:-1]), True)[:n]
    is_first = np.append(True, ~is_same_id)[:n]
    previous = np.append(_UNKNOWN, qualities[:-1].astype(np.int64))[:n]
    known = before or {}
    previous[is_first] = [known.get(each, _UNKNOWN) for each in ids[is_first].tolist()]
    stays = np.zeros(n, np.bool_)
    stays[order] = (is_last | (previous != qualities)) & ~is_doubled
    return stays


def last_qualities(columns: Columns) -> dict[int, int]:
    """Return the quality of the latest sample of each id."""
    order = np.lexsort((columns.time_us, columns.ids))
    return dict(zip(columns.ids[order].tolist(), columns.qualities[order].tolist(), strict=True))
