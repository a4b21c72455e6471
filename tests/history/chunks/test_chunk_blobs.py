"""Blobs give back what was put in, and nothing at all once a byte is wrong."""

import contextlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from history.chunks.cells import HOUR_US, MINUTE_US, coarsen, make_cells
from history.chunks.chunk import Chunk, read_chunk, read_header, write_chunk
from history.chunks.errors import CorruptBlobError, NewerBlobError
from history.chunks.rollup import Rollup, read_rollup, write_rollup
from history.chunks.samples import ON_A_LINE, Block, Samples, concatenate_samples
from history.chunks.segment import read_segment, write_segment
from history.codec import CodecError
from tests.history.chunks.blobs import (
    ANY,
    INT64,
    QUALITIES,
    SLOPED,
    T0_US,
    TEXTS,
    block,
    chunk_of,
    hours,
    plain,
    samples,
)

QUICKLY = settings(max_examples=25, deadline=None)
ROWS = st.lists(st.tuples(st.integers(0, 9), INT64, ANY, QUALITIES, TEXTS), min_size=1, max_size=60)
HOUR = samples(
    T0_US + np.arange(900) * 4_000_000 + np.arange(900) % 3 * 1_000,
    np.where(np.arange(900) % 77 == 9, np.nan, np.round(20 + np.sin(np.arange(900) / 40), 2)),
    np.where(np.arange(900) % 77 == 9, 0x8005, 0).tolist(),
    [None, "on", "off"] * 300,
)
CELLS = make_cells(HOUR, SLOPED, MINUTE_US, T0_US, T0_US + HOUR_US)
MINUTE = Block(
    np.arange(900) % 5 + 3, Samples(HOUR.times_us, HOUR.values * np.pi ** (np.arange(900) % 5 == 2), HOUR.qualities)
)


@dataclass(frozen=True)
class Sort:
    """A blob of one kind, and its reader."""

    blob: bytes
    read: Callable[[bytes], object]
    name: str


THINNED = Samples(
    HOUR.times_us, HOUR.values, HOUR.qualities, HOUR.texts, (np.arange(900) % 3 == 1).astype(np.uint8) * ON_A_LINE
)
SORTS = {
    "chunk": Sort(write_chunk(chunk_of(HOUR)), read_chunk, "an hour of a tag"),
    "thinned": Sort(write_chunk(chunk_of(THINNED)), read_chunk, "an hour of a tag"),
    "header": Sort(write_chunk(chunk_of(HOUR)), read_header, "an hour of a tag"),
    "segment": Sort(write_segment(MINUTE), read_segment, "a minute of tags"),
    "rollup": Sort(write_rollup(Rollup(7, MINUTE_US, CELLS)), read_rollup, "roll-up cells of a tag"),
}
EACH = pytest.mark.parametrize("sort", SORTS.values(), ids=SORTS)


@QUICKLY
@given(hours(), st.integers(0, 2**32 - 1))
def test_any_hour_comes_back_to_the_bit_with_its_header(hour: Samples, tag: int) -> None:
    chunk = chunk_of(hour, tag)
    blob = write_chunk(chunk)
    found = read_chunk(blob, tag)
    assert found.tag == tag
    assert found.header.tobytes() == read_header(blob, tag).tobytes() == chunk.header.tobytes()
    assert plain(found.samples) == plain(hour)


@QUICKLY
@given(ROWS, st.booleans(), st.sets(st.integers(0, 9)))
def test_any_minute_comes_back_to_the_bit_tag_by_tag(
    rows: list[tuple[int, int, float, int, str | None]], has_texts: bool, wanted: set[int]
) -> None:
    tags, times, values, qualities, texts = zip(*rows, strict=True)
    written = Block(np.array(tags, np.int64), samples(times, values, qualities, texts if has_texts else None))
    blob = write_segment(written)
    in_order = written.take(np.argsort(written.tags, kind="stable"))
    expected = in_order.take(np.isin(in_order.tags, list(wanted)))
    for found, wish in ((read_segment(blob), in_order), (read_segment(blob, wanted), expected)):
        assert found.tags.tolist() == wish.tags.tolist()
        assert plain(found.samples) == plain(wish.samples)


@QUICKLY
@given(hours())
def test_any_cells_come_back_to_the_bit(hour: Samples) -> None:
    for cells in (minutes := make_cells(hour, SLOPED, MINUTE_US, T0_US, T0_US + HOUR_US), coarsen(minutes, HOUR_US)):
        found = read_rollup(write_rollup(Rollup(9, MINUTE_US, cells)), 9)
        assert (found.tag, found.level_us) == (9, MINUTE_US)
        assert found.cells.tobytes() == cells.tobytes()


def test_a_segment_of_every_kind_of_number() -> None:
    random = np.random.default_rng(3)
    kinds = [random.normal(size=60), random.normal(size=60).astype(np.float32), np.round(random.normal(size=60), 2)]
    kinds += [kinds[2].astype(np.float32), np.full(60, -0.0), np.full(60, np.nan), np.full(60, 1e300), np.arange(60)]
    values = np.concatenate(kinds)
    times = np.tile(T0_US + np.arange(60) * 1_000_000, len(kinds))
    written = Block(np.repeat(np.arange(len(kinds)), 60), samples(times, values))
    blob = write_segment(written)
    assert read_segment(blob).samples.values.tobytes() == values.tobytes()
    for tag in range(len(kinds)):
        found = read_segment(blob, [tag])
        assert found.samples.values.tobytes() == values[tag * 60 : tag * 60 + 60].tobytes()
        assert set(found.tags.tolist()) == {tag}
    assert len(read_segment(blob, [99])) == 0


