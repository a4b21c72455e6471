"""Which values may be written to a tag, whatever the plant does."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.scaling import to_raw
from plant_models.tag import INTEGER_LIMITS, DataType, Tag
from station.command_value import as_number, tag_problem, value_problem
from tests.fakes.pump_plant import pump_plant

TAGS = {tag.name: tag for tag in pump_plant().tags}


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, "45", True, False, None, [1.0], Decimal("45"), 10**400]
)
def test_what_is_not_a_finite_number_is_refused(value: object) -> None:
    assert "not a number" in value_problem(TAGS["P1.SPEED_SP"], value)


@pytest.mark.parametrize("value", [45, 45.0, np.float64(45), np.float32(45), np.int64(45)])
def test_numbers_of_every_kind_are_taken(value: object) -> None:
    assert value_problem(TAGS["P1.SPEED_SP"], value) == ""
    assert as_number(value) == 45.0


@pytest.mark.parametrize("value", [25.0, 50.0])
def test_the_ends_of_the_write_range_are_allowed(value: float) -> None:
    assert value_problem(TAGS["P1.SPEED_SP"], value) == ""


@pytest.mark.parametrize("value", [24.999, 50.001, -1.0])
def test_outside_the_write_range_the_range_is_named(value: float) -> None:
    assert value_problem(TAGS["P1.SPEED_SP"], value) == f"{value:g} Hz is outside the range 25 to 50 Hz"


@pytest.mark.parametrize(
    ("low", "high", "words"), [(None, 5.0, "above 5"), (8.0, None, "below 8"), (8.0, 9.0, "outside the range 8 to 9")]
)
def test_a_range_may_be_open_at_either_end(low: float | None, high: float | None, words: str) -> None:
    tag = Tag(name="T", write_low=low, write_high=high)
    assert value_problem(tag, 6.0) == f"6 is {words}"


@pytest.mark.parametrize("value", [3, -1, 1.5])
def test_a_value_that_is_no_state_is_refused(value: float) -> None:
    assert "none of the states 0 to 2" in value_problem(TAGS["P1.MODE"], value)


def test_a_fraction_does_not_go_into_an_integer() -> None:
    assert value_problem(TAGS["COUNT"], 1.5) == "1.5 is not a whole number"
    assert value_problem(TAGS["COUNT"], -7) == ""


def test_a_fraction_goes_into_a_scaled_integer() -> None:
    assert value_problem(TAGS["DOSE"], 2.55) == ""


@pytest.mark.parametrize(
    ("tag", "value"), [("COUNT", 40000), ("COUNT", -40000), ("TOTAL", 2.0**53 + 2), ("FREE", 1e39), ("FREE", -1e39)]
)
def test_what_does_not_fit_the_register_is_refused(tag: str, value: float) -> None:
    assert f"doesn't fit the type {TAGS[tag].type}" in value_problem(TAGS[tag], value)


def test_the_largest_single_precision_number_fits() -> None:
    assert value_problem(TAGS["FREE"], float(np.finfo(np.float32).max)) == ""


def test_double_precision_has_no_further_limit() -> None:
    assert value_problem(Tag(name="T", type=DataType.F64), 1e300) == ""


def test_zero_is_no_order_for_a_tag_that_sets_itself_back() -> None:
    start = Tag(name="START", type=DataType.BOOL, device="PLC", writable=True, pulse=True)
    assert value_problem(start, 0.0) == "Zero is no order; the device sets START back itself"
    assert value_problem(start, 1.0) == ""


@pytest.mark.parametrize(("data_type", "most"), [(DataType.BCD16, 9_999), (DataType.BCD32, 99_999_999)])
def test_a_bcd_number_has_as_many_digits_as_fit(data_type: DataType, most: int) -> None:
    batch = Tag(name="BATCH", type=data_type, device="PLC", writable=True)
    assert value_problem(batch, most) == ""
    assert "doesn't fit the type" in value_problem(batch, most + 1)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("P1.FLT", "read only"),
        ("LEVEL", "read only"),
        ("LEVEL_PCT", "calculated"),
        ("BATCH", "text"),
    ],
)
def test_tags_that_cannot_be_written(tag: str, words: str) -> None:
    assert words in tag_problem(TAGS[tag])


def test_a_memory_tag_can_be_written() -> None:
    assert tag_problem(TAGS["NOTE"]) == ""


def test_a_tag_that_can_be_written() -> None:
    assert tag_problem(TAGS["P1.SPEED_SP"]) == ""


@given(tag=st.sampled_from(list(TAGS.values())), value=st.floats() | st.integers() | st.integers(-3, 70))
def test_whatever_is_accepted_fits_the_tag(tag: Tag, value: float) -> None:
    if value_problem(tag, value):
        return
    low, high = tag.write_range
    assert math.isfinite(value)
    assert low is None or low <= value
    assert high is None or value <= high
    smallest, largest = INTEGER_LIMITS.get(tag.type, (-math.inf, math.inf))
    assert smallest <= round(to_raw(tag, value), 6) <= largest
