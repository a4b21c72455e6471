"""Batches: columns of equal length."""

import numpy as np
import pytest

from plant_models.batch import failure, keep_alive, merge, merge_reads, samples


def test_scalars_are_spread_over_all_rows() -> None:
    batch = samples([3, 4], [1.0, 2.0], 0, 7, 8)
    assert batch.source_us.tolist() == [7, 7]
    assert batch.received_ns.dtype == np.int64
    assert len(batch) == 2


def test_columns_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 rows"):
        samples([1, 2], [1.0, 2.0, 3.0], 0, 1, 1)
    with pytest.raises(ValueError, match="1 texts for 2 rows"):
        samples([1, 2], [1.0, 2.0], 0, 1, 1, ["x"])


def test_neighbouring_reads_are_merged_and_the_rest_keeps_its_place() -> None:
    first, second, third = (samples([row], [float(row)], 0, row, row) for row in (1, 2, 3))
    dead = failure([9], 0x8031, 1, 1)
    merged = list(merge_reads([first, second, dead, third]))
    assert [batch.tags.tolist() for batch in merged] == [[1, 2], [9], [3]]
    assert merged[2] is third


def test_texts_of_merged_batches_keep_their_rows() -> None:
    merged = merge([samples([1], [1.0], 0, 1, 1), samples([2], [2.0], 0, 1, 1, ["on"])])
    assert merged.texts == (None, "on")


def test_only_reads_are_merged() -> None:
    assert len(merge([])) == 0
    with pytest.raises(ValueError, match="only batches with values"):
        merge([keep_alive([1], 1)])
