"""How the values of one tag are shown: unit, decimals, and the way there and back. Pure, any thread."""

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from hmi.units.quantities import Unit

_Value = TypeVar("_Value", float, NDArray[np.float64])
_ONE: Final = Fraction(1)
_ZERO: Final = Fraction(0)


@dataclass(frozen=True, slots=True)
class Shown:
    """Shown value = value in the plant's unit × `factor` + `shift`, both exact.

    `is_plant` tells that the numbers are those of the plant.
    """

    unit: str
    decimals: int
    factor: Fraction = _ONE
    shift: Fraction = _ZERO
    is_plant: bool = field(init=False)
    _times: float = field(init=False)
    _plus: float = field(init=False)

    def __post_init__(self) -> None:
        # Worked out once: every reading of every frame asks for them.
        object.__setattr__(self, "is_plant", self.factor == 1 and self.shift == 0)
        object.__setattr__(self, "_times", float(self.factor))
        object.__setattr__(self, "_plus", float(self.shift))

    def to(self, value: _Value) -> _Value:
        """Return a value of the plant as it is shown."""
        return value if self.is_plant else value * self._times + self._plus

    def difference(self, value: float) -> float:
        """Return a difference of two values of the plant as it is shown."""
        return value if self.is_plant else value * self._times

    def back(self, text: str) -> float:
        """Return what a number, written with digits and a point, is in the plant's unit: the float nearest to it.

        Raises:
            ValueError: it isn't a number.
        """
        return float(text) if self.is_plant else float((Fraction(text) - self.shift) / self.factor)

    def text(self, value: float) -> str:
        """Return a value of the plant as it is shown, in digits and a point, as it would be typed."""
        return f"{self.to(value):.{self.decimals}f}"


def shown_in(wanted: Unit, source: Unit, decimals: int) -> Shown:
    """Return how values in `source`, shown with `decimals` so far, are shown in another unit of the same quantity."""
    factor = source.factor / wanted.factor
    shift = (source.offset - wanted.offset) / wanted.factor
    return Shown(wanted.name, _decimals(decimals, factor), factor, shift)


def _decimals(decimals: int, factor: Fraction) -> int:
    """Return as few decimals as don't make the steps of what is shown coarser than before."""
    return max(0, math.ceil(decimals - math.log10(float(factor)) - 1e-9))
