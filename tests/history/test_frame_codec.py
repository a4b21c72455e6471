"""Frames give back every sample to the bit, and nothing else passes for one."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from history.codec import CODEC, CodecError, Picker, checksum, encode
from history.columns import Columns
from tests.fakes.samples import columns, same

BITS = st.integers(0, 2**64 - 1)
TIMES = st.integers(-(2**60), 2**60)
ROWS = st.lists(st.tuples(st.integers(0, 2**32 - 1), BITS, st.integers(0, 0xFFFF), TIMES, TIMES, TIMES), min_size=1)

STRANGE = {
    "quiet NaN": 0x7FF8000000000000,
    "NaN with a payload": 0x7FF0DEADBEEF0001,
    "negative NaN with a payload": 0xFFF8000000C0FFEE,
    "infinity": 0x7FF0000000000000,
    "negative infinity": 0xFFF0000000000000,
    "negative zero": 0x8000000000000000,
    "smallest denormal": 0x0000000000000001,
    "largest denormal": 0x000FFFFFFFFFFFFF,
    "largest number": 0x7FEFFFFFFFFFFFFF,
}


def from_rows(rows: list[tuple[int, int, int, int, int, int]]) -> Columns:
    ids, bits, qualities, times, sources, received = zip(*rows, strict=True)
    return Columns(
        np.array(ids, np.int64),
        np.array(bits, np.uint64).view(np.float64),
        np.array(qualities, np.uint16),
        np.array(times, np.int64),
        np.array(sources, np.int64),
        np.array(received, np.int64),
    )


def by_tag(samples: Columns) -> Columns:
    return samples.take(np.argsort(samples.ids, kind="stable"))


def round_trip(samples: Columns, wanted: list[int] | None = None) -> Columns:
    picker = Picker(None if wanted is None else np.array(wanted, np.int64))
    picker.add(CODEC, encode(samples), len(samples), int(samples.time_us.min()))
    return picker.columns()


@given(ROWS)
def test_any_samples_come_back_bit_for_bit_in_order_within_each_tag(
    rows: list[tuple[int, int, int, int, int, int]],
) -> None:
    samples = from_rows(rows)
    assert same(round_trip(samples), by_tag(samples))


@given(ROWS, st.sets(st.integers(0, 2**32 - 1)))
def test_only_the_wanted_tags_are_given(rows: list[tuple[int, int, int, int, int, int]], others: set[int]) -> None:
    samples = from_rows(rows)
    wanted = sorted({rows[0][0], *others})
    expected = by_tag(samples.take(np.isin(samples.ids, wanted)))
    assert same(round_trip(samples, wanted), expected)


@pytest.mark.parametrize("bits", STRANGE.values(), ids=STRANGE)
def test_a_strange_number_alone(bits: int) -> None:
    samples = from_rows([(7, bits, 0x803C, 1, 0, 2)])
    assert round_trip(samples).values.view(np.uint64).tolist() == [bits]


def test_duplicate_times_and_gaps_of_a_microsecond() -> None:
    samples = columns([1, 1, 1, 1], [1, 2, 3, 4], [10, 10, 11, 9])
    assert same(round_trip(samples), samples)


def test_a_frame_of_noise_is_hardly_larger_than_its_samples() -> None:
    noise = np.random.default_rng(1).normal(size=5_000)
    body = encode(columns(range(5_000), noise.tolist(), [1_700_000_000_000_000] * 5_000))
    assert len(body) < 5_000 * 9


def test_the_format_that_is_written_down_is_what_is_written() -> None:
    """Codec 1 by hand: two samples, the bytes of each column transposed."""
    samples = from_rows([(3, 0x0102030405060708, 0x4090, 1_000, 900, 1_001), (5, 0, 0x8031, 1_002, 1_002, 1_001)])
    fields = [("<I", (3, 2)), ("<Q", (0x0102030405060708, 0)), ("<H", (0x4090, 0x8031))]
    fields += [("<q", (0, 2)), ("<q", (-100, 0)), ("<q", (1, -1))]
    expected = b""
    for layout, (first, second) in fields:
        pairs = zip(struct.pack(layout, first), struct.pack(layout, second), strict=True)
        expected += bytes(byte for pair in pairs for byte in pair)
    assert zlib.decompress(encode(samples)) == expected


def test_nothing_is_no_frame() -> None:
    with pytest.raises(ValueError, match="without samples"):
        encode(columns([], [], []))


@pytest.mark.parametrize("tag", [-1, 2**32])
def test_an_id_that_does_not_fit(tag: int) -> None:
    with pytest.raises(ValueError, match="a tag id outside 0 to 4294967295"):
        encode(columns([tag], [1.0], [1]))


def test_what_is_no_frame_is_refused() -> None:
    body = encode(columns([1, 2], [1.0, 2.0], [1, 2]))
    picker = Picker()
    with pytest.raises(CodecError, match="codec 3 is unknown; a newer Clearwell wrote this frame"):
        picker.add(3, body, 2, 1)
    with pytest.raises(CodecError, match="76 bytes instead of 114 for 3 samples"):
        picker.add(CODEC, body, 3, 1)
    for spoilt in (b"", body[:-6], b"x" + body):
        with pytest.raises(CodecError, match="can't be unpacked"):
            picker.add(CODEC, spoilt, 2, 1)
    assert len(picker.columns()) == 0


def test_many_frames_are_one_answer() -> None:
    """The second frame has the same tags as the first, the third others, the fourth none that is wanted."""
    frames = [([3, 5], 10), ([3, 5], 20), ([1, 5], 5), ([9], 40)]
    picker = Picker(np.array([1, 3], np.int64))
    for ids, time_us in frames:
        samples = columns(ids, [time_us + tag for tag in ids], [time_us + tag for tag in ids])
        picker.add(CODEC, encode(samples), len(samples), int(samples.time_us.min()))
    taken = picker.columns()
    assert taken.ids.tolist() == [3, 3, 1]
    assert taken.time_us.tolist() == taken.values.tolist() == [13, 23, 6]


def test_a_checksum_sees_every_number_and_every_byte() -> None:
    sums = {checksum(header, body) for header in [(1, 2), (2, 1), (1, 3)] for body in (b"ab", b"ba", b"ab\0")}
    assert len(sums) == 9
