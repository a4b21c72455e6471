"""Decoded blobs are kept by their bytes, and can't be changed by who reads them."""

import numpy as np
import pytest

from history.chunks.cells import HOUR_US, MINUTE_US, Rule, coarsen, make_cells
from history.chunks.chunk import Chunk, write_chunk
from history.chunks.errors import CorruptBlobError
from history.chunks.rollup import Rollup, write_rollup
from history.chunks.samples import Samples
from history.store.decoded import cells_of, chunk_of


def hour(value: float) -> tuple[bytes, bytes]:
    samples = Samples(np.arange(0, HOUR_US, MINUTE_US), np.full(60, value), np.zeros(60, np.uint16))
    minutes = make_cells(samples, Rule(is_stepped=True, hold_us=HOUR_US), MINUTE_US, 0, HOUR_US)
    return write_chunk(Chunk(7, coarsen(minutes, HOUR_US), samples)), write_rollup(Rollup(7, MINUTE_US, minutes))


def test_what_was_written_anew_is_read_anew() -> None:
    for value in (1.0, 2.0, 1.0):
        body, rollup = hour(value)
        assert set(chunk_of(body, 7).samples.values.tolist()) == {value}
        assert set(cells_of(rollup, 7)["max"].tolist()) == {value}


def test_nobody_changes_what_others_read() -> None:
    body, rollup = hour(3.0)
    with pytest.raises(ValueError, match="read-only"):
        chunk_of(body, 7).samples.values[0] = 4.0
    with pytest.raises(ValueError, match="read-only"):
        cells_of(rollup, 7)["max"][0] = 4.0


def test_a_blob_of_another_tag_is_refused_however_often_it_is_asked() -> None:
    body, rollup = hour(5.0)
    chunk_of(body, 7)
    for _ in range(2):
        with pytest.raises(CorruptBlobError):
            chunk_of(body, 8)
        with pytest.raises(CorruptBlobError):
            cells_of(rollup, 8)
