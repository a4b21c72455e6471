"""The quantities whose unit a person may choose, and what each unit is in SI units. Pure, any thread.

All factors are exact by definition. Sources: the SI Brochure, 9th edition, for minute, hour, day, litre and °C; NIST SP
811, appendix B.8, for bar, the conventional metre of water (9806.65 Pa), foot (0.3048 m) and °F. A test holds them
against pint, which reads the units of plant folders.

Units that a plant chooses for small amounts (l/h of a dose, mbar of a filter, mm of vibration) belong to no quantity
here and stay: in Ml/d or bar nobody could read them. So do concentrations.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from plant_models.message import message

_HOUR_S: Final = 3600
_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: value in SI units = value × `factor` + `offset`. `others` are its spellings in plant folders."""

    name: str
    factor: Fraction
    offset: Fraction = Fraction(0)
    others: tuple[str, ...] = ()
    is_offered: bool = True


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is measured, and the units it can be shown in, in the order in which they are offered."""

    name: str
    title: str
    units: tuple[Unit, ...]

    def unit(self, name: str) -> Unit | None:
        """Return a unit by any of its spellings, None if it measures something else."""
        return next((unit for unit in self.units if name == unit.name or name in unit.others), None)


QUANTITIES: Final = (
    Quantity(
        "flow",
        message("Flow"),
        (
            Unit("m³/h", Fraction(1, _HOUR_S)),
            Unit("l/s", Fraction(1, 1000), others=("L/s",)),
            Unit("Ml/d", Fraction(1000, _DAY_S), others=("ML/d",)),
            Unit("m³/d", Fraction(1, _DAY_S), is_offered=False),
        ),
    ),
    Quantity(
        "pressure",
        message("Pressure"),
        (
            Unit("bar", Fraction(100_000)),
            Unit("kPa", Fraction(1000)),
            Unit("mH₂O", Fraction("9806.65"), others=("mH2O", "mWC")),
        ),
    ),
    Quantity(
        "length",
        message("Level and length"),
        (Unit("m", Fraction(1)), Unit("cm", Fraction(1, 100)), Unit("ft", Fraction("0.3048"))),
    ),
    Quantity("volume", message("Volume"), (Unit("m³", Fraction(1)), Unit("Ml", Fraction(1000), others=("ML",)))),
    Quantity(
        "temperature",
        message("Temperature"),
        (
            Unit("°C", Fraction(1), Fraction("273.15")),
            Unit("°F", Fraction(5, 9), Fraction("459.67") * Fraction(5, 9)),
        ),
    ),
)


def quantity(name: str) -> Quantity | None:
    """Return a quantity by name."""
    return next((each for each in QUANTITIES if each.name == name), None)


def quantity_of(unit: str) -> Quantity | None:
    """Return the quantity that a unit of a plant measures, None if it isn't converted."""
    return next((each for each in QUANTITIES if each.unit(unit) is not None), None)
