"""Blocks of bytes to samples: scaling, range, texts and totals that wrap."""

import pytest

from drivers.modbus.decoder import Decoder
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
    return Decoder(points, offset, device).decode(Reply(bytes.fromhex(payload), 1_000, 2_000))


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
