"""What units add up to, held against pint."""

import pytest

from plant_models.project.units import COMMON, conversion
from plant_models.totals import Total, total_of_count, total_of_rate


@pytest.mark.parametrize("unit", sorted(COMMON))
def test_every_rate_is_what_pint_makes_of_it(unit: str) -> None:
    total = total_of_rate(unit)
    if total is None:
        assert "/" not in unit or unit.rpartition("/")[2] not in ("s", "min", "h", "d")
        return
    converted = conversion(unit, f"{total.unit}/s")
    assert converted is not None
    assert total.factor == pytest.approx(converted.factor, rel=1e-12)


@pytest.mark.parametrize(
    ("unit", "total"),
    [
        ("m³/h", Total("m³", 1 / 3600)),
        ("l/s", Total("m³", 0.001)),
        ("ML/d", Total("m³", 1000 / 86_400)),
        ("kg/h", Total("kg", 1 / 3600)),
        ("kW", Total("kWh", 1 / 3600)),
        ("m", None),
        ("", None),
        ("m³", None),
        ("/h", None),
        ("kWh/m³", None),
        ("m³/h/d", None),
    ],
)
def test_rates_become_quantities(unit: str, total: Total | None) -> None:
    assert total_of_rate(unit) == total


@pytest.mark.parametrize(
    ("unit", "total"),
    [("m³", Total("m³", 1.0)), ("l", Total("m³", 0.001)), ("", Total("", 1.0)), ("bar", None), ("m³/h", None)],
)
def test_counters_count_quantities(unit: str, total: Total | None) -> None:
    assert total_of_count(unit) == total
