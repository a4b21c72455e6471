"""Data values to samples and back, without a server."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asyncua import ua

from drivers.opcua.decoding import batches_of
from drivers.opcua.values import source_us_of, variant_of
from plant_models.batch import Batch, text_code
from plant_models.quality import Quality
from plant_models.tag import DataType, Tag

AT = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
AT_US = 1_772_366_400_250_000
NUMBER = Tag(name="N", type=DataType.F64, low=0.0, high=100.0)
TEXT = Tag(name="T", type=DataType.TEXT)


def value(content: Any, status: int = 0, at: datetime | None = AT) -> ua.DataValue:
    return ua.DataValue(ua.Variant(content), ua.StatusCode(status), SourceTimestamp=at)


def batches(*values: ua.DataValue, tag: Tag = NUMBER) -> list[Batch]:
    return batches_of([(0, one) for one in values], {0: tag}, 7, 9)


def quality(batch: Batch) -> int:
    assert batch.qualities is not None
    return int(batch.qualities[0])


def number(batch: Batch) -> float:
    assert batch.values is not None
    return float(batch.values[0])


@pytest.mark.parametrize(("content", "expected"), [(True, 1.0), (False, 0.0), (42, 42.0), (1.5, 1.5)])
def test_bools_integers_and_floats_become_numbers(content: Any, expected: float) -> None:
    (batch,) = batches(value(content))
    assert (number(batch), quality(batch)) == (expected, Quality.GOOD)
    assert batch.source_us.tolist() == [AT_US]
    assert batch.received_ns.tolist() == [9]


@pytest.mark.parametrize("content", [math.nan, math.inf, -math.inf])
def test_nan_and_infinity_are_bad_even_if_the_server_calls_them_good(content: float) -> None:
    (batch,) = batches(value(content))
    assert quality(batch) == Quality.BAD_OUT_OF_RANGE


def test_a_value_outside_its_range_is_uncertain() -> None:
    (batch,) = batches(value(101.0))
    assert quality(batch) == Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (0x808C0000, Quality.BAD_SENSOR_FAILURE),
        (0x40930000, Quality.UNCERTAIN_SENSOR_NOT_ACCURATE),
        (0x00960000, Quality.GOOD_LOCAL_OVERRIDE),
        (0x00000480, Quality.GOOD),
    ],
)
def test_the_upper_half_of_the_status_code_is_the_quality(status: int, expected: Quality) -> None:
    (batch,) = batches(value(5.0, status))
    assert (number(batch), quality(batch)) == (5.0, expected)


def test_a_bad_status_stays_worse_than_a_range() -> None:
    (batch,) = batches(value(500.0, 0x808C0000))
    assert quality(batch) == Quality.BAD_SENSOR_FAILURE


def test_a_bad_status_without_a_value_keeps_the_last_one() -> None:
    (batch,) = batches(value(None, 0x808C0000))
    assert batch.values is None
    assert quality(batch) == Quality.BAD_SENSOR_FAILURE


def test_a_good_status_without_a_value_is_bad() -> None:
    (batch,) = batches(value(None))
    assert batch.values is None
    assert quality(batch) == Quality.BAD_OUT_OF_RANGE


@pytest.mark.parametrize("content", ["seven", [1.0, 2.0], b"\x01"])
def test_what_is_no_number_is_a_wrong_type(content: Any) -> None:
    (batch,) = batches(value(content))
    assert batch.values is None
    assert quality(batch) == Quality.BAD_TYPE_MISMATCH


@pytest.mark.parametrize(
    ("content", "text"),
    [("WTW 2.1", "WTW 2.1"), (ua.LocalizedText("Auto"), "Auto"), (2**64 - 1, "18446744073709551615")],
)
def test_texts_stand_beside_their_code(content: Any, text: str) -> None:
    (batch,) = batches(value(content), tag=TEXT)
    assert batch.texts == (text,)
    assert number(batch) == text_code(text)


def test_a_64_bit_total_with_a_modulus_is_exact() -> None:
    (batch,) = batches(value(2**64 - 1), tag=Tag(name="T", type=DataType.U64, modulus=1e6))
    assert number(batch) == 551_615.0


def test_several_values_of_one_tag_keep_their_order() -> None:
    (batch,) = batches(value(1.0), value(2.0), value(3.0))
    assert batch.values is not None
    assert batch.values.tolist() == [1.0, 2.0, 3.0]


def test_good_and_failed_values_come_as_two_batches() -> None:
    good, failed = batches(value(1.0), value(None, 0x80000000))
    assert good.values is not None
    assert failed.values is None


def test_source_time_falls_back_to_the_servers_and_then_to_ours() -> None:
    server_only = ua.DataValue(ua.Variant(1.0), ServerTimestamp=AT + timedelta(seconds=1))
    assert source_us_of(server_only, 7) == AT_US + 1_000_000
    assert source_us_of(ua.DataValue(ua.Variant(1.0)), 7) == 7
    assert source_us_of(value(1.0, at=AT.replace(tzinfo=None)), 7) == AT_US


@pytest.mark.parametrize(
    ("raw", "kind", "content"),
    [
        (1.0, ua.VariantType.Boolean, True),
        (41.6, ua.VariantType.Int16, 42),
        (0.1, ua.VariantType.Float, 0.10000000149011612),
        (0.1, ua.VariantType.Double, 0.1),
    ],
)
def test_a_written_value_has_the_nodes_own_type(raw: float, kind: ua.VariantType, content: Any) -> None:
    variant = variant_of(raw, kind)
    assert variant.VariantType is kind
    assert variant.Value == content
    assert type(variant.Value) is type(content)


@pytest.mark.parametrize(
    ("raw", "kind", "why"),
    [
        (70_000.0, ua.VariantType.UInt16, "70000 does not fit UInt16, which holds 0 to 65535"),
        (2.0, ua.VariantType.Boolean, "2 does not fit Boolean"),
        (1e39, ua.VariantType.Float, "too large for Float"),
        (math.nan, ua.VariantType.Double, "not a number"),
        (1.0, ua.VariantType.String, "The node holds String"),
    ],
)
def test_what_does_not_fit_the_node_is_refused(raw: float, kind: ua.VariantType, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        variant_of(raw, kind)
