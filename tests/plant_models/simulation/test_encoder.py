"""Golden bytes of the virtual PLCs' own encoder: words written down by hand from IEEE 754 and two's complement."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.simulation.encoder import BYTE_ORDERS, NUMBER_TYPES, decode, encode, no_value, words_of

# 1234.5 = 0x449A5000 as f32; 0x40934A0000000000 as f64. 0x12345678 = 305419896. -2 = 0xFFFE.
GOLDEN = [
    (0x1234, "u16", "ABCD", (0x1234,)),
    (0x1234, "u16", "CDAB", (0x1234,)),
    (0x1234, "u16", "BADC", (0x3412,)),
    (0x1234, "u16", "DCBA", (0x3412,)),
    (-2, "i16", "ABCD", (0xFFFE,)),
    (-2, "i16", "CDAB", (0xFFFE,)),
    (-2, "i16", "BADC", (0xFEFF,)),
    (-2, "i16", "DCBA", (0xFEFF,)),
    (305419896, "u32", "ABCD", (0x1234, 0x5678)),
    (305419896, "u32", "CDAB", (0x5678, 0x1234)),
    (305419896, "u32", "BADC", (0x3412, 0x7856)),
    (305419896, "u32", "DCBA", (0x7856, 0x3412)),
    (-2, "i32", "ABCD", (0xFFFF, 0xFFFE)),
    (-2, "i32", "CDAB", (0xFFFE, 0xFFFF)),
    (-2, "i32", "BADC", (0xFFFF, 0xFEFF)),
    (-2, "i32", "DCBA", (0xFEFF, 0xFFFF)),
    (1234.5, "f32", "ABCD", (0x449A, 0x5000)),
    (1234.5, "f32", "CDAB", (0x5000, 0x449A)),
    (1234.5, "f32", "BADC", (0x9A44, 0x0050)),
    (1234.5, "f32", "DCBA", (0x0050, 0x9A44)),
    (1234.5, "f64", "ABCD", (0x4093, 0x4A00, 0x0000, 0x0000)),
    (1234.5, "f64", "CDAB", (0x0000, 0x0000, 0x4A00, 0x4093)),
    (1234.5, "f64", "BADC", (0x9340, 0x004A, 0x0000, 0x0000)),
    (1234.5, "f64", "DCBA", (0x0000, 0x0000, 0x004A, 0x9340)),
    (0x0001020304050600, "u64", "ABCD", (0x0001, 0x0203, 0x0405, 0x0600)),
    (0x0001020304050600, "u64", "CDAB", (0x0600, 0x0405, 0x0203, 0x0001)),
    (0x0001020304050600, "u64", "BADC", (0x0100, 0x0302, 0x0504, 0x0006)),
    (0x0001020304050600, "u64", "DCBA", (0x0006, 0x0504, 0x0302, 0x0100)),
    (-3, "i64", "ABCD", (0xFFFF, 0xFFFF, 0xFFFF, 0xFFFD)),
    (-3, "i64", "DCBA", (0xFDFF, 0xFFFF, 0xFFFF, 0xFFFF)),
]


@pytest.mark.parametrize(("value", "data_type", "byte_order", "words"), GOLDEN)
def test_a_value_becomes_exactly_these_words(
    value: float, data_type: str, byte_order: str, words: tuple[int, ...]
) -> None:
    assert encode(value, data_type, byte_order) == words


@pytest.mark.parametrize(("value", "data_type", "byte_order", "words"), GOLDEN)
def test_a_written_value_is_read_from_the_same_words(
    value: float, data_type: str, byte_order: str, words: tuple[int, ...]
) -> None:
    assert decode(words, data_type, byte_order) == value


@pytest.mark.parametrize("byte_order", BYTE_ORDERS)
@pytest.mark.parametrize("data_type", NUMBER_TYPES)
def test_not_a_number_survives_in_every_type(data_type: str, byte_order: str) -> None:
    assert math.isnan(decode(encode(math.nan, data_type, byte_order), data_type, byte_order))


@pytest.mark.parametrize(
    ("data_type", "words"),
    [
        ("u16", (0xFFFF,)),
        ("i16", (0x8000,)),
        ("u32", (0xFFFF, 0xFFFF)),
        ("i32", (0x8000, 0)),
        ("i64", (0x8000, 0, 0, 0)),
    ],
)
def test_an_integer_without_value_has_the_code_of_its_type(data_type: str, words: tuple[int, ...]) -> None:
    assert encode(math.nan, data_type, "ABCD") == words
    assert len(words) == words_of(data_type)


@pytest.mark.parametrize(
    ("value", "data_type", "word"),
    [
        (70000, "u16", 0xFFFE),
        (-1, "u16", 0),
        (math.inf, "u16", 0xFFFE),
        (40000, "i16", 0x7FFF),
        (-40000, "i16", 0x8001),
        (-math.inf, "i16", 0x8001),
        (2.5, "u16", 2),
        (3.5, "u16", 4),
    ],
)
def test_an_integer_saturates_one_short_of_its_no_value_code(value: float, data_type: str, word: int) -> None:
    assert encode(value, data_type, "ABCD") == (word,)


def test_a_float_too_large_for_its_type_becomes_infinite() -> None:
    assert encode(1e300, "f32", "ABCD") == (0x7F80, 0)
    assert encode(-1e300, "f32", "ABCD") == (0xFF80, 0)
    assert encode(math.inf, "f64", "ABCD") == (0x7FF0, 0, 0, 0)


@given(
    value=st.integers(-(2**31) + 1, 2**31 - 1),
    data_type=st.sampled_from(["i32", "i64", "f64"]),
    order=st.sampled_from(BYTE_ORDERS),
)
def test_a_whole_number_comes_back_as_it_went(value: int, data_type: str, order: str) -> None:
    assert decode(encode(value, data_type, order), data_type, order) == value


def test_the_no_value_codes_are_those_of_the_documentation() -> None:
    assert (no_value("u16"), no_value("i16"), no_value("u32")) == (65535, -32768, 4294967295)
