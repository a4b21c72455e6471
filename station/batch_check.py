"""Whether a batch can be used at all: drivers may be anybody's. Pure, any thread."""

import numpy as np

from plant_models.batch import Batch


def batch_problem(batch: Batch, n_tags: int) -> str:
    """Return why a batch can't be applied to a table of `n_tags` rows, empty if it can."""
    n = len(batch)
    if batch.qualities is None and batch.values is not None:
        return "values without qualities"
    columns = (batch.values, batch.qualities, batch.source_us, batch.received_ns, batch.texts)
    if any(len(column) != n for column in columns if column is not None):
        return "columns of different lengths"
    if batch.tags.dtype.kind not in "iu":
        return "rows that are not whole numbers"
    if n and batch.tags.astype(np.uint64).max() >= n_tags:  # a negative number becomes a huge one
        return "a row that the table doesn't have"
    return ""
