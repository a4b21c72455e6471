"""Blocks of bytes to samples: scaling, range, texts and totals that wrap."""

import pytest

from drivers.modbus.decoder import Decoder, Part
from drivers.modbus.points import point_of
from drivers.modbus.wire import Reply
from plant_models.batch import Batch, text_code
from plant_models.quality import Quality
from plant_models.tag import DataType, Tag
from tests.fakes.small_plant import modbus_device, tag


def decoded(payload: str, *tags: Tag, offset: int = 0, byte_order: str = "ABCD", text_encoding: str = "utf-8") -> Batch:
    """The batch of hand-written bytes; rows count the tags."""
    device = modbus_device("P", 502, byte_order=byte_order, text_encoding=text_encoding)
    points = [point_of(row, one, device) for row, one in enumerate(tags)]
    data = bytes.fromhex(payload)
    return Decoder([Part(points, offset, len(data) // 2)], device).decode(Reply(data, 1_000, 2_000))


def by_row(batch: Batch) -> list[tuple[float, int]]:
    assert batch.values is not None
    assert batch.qualities is not None
    found = zip(batch.tags.tolist(), batch.values.tolist(), batch.qualities.tolist(), strict=True)
    return [(value, quality) for _, value, quality in sorted(found)]


def test_tags_of_many_types_come_out_of_one_block() -> None:
    batch = decoded(
        "0007 8001 42F6E979 FFFE",
        tag("A", "P", "hr:100"),
        tag("B", "P", "hr:101.15", DataType.BOOL),
        tag("C", "P", "hr:102", DataType.F32),
        tag("D", "P", "hr:104", DataType.I16),
        tag("E", "P", "hr:101.1", DataType.BOOL),
        offset=100,
    )
    assert [value for value, _ in by_row(batch)] == [7.0, 1.0, 123.45600128173828, -2.0, 0.0]
    assert batch.source_us.tolist() == [1_000] * 5
    assert batch.received_ns.tolist() == [2_000] * 5
    assert batch.texts is None


def test_coils_come_out_of_packed_bits() -> None:
    batch = decoded("05", tag("A", "P", "co:8", DataType.BOOL), tag("B", "P", "co:10", DataType.BOOL), offset=8)
    assert by_row(batch) == [(1.0, Quality.GOOD), (1.0, Quality.GOOD)]


def test_raw_values_are_scaled_to_the_unit() -> None:
    level = tag("LEVEL", "P", "hr:0", low=0.0, high=100.0, raw_low=0.0, raw_high=27648.0)
    assert by_row(decoded("3600", level)) == [(50.0, Quality.GOOD)]


def test_a_value_outside_its_range_is_uncertain() -> None:
    assert by_row(decoded("0065", tag("LEVEL", "P", "hr:0", low=0.0, high=100.0))) == [
        (101.0, Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED)
    ]


@pytest.mark.parametrize("payload", ["7FC00000", "7F800000", "FF800000"])
def test_nan_and_infinity_are_bad(payload: str) -> None:
    ((_, quality),) = by_row(decoded(payload, tag("X", "P", "hr:0", DataType.F32)))
    assert quality == Quality.BAD_OUT_OF_RANGE


def test_a_64_bit_total_shown_as_text_keeps_every_digit() -> None:
    batch = decoded(
        "FFFFFFFFFFFFFFFF 0009",
        tag("TOTAL", "P", "hr:0", DataType.U64, as_text=True),
        tag("N", "P", "hr:4"),
    )
    texts = dict(zip(batch.tags.tolist(), batch.texts or (), strict=True))
    assert texts == {0: "18446744073709551615", 1: None}
    assert by_row(batch) == [(text_code("18446744073709551615"), Quality.GOOD), (9.0, Quality.GOOD)]


@pytest.mark.parametrize(
    ("data_type", "payload", "modulus", "rest"),
    [
        (DataType.U64, "FFFFFFFFFFFFFFFF", 1_000_000.0, 551_615.0),
        (DataType.I64, "7FFFFFFFFFFFFFFF", 1_000_000.0, 775_807.0),
        (DataType.U32, "00001235", 100.0, 61.0),
        (DataType.F64, "4059200000000000", 100.0, 0.5),
    ],
)
def test_a_total_with_a_modulus_is_exact(data_type: DataType, payload: str, modulus: float, rest: float) -> None:
    batch = decoded(payload, tag("TOTAL", "P", "hr:0", data_type, modulus=modulus))
    assert by_row(batch) == [(rest, Quality.GOOD)]


def test_bcd_is_scaled_like_any_number_and_a_wrong_digit_is_bad() -> None:
    batch = decoded(
        "1234 12A4 00012345 0F000000",
        tag("A", "P", "hr:0", DataType.BCD16, low=0.0, high=10.0, raw_low=0.0, raw_high=10_000.0),
        tag("B", "P", "hr:1", DataType.BCD16),
        tag("C", "P", "hr:2", DataType.BCD32),
        tag("D", "P", "hr:4", DataType.BCD32),
    )
    values = by_row(batch)
    assert values[0] == (pytest.approx(1.234), Quality.GOOD)
    assert values[2] == (12_345.0, Quality.GOOD)
    assert [values[row][1] for row in (1, 3)] == [Quality.BAD_OUT_OF_RANGE] * 2


def test_a_bcd_number_shown_as_text_has_its_digits_or_none() -> None:
    batch = decoded(
        "00120034 001200F4",
        tag("A", "P", "hr:0", DataType.BCD32, as_text=True),
        tag("B", "P", "hr:2", DataType.BCD32, as_text=True),
    )
    assert dict(zip(batch.tags.tolist(), batch.texts or (), strict=True)) == {0: "120034", 1: None}
    assert by_row(batch)[0] == (text_code("120034"), Quality.GOOD)
    assert by_row(batch)[1][1] == Quality.BAD_DECODING_ERROR


def test_a_float_shown_as_text_is_never_good_if_it_is_no_number() -> None:
    batch = decoded("7FC00000", tag("A", "P", "hr:0", DataType.F32, as_text=True))
    assert batch.texts == (None,)
    assert by_row(batch)[0][1] == Quality.BAD_DECODING_ERROR


@pytest.mark.parametrize(
    ("byte_order", "payload"),
    [
        ("ABCD", "0007 4B6C 6172 0000 0008"),
        ("CDAB", "0007 4B6C 6172 0000 0008"),
        ("BADC", "0700 6C4B 7261 0000 0800"),
        ("DCBA", "0700 6C4B 7261 0000 0800"),
    ],
)
def test_a_text_between_numbers_comes_out_of_one_block(byte_order: str, payload: str) -> None:
    batch = decoded(
        payload,
        tag("A", "P", "hr:20"),
        tag("NAME", "P", "hr:21/3", DataType.TEXT),
        tag("B", "P", "hr:24"),
        offset=20,
        byte_order=byte_order,
    )
    assert dict(zip(batch.tags.tolist(), batch.texts or (), strict=True)) == {0: None, 1: "Klar", 2: None}
    assert by_row(batch) == [
        (7.0, Quality.GOOD),
        (text_code("Klar"), Quality.GOOD),
        (8.0, Quality.GOOD),
    ]


def test_a_text_is_read_in_the_encoding_of_its_device() -> None:
    name = tag("NAME", "P", "hr:0/2", DataType.TEXT)
    (text,) = decoded("4BFC 6865", name, text_encoding="latin-1").texts or ()
    assert text == "Kühe"


@pytest.mark.parametrize("payload", ["4BFC 6865", "FFFF FFFF", "0102 4142"])
def test_bytes_that_are_no_text_are_a_decoding_error(payload: str) -> None:
    batch = decoded(payload, tag("NAME", "P", "hr:0/2", DataType.TEXT))
    assert batch.texts == (None,)
    assert by_row(batch)[0][1] == Quality.BAD_DECODING_ERROR


def test_the_same_bytes_in_the_wrong_byte_order_are_outside_the_range_not_good() -> None:
    """123.456 as a single; a plausible range is what tells a swapped value."""
    flow = tag("FLOW", "P", "hr:0", DataType.F32, low=0.0, high=500.0)
    assert by_row(decoded("42F6E979", flow))[0][1] == Quality.GOOD
    for byte_order in ("CDAB", "BADC", "DCBA"):
        assert by_row(decoded("42F6E979", flow, byte_order=byte_order))[0][1] != Quality.GOOD


def test_minus_zero_is_zero() -> None:
    assert by_row(decoded("80000000", tag("X", "P", "hr:0", DataType.F32, low=0.0, high=1.0))) == [(0.0, Quality.GOOD)]


def test_a_raw_value_beyond_the_scaled_span_is_outside_the_range() -> None:
    """An analogue input in overflow (Siemens: 32767 of 27648) must not look like a full tank."""
    level = tag("LEVEL", "P", "hr:0", DataType.I16, low=0.0, high=100.0, raw_low=0.0, raw_high=27648.0)
    for payload in ("7FFF", "8000"):
        assert by_row(decoded(payload, level))[0][1] == Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED


def test_a_total_that_begins_again_goes_on_counting_within_its_modulus() -> None:
    total = tag("TOTAL", "P", "hr:0", DataType.U32, modulus=1_000_000.0)
    before, after = (by_row(decoded(payload, total))[0] for payload in ("000F423F", "000F4240"))
    assert (before, after) == ((999_999.0, Quality.GOOD), (0.0, Quality.GOOD))


def test_nan_of_a_total_with_a_modulus_is_bad() -> None:
    total = tag("TOTAL", "P", "hr:0", DataType.F32, modulus=1000.0)
    for payload in ("7FC00000", "7F800000"):
        assert by_row(decoded(payload, total))[0][1] == Quality.BAD_OUT_OF_RANGE
