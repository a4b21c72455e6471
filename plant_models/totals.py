"""What a unit adds up to: m³/h to m³, kW to kWh. Pure, any thread.

A table and a rule instead of pint, which takes half a second to load. Litres become m³, since that is what water is
balanced in.
"""

from typing import Final, NamedTuple

_SECONDS: Final = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_POWER: Final = {"W": 0.001, "kW": 1.0, "MW": 1000.0}
_LARGER: Final = {"l": ("m³", 0.001), "L": ("m³", 0.001), "Ml": ("m³", 1000.0), "ML": ("m³", 1000.0)}
_COUNTED: Final = frozenset({"m³", "l", "L", "Ml", "ML", "kWh", "Wh", "MWh", "kg", "g", "t", "h", "min", "s", "1", ""})


class Total(NamedTuple):
    """The unit of a quantity, and how much of it one of the old unit is: a second of it, or a count."""

    unit: str
    factor: float


def total_of_rate(unit: str) -> Total | None:
    """Return what a value of 1 comes to in a second, None if the unit is no quantity by time."""
    if unit in _POWER:
        return Total("kWh", _POWER[unit] / 3600)
    quantity, _, time = unit.rpartition("/")
    if not quantity or time not in _SECONDS or "/" in quantity:
        return None
    name, factor = _LARGER.get(quantity, (quantity, 1.0))
    return Total(name, factor / _SECONDS[time])


def total_of_count(unit: str) -> Total | None:
    """Return what one more comes to on a counter of this unit, None if nothing is counted in it."""
    if unit not in _COUNTED:
        return None
    return Total(*_LARGER.get(unit, (unit, 1.0)))
