"""Deadbands and delays to begin with, by what is measured (ISA-18.2, informative annex; EEMUA 191). Any thread."""

from dataclasses import dataclass
from typing import Final

from plant_models.project.units import conversion


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """A deadband as a share of the range, and a delay in s."""

    share: float
    delay_s: float


_OTHER: Final = StartingPoint(0.02, 15.0)
"""Analysers and what else there is: sites find their own."""
_KNOWN: Final = (
    ("m³/h", StartingPoint(0.05, 15.0)),  # flow
    ("m", StartingPoint(0.05, 60.0)),  # level
    ("%", StartingPoint(0.05, 60.0)),  # level, mostly
    ("bar", StartingPoint(0.02, 15.0)),  # pressure
    ("°C", StartingPoint(0.01, 60.0)),  # temperature
)


def starting_point(unit: str) -> StartingPoint:
    """Return what to begin with for a tag of this unit."""
    return next((point for known, point in _KNOWN if conversion(unit, known) is not None), _OTHER)
