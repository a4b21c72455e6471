"""Samples, cells and blobs for the tests of this folder, and what hypothesis makes them of."""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from history.chunks.cells import HOUR_US, Cells, Rule, make_cells
from history.chunks.chunk import Chunk
from history.chunks.samples import Block, Samples
from history.chunks.texts import Texts

T0_US = 472_222 * HOUR_US
SLOPED, STEPPED = Rule(is_stepped=False, hold_us=90_000_000), Rule(is_stepped=True, hold_us=90_000_000)

BITS = st.integers(0, 2**64 - 1)
SHORT = st.integers(-2_000, 2_000).map(lambda number: number / 100)
ANY = st.one_of(st.floats(width=64), st.floats(width=32), SHORT, BITS.map(lambda bits: from_bits([bits])[0]))
QUALITIES = st.one_of(st.sampled_from([0, 0, 0, 0x4090, 0x8005]), st.integers(0, 0xFFFF))
INT64 = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.one_of(st.none(), st.sampled_from(["on", "off"]), st.text(st.characters(), max_size=9))
OFFSETS_US = st.one_of(st.integers(0, 3_599).map(lambda second: second * 1_000_000), st.integers(0, HOUR_US - 1))

STRANGE = {
    "quiet NaN": 0x7FF8000000000000,
    "signalling NaN with a payload": 0x7FF0DEADBEEF0001,
    "negative NaN with a payload": 0xFFF8000000C0FFEE,
    "NaN with a payload of 22 bits": 0x7FF0123440000000,
    "infinity": 0x7FF0000000000000,
    "negative infinity": 0xFFF0000000000000,
    "negative zero": 0x8000000000000000,
    "smallest denormal": 0x0000000000000001,
    "largest denormal": 0x000FFFFFFFFFFFFF,
    "smallest float32": 0x36A0000000000000,
    "largest number": 0x7FEFFFFFFFFFFFFF,
}


def from_bits(bits: Sequence[int]) -> np.ndarray:
    return np.array(bits, np.uint64).view(np.float64)


def samples(
    times_us: Sequence[int],
    values: Sequence[float],
    qualities: Sequence[int] | int = 0,
    texts: Sequence[str | None] | None = None,
) -> Samples:
    """Return samples; one quality counts for all."""
    n = len(times_us)
    return Samples(
        np.array(times_us, np.int64),
        np.array(values, np.float64),
        np.full(n, qualities, np.uint16) if isinstance(qualities, int) else np.array(qualities, np.uint16),
        None if texts is None else Texts.of(texts),
    )


@st.composite
def hours(draw: st.DrawFn) -> Samples:
    """Samples of an hour in order, of any values and qualities, with or without texts."""
    offsets = sorted(draw(st.sets(OFFSETS_US, min_size=1, max_size=40)))
    rows = draw(st.lists(st.tuples(ANY, QUALITIES, TEXTS), min_size=len(offsets), max_size=len(offsets)))
    values, qualities, texts = zip(*rows, strict=True)
    has_texts = draw(st.booleans())
    return samples([T0_US + offset for offset in offsets], values, qualities, texts if has_texts else None)


def hour_of(found: Samples, rule: Rule = SLOPED) -> Cells:
    """Return the header of a chunk of these samples."""
    return make_cells(found, rule, HOUR_US, T0_US, T0_US + HOUR_US)


def chunk_of(found: Samples, tag: int = 7) -> Chunk:
    return Chunk(tag, hour_of(found), found)


def plain(found: Samples) -> tuple[bytes, bytes, bytes, list[str | None] | None]:
    """Return what two samples have in common if they are equal to the bit."""
    texts = None if found.texts is None else found.texts.tolist()
    return found.times_us.tobytes(), found.values.tobytes(), found.qualities.tobytes(), texts


def block(rows: Sequence[tuple[int, int, float]]) -> Block:
    """Return rows of tag, time, value."""
    tags, times, values = zip(*rows, strict=True)
    return Block(np.array(tags, np.int64), samples(times, values))
