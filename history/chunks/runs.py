"""Where runs of equal keys begin in a column. Pure, any thread."""

import numpy as np
from numpy.typing import NDArray


def run_starts(keys: NDArray[np.integer]) -> NDArray[np.intp]:
    """Return the first row of each run of equal keys, none for no keys."""
    return np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
