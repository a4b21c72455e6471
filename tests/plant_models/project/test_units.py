"""Engineering units: which are known, and how they convert."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.project import units
from plant_models.project.units import COMMON, conversion, is_unit


def test_common_units_are_known_to_pint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "COMMON", frozenset())
    is_unit.cache_clear()
    assert [unit for unit in COMMON if not is_unit(unit)] == []


@pytest.mark.parametrize("unit", ["", "gallon/min", "kWh/m³", "%/h", "mg·min/L", "1/h", "mWC", "acre*foot/d"])
def test_units_that_are_known(unit: str) -> None:
    assert is_unit(unit)


@pytest.mark.parametrize("unit", ["m3/h", "foo", "9**9**9**9", "m**99", "5 m", "__import__", "m/", " ", "m" * 50])
def test_units_that_are_not(unit: str) -> None:
    assert not is_unit(unit)


@given(st.text(max_size=12))
def test_any_text_is_a_unit_or_not(text: str) -> None:
    assert is_unit(text) in (True, False)


def test_flow_converts() -> None:
    turn = conversion("l/s", "m³/h")
    assert turn is not None
    assert turn == (pytest.approx(3.6), pytest.approx(0.0))


def test_temperature_converts_with_a_shift() -> None:
    turn = conversion("°C", "K")
    assert turn is not None
    assert turn == (pytest.approx(1.0), pytest.approx(273.15))


@pytest.mark.parametrize(("old", "new"), [("bar", "m³/h"), ("pH", "m"), ("NTU", "mg/l"), ("", "bar"), ("bar", "foo")])
def test_units_of_different_things_do_not_convert(old: str, new: str) -> None:
    assert conversion(old, new) is None


def test_nothing_is_logged_while_units_are_loaded(caplog: pytest.LogCaptureFixture) -> None:
    units._registry.cache_clear()
    is_unit.cache_clear()
    assert is_unit("gallon/min")
    assert caplog.records == []
