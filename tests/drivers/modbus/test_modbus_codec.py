"""The decoder against bytes written by hand, and the encoder against the same. No simulator has a part in it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.modbus.codec import (
    BYTE_ORDERS,
    bits_of,
    decode,
    decode_bits,
    decode_text,
    encode,
    register_bit,
    registers_of,
)
from plant_models.tag import BCD, INTEGER_LIMITS, REGISTERS, DataType

# 123.456 as IEEE 754 single is 42 F6 E9 79; 305419896 is 12 34 56 78; 2.718281828459045 as double is
# 40 05 BF 0A 8B 14 57 69. Each row: type, byte order, the bytes on the wire, the number.
GOLDEN = [
    (DataType.U16, "ABCD", "12 34", 0x1234),
    (DataType.U16, "CDAB", "12 34", 0x1234),
    (DataType.U16, "BADC", "34 12", 0x1234),
    (DataType.U16, "DCBA", "34 12", 0x1234),
    (DataType.I16, "ABCD", "FF FE", -2),
    (DataType.I16, "CDAB", "FF FE", -2),
    (DataType.I16, "BADC", "FE FF", -2),
    (DataType.I16, "DCBA", "FE FF", -2),
    (DataType.U32, "ABCD", "12 34 56 78", 305419896),
    (DataType.U32, "CDAB", "56 78 12 34", 305419896),
    (DataType.U32, "BADC", "34 12 78 56", 305419896),
    (DataType.U32, "DCBA", "78 56 34 12", 305419896),
    (DataType.I32, "ABCD", "FF FF FF 85", -123),
    (DataType.I32, "CDAB", "FF 85 FF FF", -123),
    (DataType.I32, "BADC", "FF FF 85 FF", -123),
    (DataType.I32, "DCBA", "85 FF FF FF", -123),
    (DataType.F32, "ABCD", "42 F6 E9 79", 123.45600128173828),
    (DataType.F32, "CDAB", "E9 79 42 F6", 123.45600128173828),
    (DataType.F32, "BADC", "F6 42 79 E9", 123.45600128173828),
    (DataType.F32, "DCBA", "79 E9 F6 42", 123.45600128173828),
    (DataType.U64, "ABCD", "01 23 45 67 89 AB CD EF", 81985529216486895),
    (DataType.U64, "CDAB", "CD EF 89 AB 45 67 01 23", 81985529216486895),
    (DataType.U64, "BADC", "23 01 67 45 AB 89 EF CD", 81985529216486895),
    (DataType.U64, "DCBA", "EF CD AB 89 67 45 23 01", 81985529216486895),
    (DataType.I64, "ABCD", "FF FF FF FF FF FF FF 85", -123),
    (DataType.I64, "CDAB", "FF 85 FF FF FF FF FF FF", -123),
    (DataType.I64, "BADC", "FF FF FF FF FF FF 85 FF", -123),
    (DataType.I64, "DCBA", "85 FF FF FF FF FF FF FF", -123),
    (DataType.F64, "ABCD", "40 05 BF 0A 8B 14 57 69", 2.718281828459045),
    (DataType.F64, "CDAB", "57 69 8B 14 BF 0A 40 05", 2.718281828459045),
    (DataType.F64, "BADC", "05 40 0A BF 14 8B 69 57", 2.718281828459045),
    (DataType.F64, "DCBA", "69 57 14 8B 0A BF 05 40", 2.718281828459045),
    (DataType.BCD16, "ABCD", "12 34", 1234),
    (DataType.BCD16, "CDAB", "12 34", 1234),
    (DataType.BCD16, "BADC", "34 12", 1234),
    (DataType.BCD16, "DCBA", "34 12", 1234),
    (DataType.BCD16, "ABCD", "00 07", 7),
    (DataType.BCD32, "ABCD", "12 34 56 78", 12345678),
    (DataType.BCD32, "CDAB", "56 78 12 34", 12345678),
    (DataType.BCD32, "BADC", "34 12 78 56", 12345678),
    (DataType.BCD32, "DCBA", "78 56 34 12", 12345678),
]
NUMBERS = [data_type for data_type in REGISTERS if data_type is not DataType.BOOL]


def words(text: str) -> tuple[int, ...]:
    """Registers of hand-written bytes, high byte first."""
    data = bytes.fromhex(text)
    return tuple(data[i] << 8 | data[i + 1] for i in range(0, len(data), 2))


@pytest.mark.parametrize(("data_type", "byte_order", "text", "number"), GOLDEN)
def test_golden_bytes_decode_to_their_number(data_type: DataType, byte_order: str, text: str, number: float) -> None:
    registers = registers_of(bytes.fromhex(text)).reshape(1, -1)
    assert decode(registers, data_type, byte_order).tolist() == [number]


@pytest.mark.parametrize(("data_type", "byte_order", "text", "number"), GOLDEN)
def test_a_number_encodes_to_its_golden_bytes(data_type: DataType, byte_order: str, text: str, number: float) -> None:
    if abs(number) > 2**53:
        number = int(number)
    assert encode(number, data_type, byte_order) == words(text)


def test_many_values_decode_at_once() -> None:
    registers = np.array([[0x42F6, 0xE979], [0xC2F6, 0xE979], [0x7FC0, 0x0000]], np.uint16)
    numbers = decode(registers, DataType.F32, "ABCD")
    assert numbers[:2].tolist() == [123.45600128173828, -123.45600128173828]
    assert math.isnan(numbers[2])


def test_decoded_numbers_are_in_the_machines_own_byte_order() -> None:
    numbers = decode(np.array([[1, 2]], np.uint16), DataType.U32, "ABCD")
    assert numbers.dtype.isnative


@pytest.mark.parametrize(
    ("data_type", "text"),
    [
        (DataType.BCD16, "00 0A"),
        (DataType.BCD16, "A0 00"),
        (DataType.BCD16, "FF FF"),
        (DataType.BCD32, "00 00 00 0F"),
        (DataType.BCD32, "B0 00 00 00"),
    ],
)
def test_a_digit_above_nine_makes_no_number_and_leaves_the_others_alone(data_type: DataType, text: str) -> None:
    wrong, right = bytes.fromhex(text), bytes.fromhex("00 00 00 42")[-2 * REGISTERS[data_type] :]
    registers = registers_of(right + wrong + right).reshape(3, -1)
    numbers = decode(registers, data_type, "ABCD").tolist()
    assert numbers[0] == numbers[2] == 42
    assert math.isnan(numbers[1])


@given(st.integers(0, 99_999_999), st.sampled_from(BYTE_ORDERS))
def test_every_bcd_number_reads_as_its_digits(number: int, byte_order: str) -> None:
    for data_type, digits in ((DataType.BCD32, number), (DataType.BCD16, number % 10_000)):
        registers = np.array([encode(digits, data_type, byte_order)], np.uint16)
        assert decode(registers, data_type, byte_order).tolist() == [digits]


@pytest.mark.parametrize(
    ("byte_order", "data", "encoding", "text"),
    [
        ("ABCD", b"Pump 1", "utf-8", "Pump 1"),
        ("CDAB", b"Pump 1", "utf-8", "Pump 1"),
        ("BADC", b"uPpm1 ", "utf-8", "Pump 1"),
        ("DCBA", b"uPpm1 ", "utf-8", "Pump 1"),
        ("ABCD", b"AB  \0\0", "utf-8", "AB"),
        ("ABCD", b"AB\0old", "utf-8", "AB"),
        ("ABCD", b"AB\r\n", "utf-8", "AB"),
        ("ABCD", b"\0\0\0\0", "utf-8", ""),
        ("ABCD", "Zürich".encode() + b" ", "utf-8", "Zürich"),
        ("ABCD", "Zürich".encode("latin-1"), "latin-1", "Zürich"),
    ],
)
def test_a_text_ends_at_its_first_nul_and_without_spaces(
    byte_order: str, data: bytes, encoding: str, text: str
) -> None:
    assert decode_text(registers_of(data), byte_order, encoding) == text


@pytest.mark.parametrize(
    ("data", "encoding"),
    [(b"Z\xfcrich", "utf-8"), (b"\xff\xff", "utf-8"), (b"\x10\x05Hello!", "utf-8"), (b"A\x80", "latin-1")],
)
def test_bytes_that_are_no_text_are_no_text(data: bytes, encoding: str) -> None:
    with pytest.raises(ValueError, match=r"decode|control"):
        decode_text(registers_of(data), "ABCD", encoding)


@pytest.mark.parametrize(("byte_order", "register"), [("ABCD", 0x8001), ("BADC", 0x0180)])
def test_bits_of_a_register_count_from_the_least_significant(byte_order: str, register: int) -> None:
    registers = np.full(3, register, np.uint16)
    bits = np.array([0, 1, 15], np.uint16)
    assert decode_bits(registers, bits, byte_order).tolist() == [1, 0, 1]


@pytest.mark.parametrize("byte_order", BYTE_ORDERS)
def test_the_register_of_a_bit_reads_as_that_bit_alone(byte_order: str) -> None:
    for bit in range(16):
        registers = np.full(16, register_bit(bit, byte_order), np.uint16)
        found = decode_bits(registers, np.arange(16, dtype=np.uint16), byte_order)
        assert found.tolist() == [int(place == bit) for place in range(16)]


def test_the_first_coil_is_the_lowest_bit_of_the_first_byte() -> None:
    assert bits_of(b"\x05\x01").tolist() == [1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("byte_order", BYTE_ORDERS)
@pytest.mark.parametrize("data_type", [kind for kind in NUMBERS if kind in INTEGER_LIMITS])
def test_an_integer_beyond_its_type_is_refused_and_its_limits_are_not(data_type: DataType, byte_order: str) -> None:
    low, high = INTEGER_LIMITS[data_type]
    for number in (low, high):
        registers = np.array([encode(number, data_type, byte_order)], np.uint16)
        assert decode(registers, data_type, byte_order).tolist() == [number]
    for number in (low - 1, high + 1):
        with pytest.raises(ValueError, match=f"{number} does not fit {data_type.value}, which holds {low} to {high}"):
            encode(number, data_type, byte_order)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("data_type", NUMBERS)
def test_nothing_that_is_no_number_is_encoded(data_type: DataType, value: float) -> None:
    with pytest.raises(ValueError, match="not a number"):
        encode(value, data_type, "ABCD")


def test_a_value_too_large_for_a_single_is_refused() -> None:
    with pytest.raises(ValueError, match="too large for f32"):
        encode(1e39, DataType.F32, "ABCD")


def test_integers_are_rounded_to_the_nearest() -> None:
    assert encode(41.6, DataType.U16, "ABCD") == (42,)


@given(
    number=st.floats(allow_nan=False, allow_infinity=False),
    byte_order=st.sampled_from(BYTE_ORDERS),
)
def test_every_double_comes_back_as_it_was(number: float, byte_order: str) -> None:
    registers = np.array([encode(number, DataType.F64, byte_order)], np.uint16)
    assert decode(registers, DataType.F64, byte_order).tolist() == [number]


@given(payload=st.binary(min_size=8, max_size=8), byte_order=st.sampled_from(BYTE_ORDERS))
def test_any_bytes_decode_without_an_error(payload: bytes, byte_order: str) -> None:
    for data_type in NUMBERS:
        registers = registers_of(payload).reshape(-1, REGISTERS[data_type])
        numbers = decode(registers, data_type, byte_order)
        assert len(numbers) == 4 // REGISTERS[data_type]
        if data_type in BCD:
            is_decimal = [text.isdecimal() for text in _hex_of(registers, byte_order)]
            assert (~np.isnan(numbers)).tolist() == is_decimal


def _hex_of(registers: np.ndarray, byte_order: str) -> list[str]:
    """Each value's hexadecimal digits, the most significant first, put together by hand."""
    rows = registers.tolist()
    if byte_order in ("CDAB", "DCBA"):
        rows = [row[::-1] for row in rows]
    texts = [[f"{word:04X}" for word in row] for row in rows]
    if byte_order in ("BADC", "DCBA"):
        texts = [[word[2:] + word[:2] for word in row] for row in texts]
    return ["".join(row) for row in texts]
