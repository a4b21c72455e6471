"""Values on their way to OPC UA nodes, and what clients may write back."""

import math

import pytest
from asyncua import ua

from plant_models.simulation.address_map import MapEntry
from plant_models.simulation.opcua_values import is_absent, is_same, judge, variant


def entry(data_type: str, is_writable: bool = True) -> MapEntry:
    return MapEntry("map.csv:2", "ns=2;s=A", data_type, is_writable, 1.0, "A.v", None)


@pytest.mark.parametrize(
    ("data_type", "value", "carried"),
    [
        ("bool", 2.0, True),
        ("bool", 0.0, False),
        ("bool", math.nan, False),
        ("u16", 70000.0, 65535),
        ("u16", -1.0, 0),
        ("i16", -math.inf, -32768),
        ("i32", 2.6, 3),
        ("u64", math.inf, 18446744073709551615),
        ("i64", math.nan, -9223372036854775808),
        ("f32", 1e300, math.inf),
        ("f32", -1e300, -math.inf),
        ("f32", 1.5, 1.5),
        ("f64", math.inf, math.inf),
        ("text", "Normal", "Normal"),
    ],
)
def test_a_value_fits_the_type_of_its_node(data_type: str, value: float | str, carried: object) -> None:
    made = variant(entry(data_type), value)
    assert made.Value == carried
    assert type(made.Value) is type(carried)


@pytest.mark.parametrize(
    ("data_type", "value", "expected"),
    [
        ("u16", math.nan, True),
        ("bool", math.nan, True),
        ("f32", math.nan, False),
        ("u16", 1.0, False),
        ("text", "", False),
    ],
)
def test_only_integers_and_bools_can_be_without_a_value(data_type: str, value: float | str, expected: bool) -> None:
    assert is_absent(entry(data_type), value) is expected


def test_nan_is_the_same_as_nan_and_nothing_else() -> None:
    assert is_same(math.nan, math.nan)
    assert is_same("a", "a")
    assert not is_same(None, math.nan)
    assert not is_same(1.0, math.nan)
    assert not is_same(1.0, 2.0)


@pytest.mark.parametrize(
    ("data_type", "is_writable", "wanted", "code"),
    [
        ("f64", True, ua.Variant(1.0, ua.VariantType.Double), "Good"),
        ("bool", True, ua.Variant(True, ua.VariantType.Boolean), "Good"),
        ("f64", False, ua.Variant(1.0, ua.VariantType.Double), "BadNotWritable"),
        ("f64", True, ua.Variant(1.0, ua.VariantType.Float), "BadTypeMismatch"),
        ("f64", True, ua.Variant([1.0], ua.VariantType.Double), "BadTypeMismatch"),
        ("f64", True, ua.Variant(None, ua.VariantType.Null), "BadTypeMismatch"),
        ("f64", True, None, "BadTypeMismatch"),
        ("f64", True, ua.Variant(math.nan, ua.VariantType.Double), "BadOutOfRange"),
        ("f32", True, ua.Variant(-math.inf, ua.VariantType.Float), "BadOutOfRange"),
    ],
)
def test_a_write_is_judged_by_access_type_and_range(
    data_type: str, is_writable: bool, wanted: ua.Variant | None, code: str
) -> None:
    assert judge(entry(data_type, is_writable), ua.DataValue(wanted)) == getattr(ua.StatusCodes, code)
