"""Blobs that were read lately, decoded: who pans a trend asks for the same hours and days again and again. Any thread.

A blob is known by its bytes, so that one which was written anew is never taken for what stood there before.
"""

from functools import lru_cache
from typing import Final

from history.chunks.cells import Cells
from history.chunks.chunk import Chunk, read_chunk
from history.chunks.rollup import read_rollup

_KEPT: Final = 256
"""Of each kind: a day of eight pens from their hours, or a month from their minutes; some 50 MB in all."""


@lru_cache(_KEPT)
def chunk_of(body: bytes, tag: int) -> Chunk:
    """Return an hour of a tag as `read_chunk` does; its columns can't be changed."""
    chunk = read_chunk(body, tag)
    for column in (chunk.samples.times_us, chunk.samples.values, chunk.samples.qualities):
        column.setflags(write=False)
    return chunk


@lru_cache(_KEPT)
def cells_of(body: bytes, tag: int) -> Cells:
    """Return the cells of a roll-up of a tag as `read_rollup` does; they can't be changed."""
    cells = read_rollup(body, tag).cells
    cells.setflags(write=False)
    return cells
