"""A setpoint typed in another unit: what is sent, and that an end of the range is never refused for dust."""

from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hmi.dialogs.entry import both_units, range_text, read_entry
from hmi.units.choice import shown_as, units
from hmi.units.quantities import QUANTITIES
from plant_models.tag import DataType, Tag
from station.command_value import value_problem

PRESSURE = Tag(name="SP", unit="bar", decimals=2, low=0, high=10, write_low=5, write_high=8, writable=True, device="D")
CHOICES = [{quantity.name: unit.name} for quantity in QUANTITIES for unit in quantity.units if unit.is_offered]
SOURCES = [unit.name for quantity in QUANTITIES for unit in quantity.units]


@pytest.fixture(autouse=True)
def _plant_units_again() -> Iterator[None]:
    yield
    units().choose({})


def test_the_value_sent_is_in_the_plants_unit() -> None:
    units().choose({"pressure": "kPa"})
    assert read_entry("690", PRESSURE).value == 6.9
    assert both_units(6.9, PRESSURE) == "690\u00a0kPa = 6.90\u00a0bar"


def test_range_and_refusals_are_in_the_shown_unit() -> None:
    units().choose({"pressure": "kPa"})
    assert range_text(PRESSURE) == "500 to 800"
    assert read_entry("801", PRESSURE).problem == "It must lie between 500\u00a0kPa and 800\u00a0kPa."
    assert read_entry("6.90", PRESSURE).problem == "It must be a whole number."


def test_an_end_that_is_not_round_is_taken_as_the_end_and_nothing_beyond_it() -> None:
    units().choose({"flow": "l/s"})
    tag = Tag(name="SP", unit="m³/h", decimals=0, low=4, high=1000)
    assert range_text(tag) == "1.1 to 277.8"
    assert (read_entry("277.8", tag).value, read_entry("1.1", tag).value) == (1000.0, 4.0)
    assert (read_entry("277.9", tag).value, read_entry("1.0", tag).value) == (None, None)


def test_a_value_with_endless_digits_says_that_it_is_rounded() -> None:
    units().choose({"flow": "Ml/d"})
    tag = Tag(name="SP", unit="m³/h", decimals=0)
    assert both_units(1000.0, tag) == "24.00\u00a0Ml/d = 1\u2009000\u00a0m³/h"
    assert both_units(read_entry("0.50", tag).value or 0.0, tag) == "0.50\u00a0Ml/d ≈ 20.833\u00a0m³/h"


def test_in_the_plants_unit_one_number_is_enough() -> None:
    assert both_units(6.9, PRESSURE) == ""


def test_a_tag_that_takes_whole_numbers_only_stays_in_the_plants_unit() -> None:
    units().choose({"flow": "l/s"})
    tag = Tag(name="SP", unit="m³/h", decimals=0, type=DataType.U16, writable=True)
    assert shown_as(tag).unit == "m³/h"
    assert read_entry("7", tag).value == 7.0


@settings(max_examples=500)
@given(
    chosen=st.sampled_from(CHOICES),
    source=st.sampled_from(SOURCES),
    decimals=st.integers(0, 3),
    ends=st.tuples(st.integers(-(10**6), 10**6), st.integers(1, 10**6)),
    share=st.fractions(0, 1, max_denominator=10**6),
)
def test_what_was_typed_is_what_is_sent_and_what_is_shown_again(
    chosen: dict[str, str], source: str, decimals: int, ends: tuple[int, int], share: Fraction
) -> None:
    units().choose(chosen)
    low, high = ends[0] / 10**decimals, (ends[0] + ends[1]) / 10**decimals
    tag = Tag(name="SP", unit=source, decimals=decimals, low=low, high=high, writable=True, device="D")
    shown = shown_as(tag)
    typed = shown.text(low + (high - low) * float(share))
    entry = read_entry(typed, tag)
    assert entry.value is not None, entry.problem
    assert value_problem(tag, entry.value) == ""
    assert float(shown.text(entry.value)) == float(typed)


@settings(max_examples=500)
@given(
    chosen=st.sampled_from(CHOICES),
    source=st.sampled_from(SOURCES),
    decimals=st.integers(0, 3),
    ends=st.tuples(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6)),
)
def test_both_ends_are_accepted_and_a_step_beyond_either_is_refused(
    chosen: dict[str, str], source: str, decimals: int, ends: tuple[float, float]
) -> None:
    units().choose(chosen)
    low, high = round(ends[0], decimals), round(ends[0] + ends[1], decimals)
    assume(low < high)
    tag = Tag(name="SP", unit=source, decimals=decimals, low=low, high=high, writable=True, device="D")
    shown = shown_as(tag)
    step = Fraction(1, 10**shown.decimals)
    for end, sign in ((low, -1), (high, 1)):
        value = read_entry(shown.text(end), tag).value
        assert value is not None
        assert value_problem(tag, value) == ""
        beyond = Fraction(shown.text(end)) + sign * step
        assert read_entry(f"{float(beyond):.{shown.decimals}f}", tag).value is None
