"""Columns come back to the bit whatever is in them, and what plants really give takes little room."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.signals import group_times
from history.chunks.integers import read_integers, write_differences, write_integers
from history.chunks.packed import Cursor
from history.chunks.qualities import read_qualities, write_qualities
from history.chunks.texts import Texts, concatenate_texts, read_texts, write_texts
from history.chunks.times import read_times, write_times
from history.chunks.values import Form, read_values, write_values
from tests.history.chunks.blobs import ANY, BITS, INT64, QUALITIES, STRANGE, TEXTS, from_bits

N = 3_600
T = TypeVar("T")
RANDOM = np.random.default_rng(1)
QUICKLY = settings(max_examples=40, deadline=None)
NEAR = st.integers(-5, 5)


def back(read: Callable[[Cursor, int], T], column: bytes, n: int) -> T:
    cursor = Cursor(memoryview(column))
    found = read(cursor, n)
    cursor.finish()
    return found


@QUICKLY
@given(st.one_of(st.lists(INT64, min_size=1), st.lists(NEAR, min_size=1), st.lists(st.integers(0, 400), min_size=1)))
def test_any_integers_come_back(numbers: list[int]) -> None:
    column = np.array(numbers, np.int64)
    for write in (write_integers, write_differences):
        assert back(read_integers, write(column), len(column)).tolist() == numbers


@pytest.mark.parametrize("bits", [0, 1, 2, 4, 8, 12, 16, 24, 32, 48, 64])
@pytest.mark.parametrize("n", [1, 2, 7, 8, 9, N])
def test_integers_of_every_width(bits: int, n: int) -> None:
    numbers = RANDOM.integers(0, 2**bits, n, np.uint64, endpoint=False) if bits < 64 else RANDOM.bytes(8 * n)
    column = np.frombuffer(numbers, np.int64) if isinstance(numbers, bytes) else numbers.view(np.int64)
    assert (back(read_integers, write_integers(column), n) == column).all()
    assert (back(read_integers, write_differences(column), n) == column).all()


def test_upper_bytes_stay_still_when_numbers_swing_about_a_border_of_a_byte() -> None:
    swinging = 256 + RANDOM.integers(-3, 4, N)
    swinging[0] = -20_000
    assert len(write_integers(swinging)) < 0.5 * N


@QUICKLY
@given(st.one_of(st.lists(BITS, min_size=1).map(from_bits), st.lists(ANY, min_size=1).map(np.array)))
def test_any_values_come_back_bit_for_bit(values: np.ndarray) -> None:
    assert back(read_values, write_values(values), len(values)).tobytes() == values.tobytes()


@pytest.mark.parametrize("bits", STRANGE.values(), ids=STRANGE)
def test_a_strange_number_alone_and_among_others_of_each_kind(bits: int) -> None:
    kinds = [RANDOM.normal(size=N), np.round(RANDOM.normal(size=N), 2), RANDOM.normal(size=N).astype(np.float32)]
    for kind in [np.ones(1), np.ones(50), *kinds, np.pi * RANDOM.integers(0, 9, N)]:
        values = kind.astype(np.float64)
        values[len(values) // 2] = from_bits([bits])[0]
        assert back(read_values, write_values(values), len(values)).tobytes() == values.tobytes()


KINDS = {
    "one that stays": (np.full(N, 1.5), Form.CONSTANT, 0.01),
    "two decimals": (np.round(20 + RANDOM.normal(0, 0.05, N), 2), Form.DECIMALS, 0.8),
    "two decimals of a REAL": (
        np.round(20 + RANDOM.normal(0, 0.05, N), 2).astype(np.float32),
        Form.SINGLE_DECIMALS,
        0.8,
    ),
    "decimals that begin with whole numbers": (
        np.append(np.zeros(N // 2), np.round(np.arange(N // 2) * 0.001, 3)),
        Form.DECIMALS,
        0.1,
    ),
    "decimals with a few that are none": (
        np.where(np.arange(N) % 100 == 5, np.nan, np.arange(N) / 10),
        Form.DECIMALS,
        0.4,
    ),
    "steps of a converter": (np.rint(RANDOM.normal(2_000, 5, N)) * 5 / 4_095, Form.DICTIONARY, 0.9),
    "any REAL": (RANDOM.normal(20, 1, N).astype(np.float32), Form.SINGLES, 3.5),
    "any double of a narrow range": (RANDOM.uniform(1, 1.001, N), Form.BITS, 6),
    "a double whose lowest bits change": (
        from_bits(np.cumsum(RANDOM.integers(0, 2, N)) % 2 + 0x4013A5F3_E1C5B7D9),
        Form.DICTIONARY,
        0.3,
    ),
    "whole numbers and negative zeros": (np.where(np.arange(N) % 2, -0.0, 1.0), Form.DICTIONARY, 0.1),
    "one bit of every byte flips": (
        np.bitwise_xor.accumulate(1 << RANDOM.integers(0, 8, (N, 8)), axis=0).astype(np.uint8).view(np.float64)[:, 0],
        Form.CHANGES,
        3.5,
    ),
    "many words, again and again": (RANDOM.normal(size=N // 3)[RANDOM.integers(0, N // 3, N)], Form.PLAIN, 6),
}


@pytest.mark.parametrize(("values", "form", "most"), KINDS.values(), ids=KINDS)
def test_values_take_the_form_that_suits_them(values: np.ndarray, form: Form, most: float) -> None:
    doubles = np.ascontiguousarray(values, np.float64)
    column = write_values(doubles)
    assert (Form(column[0]), len(column) <= most * N) == (form, True)
    assert back(read_values, column, N).tobytes() == doubles.tobytes()


@QUICKLY
@given(st.lists(INT64, min_size=1), st.sampled_from([1, 1_000, 1_000_000]), NEAR)
def test_any_times_in_any_order_come_back(times: list[int], unit: int, step: int) -> None:
    line = np.arange(len(times)) * step * unit
    for column in (np.array(times, np.int64), np.array(times, np.int64) // unit * unit, line, line + np.array(times)):
        assert (back(read_times, write_times(column), len(column)) == column).all()


@pytest.mark.parametrize(("resolution_us", "most"), [(1_000_000, 0.0085), (1_000, 0.24), (1, 1.75)])
def test_stamps_of_scans_cost_what_their_noise_needs(resolution_us: int, most: float) -> None:
    times = group_times(0, N, resolution_us)[0]
    column = write_times(times)
    assert len(column) <= most * N
    assert (back(read_times, column, N) == times).all()


def test_stamps_of_changes_and_of_a_scan_that_stood_still_keep_to_the_grid() -> None:
    times = group_times(0, N)[0]
    for kept in (times[RANDOM.random(N) < 0.3], np.delete(times, slice(1_000, 1_500))):
        column = write_times(kept)
        assert len(column) <= 0.8 * len(kept)
        assert (back(read_times, column, len(kept)) == kept).all()


@QUICKLY
@given(st.lists(QUALITIES, min_size=1))
def test_any_qualities_come_back(codes: list[int]) -> None:
    for column in (np.array(codes, np.uint16), np.repeat(np.array(codes, np.uint16), 9)):
        assert (back(read_qualities, write_qualities(column), len(column)) == column).all()


def test_runs_of_qualities_cost_next_to_nothing() -> None:
    assert len(write_qualities(np.zeros(N, np.uint16))) == 3
    assert len(write_qualities(np.repeat(np.array([0, 0x8005, 0], np.uint16), 1_200))) < 60


@QUICKLY
@given(st.lists(TEXTS, min_size=1))
def test_any_texts_come_back(words: list[str | None]) -> None:
    texts = Texts.of(words)
    assert back(read_texts, write_texts(texts), len(words)).tolist() == words
    assert concatenate_texts([texts, texts]).tolist() == words * 2
    assert texts.take(np.arange(len(words)) % 2 == 0).tolist() == words[::2]
    assert set(texts.take(slice(0, 1)).words) == {words[0]} - {None}


def test_an_enumeration_costs_a_bit_a_sample() -> None:
    assert len(write_texts(Texts.of(["stopped", "running"][number // 50 % 2] for number in range(N)))) < 0.1 * N


def test_texts_beyond_all_measure_are_refused() -> None:
    with pytest.raises(ValueError, match="texts of 67108864 bytes in one column"):
        write_texts(Texts(("x" * 2**26,), np.zeros(1, np.int64)))
