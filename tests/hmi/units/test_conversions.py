"""The factors are right, the way back is exact, and the steps never get coarser."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hmi.units.quantities import QUANTITIES, Quantity, Unit, quantity_of
from hmi.units.shown import Shown, shown_in
from plant_models.project.units import COMMON, conversion

WAYS = [(source, wanted) for quantity in QUANTITIES for source, wanted in product(quantity.units, repeat=2)]


@pytest.mark.parametrize(("source", "wanted"), WAYS, ids=lambda unit: unit.name)
def test_pint_knows_the_same_factors(source: Unit, wanted: Unit) -> None:
    names = [unit.name.replace("mH₂O", "mH2O") for unit in (source, wanted)]
    found = conversion(*names)
    assert found is not None
    shown = shown_in(wanted, source, 2)
    assert float(shown.factor) == pytest.approx(found.factor, rel=1e-9)
    assert float(shown.shift) == pytest.approx(found.shift, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("unit", "wanted", "value", "shown"),
    [
        ("bar", "kPa", 6.9, 690.0),
        ("m³/h", "l/s", 3.6, 1.0),
        ("m³/h", "Ml/d", 1000.0, 24.0),
        ("ML/d", "m³/h", 24.0, 1000.0),
        ("mH2O", "bar", 10.0, 0.980665),
        ("°C", "°F", 100.0, 212.0),
        ("°C", "°F", -40.0, -40.0),
        ("m", "ft", 0.3048, 1.0),
        ("m³", "Ml", 2500.0, 2.5),
    ],
)
def test_known_values_come_out(unit: str, wanted: str, value: float, shown: float) -> None:
    assert _shown(unit, wanted, 2).to(value) == pytest.approx(shown, rel=1e-14)


def _shown(unit: str, wanted: str, decimals: int) -> Shown:
    quantity = quantity_of(unit)
    assert quantity is not None
    source, target = quantity.unit(unit), quantity.unit(wanted)
    assert source is not None
    assert target is not None
    return shown_in(target, source, decimals)


def test_a_difference_of_temperatures_has_no_shift() -> None:
    assert _shown("°C", "°F", 1).difference(10.0) == pytest.approx(18.0)


def test_columns_are_converted_as_single_values_are() -> None:
    shown = _shown("°C", "°F", 1)
    assert shown.to(np.array([0.0, 100.0])).tolist() == [shown.to(0.0), shown.to(100.0)]


@pytest.mark.parametrize(
    ("unit", "wanted", "before", "after"),
    [("bar", "kPa", 2, 0), ("bar", "kPa", 1, 0), ("m³/h", "Ml/d", 0, 2), ("m³/h", "l/s", 0, 1), ("°C", "°F", 1, 1)],
)
def test_decimals_follow_the_unit(unit: str, wanted: str, before: int, after: int) -> None:
    assert _shown(unit, wanted, before).decimals == after


@given(way=st.sampled_from(WAYS), decimals=st.integers(0, 6))
def test_steps_never_get_coarser_nor_needlessly_fine(way: tuple[Unit, Unit], decimals: int) -> None:
    source, wanted = way
    shown = shown_in(wanted, source, decimals)
    step = 10.0**-decimals * float(shown.factor)
    assert 10.0**-shown.decimals <= step * (1 + 1e-9) or shown.decimals == 0
    assert 10.0 ** -(shown.decimals - 1) > step * (1 - 1e-9) or shown.decimals == 0


@settings(max_examples=500)
@given(way=st.sampled_from(WAYS), decimals=st.integers(0, 3), digits=st.integers(-(10**7), 10**7))
def test_what_is_typed_comes_back_digit_for_digit(way: tuple[Unit, Unit], decimals: int, digits: int) -> None:
    source, wanted = way
    shown = shown_in(wanted, source, decimals)
    typed = f"{digits / 10**shown.decimals:.{shown.decimals}f}"
    assert float(shown.text(shown.back(typed))) == float(typed)


@pytest.mark.parametrize("unit", sorted(COMMON))
def test_a_unit_of_plants_belongs_to_one_quantity_at_most(unit: str) -> None:
    assert sum(quantity.unit(unit) is not None for quantity in QUANTITIES) <= 1


@pytest.mark.parametrize("unit", ["mg/l", "mg/L", "%", "l/h", "mbar", "mm", "mm/s", "kW", "h", "K", ""])
def test_small_amounts_concentrations_and_the_rest_stay_as_they_are(unit: str) -> None:
    assert quantity_of(unit) is None


@pytest.mark.parametrize("quantity", QUANTITIES, ids=lambda quantity: quantity.name)
def test_every_quantity_offers_at_least_two_units(quantity: Quantity) -> None:
    assert len([unit for unit in quantity.units if unit.is_offered]) >= 2
    assert all(math.isfinite(float(unit.factor)) and unit.factor > 0 for unit in quantity.units)