@EACH
def test_every_wrong_byte_is_noticed(sort: Sort) -> None:
    for place in range(len(sort.blob)):
        spoilt = bytearray(sort.blob)
        spoilt[place] ^= 1 << place % 8
        with pytest.raises(CorruptBlobError, match=sort.name):
            sort.read(bytes(spoilt))


@EACH
def test_what_is_cut_off_or_goes_on_is_noticed(sort: Sort) -> None:
    for length in [*range(0, len(sort.blob), 7), len(sort.blob) - 1]:
        with pytest.raises(CorruptBlobError, match=sort.name):
            sort.read(sort.blob[:length])
    with pytest.raises(CorruptBlobError, match="the checksum doesn't fit"):
        sort.read(sort.blob + b"\0")


def sealed(kind: int, version: int, body: bytes) -> bytes:
    head = bytes((kind, version))
    return head + zlib.crc32(head + body).to_bytes(4, "little") + body


@EACH
def test_a_newer_version_says_so(sort: Sort) -> None:
    newer = sealed(sort.blob[0], 3, b"something else")
    with pytest.raises(NewerBlobError, match=f"{sort.name}: version 3 is unknown; a newer Clearwell wrote this blob"):
        sort.read(newer)
    assert issubclass(NewerBlobError, CodecError)
    assert not issubclass(NewerBlobError, CorruptBlobError)


@EACH
def test_another_kind_of_blob_says_so(sort: Sort) -> None:
    with pytest.raises(CorruptBlobError, match=r"this is a blob of another kind \('X'\)"):
        sort.read(sealed(ord("X"), 1, sort.blob[6:]))


@QUICKLY
@given(st.sampled_from(list(SORTS)), st.integers(0, 10_000), st.binary(max_size=3), st.integers(0, 9))
def test_a_body_that_makes_no_sense_under_a_right_checksum_is_a_corrupt_blob(
    name: str, place: int, junk: bytes, gone: int
) -> None:
    sort = SORTS[name]
    at = 6 + place % (len(sort.blob) - 6)
    body = sort.blob[6:at] + junk + sort.blob[at + gone :]
    with contextlib.suppress(CorruptBlobError):  # that, or a value became another; nothing else
        assert sort.read(sealed(sort.blob[0], 1, body)) is not None


def test_a_blob_of_another_tag_is_refused() -> None:
    for read in (read_chunk, read_header):
        with pytest.raises(CorruptBlobError, match="an hour of a tag can't be read: it holds tag 7 instead of 8"):
            read(SORTS["chunk"].blob, 8)
    with pytest.raises(CorruptBlobError, match="cells of tag 7"):
        read_rollup(SORTS["rollup"].blob, 8)


def test_what_is_no_chunk_is_not_written() -> None:
    chunk = chunk_of(HOUR)
    late = chunk.header.copy()
    late["t0_us"] += 1
    shifted = samples(HOUR.times_us + HOUR_US // 2, HOUR.values)
    for wrong, reason in [
        (Chunk(7, chunk.header, HOUR.take(slice(0, 0))), "0 samples of tag 7 under 1 cells are no chunk"),
        (Chunk(2**32, chunk.header, HOUR), "are no chunk"),
        (Chunk(7, chunk.header[:0], HOUR), "under 0 cells"),
        (Chunk(7, late, HOUR), "is no full hour"),
        (Chunk(7, chunk.header, shifted), "times outside the hour"),
        (Chunk(7, chunk.header, concatenate_samples([HOUR, HOUR])), "times out of order"),
    ]:
        with pytest.raises(ValueError, match=reason):
            write_chunk(wrong)


def test_what_is_no_segment_or_roll_up_is_not_written() -> None:
    with pytest.raises(ValueError, match="a tag id outside 0 to 4294967295"):
        write_segment(block([(2**32, 1, 1.0)]))
    with pytest.raises(ValueError, match="a tag id outside 0 to 4294967295"):
        write_segment(block([(-1, 1, 1.0)]))
    with pytest.raises(ValueError, match="65 samples of 65 tags are no segment"):
        write_segment(block([(tag, 1, 1.0) for tag in range(65)]))
    with pytest.raises(ValueError, match="0 samples of 0 tags are no segment"):
        write_segment(MINUTE.take(slice(0, 0)))
    with pytest.raises(ValueError, match="0 cells of tag 7 are no roll-up"):
        write_rollup(Rollup(7, MINUTE_US, CELLS[:0]))


def test_a_thinned_hour_begins_and_ends_with_what_was_measured() -> None:
    marked = Samples(HOUR.times_us, HOUR.values, HOUR.qualities, None, np.append(np.zeros(899, np.uint8), np.uint8(1)))
    with pytest.raises(ValueError, match="begins or ends with a sample that wasn't measured"):
        write_chunk(chunk_of(marked))
    whole = Samples(HOUR.times_us, HOUR.values, HOUR.qualities, HOUR.texts, np.zeros(900, np.uint8))
    assert write_chunk(chunk_of(whole)) == write_chunk(chunk_of(HOUR))


def test_a_thinned_hour_keeps_its_texts() -> None:
    marks = np.arange(900) % 3 == 1
    marked = Samples(HOUR.times_us, HOUR.values, HOUR.qualities, HOUR.texts, marks.astype(np.uint8))
    back = read_chunk(write_chunk(chunk_of(marked))).samples
    assert back.filled is not None
    assert back.filled.tolist() == marks.tolist()
    assert back.texts is not None
    assert HOUR.texts is not None
    assert back.texts.tolist()[:3] == [None, None, "off"]
