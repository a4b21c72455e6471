"""Which source times are believed: a device with a wrong clock must not decide when something was. Any thread."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from plant_models.batch import Times

TRUST_US: Final = 300_000_000
"""How far a source time may be from the station's clock (5 minutes)."""


def believed_us(source_us: int, station_us: int) -> int:
    """Return the source time if it can be believed, else the station's (both µs UTC)."""
    return source_us if abs(source_us - station_us) <= TRUST_US else station_us


def are_believed(source_us: Times, station_us: int) -> NDArray[np.bool_]:
    """Return which of n source times can be believed, shape (n,), by the rule of `believed_us`."""
    since_first: NDArray[np.uint64] = (source_us + (TRUST_US - station_us)).view(np.uint64)  # earlier ones wrap around
    return since_first <= 2 * TRUST_US


def all_believed_us(source_us: Times, station_us: int) -> Times:
    """Return `believed_us` of n source times, shape (n,)."""
    is_believed = are_believed(source_us, station_us)
    return source_us if is_believed.all() else np.where(is_believed, source_us, station_us)
