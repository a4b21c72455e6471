"""Which engineering units there are, and how one turns into another; pint is loaded only when asked. Any thread."""

import functools
import re
from tokenize import TokenError
from typing import Any, Final, NamedTuple

from plant_models.project.finding import nearest

_COMMON: Final = (
    "% m mm m² m³ l m³/h m³/d l/s l/min l/h ML/d bar mbar kPa Pa mH2O °C K Hz rpm A mA V mV W kW kWh kWh/m³ kVA mm/s "
    "m/s mg/l µg/l g/m³ g/l kg/h µS/cm mS/cm NTU FNU TCU pH s min h d t kg mg/L µg/L L 1 %/h mg·min/L"
)
COMMON: Final = frozenset(_COMMON.split())
"""Units known without asking pint, and suggested for an unknown one; every other unit that pint knows may be used."""

# Only products and quotients of short words: pint would also work out "9**9**9**9".
_TERM: Final = r"[A-Za-zµμΩ°%][A-Za-z0-9_µμ]{0,19}[²³]?"
_UNIT: Final = re.compile(rf"1|(?:1/)?{_TERM}(?:[/·* ]{_TERM}){{0,4}}")
_PINT_ERRORS: Final = (ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError, ValueError, TokenError)


_USUAL: Final = "m³/h, l/s, m, bar, mg/l, NTU, °C, kW, % or h"
_LONGEST: Final = 40


class Conversion(NamedTuple):
    """value in the new unit = value × factor + shift; a difference has only the factor."""

    factor: float
    shift: float


@functools.cache
def is_unit(unit: str) -> bool:
    """Tell whether `unit` is known; the empty one, for plain numbers, is."""
    return not unit or unit in COMMON or _parse(unit) is not None


@functools.cache
def conversion(old: str, new: str) -> Conversion | None:
    """Return how values in `old` become values in `new`; None if they measure different things or aren't units."""
    if old == new:
        return Conversion(1.0, 0.0)
    source, target = (_parse(unit) if unit else None for unit in (old, new))
    if source is None or target is None or source.dimensionality != target.dimensionality:
        return None
    zero, one = (_registry().Quantity(value, source).to(target).magnitude for value in (0.0, 1.0))
    return Conversion(one - zero, zero)


def unit_remedy(unit: str) -> str:
    """Return what to write in place of an unknown unit."""
    near = nearest(unit, COMMON) if len(unit) <= _LONGEST else None
    return f"did you mean {near!r}?" if near else f"use a unit such as {_USUAL}"


def _parse(unit: str) -> Any:
    if not _UNIT.fullmatch(unit):
        return None
    try:
        return _registry().Unit(unit)
    except _PINT_ERRORS:
        return None


@functools.cache
def _registry() -> Any:
    import pint  # half a second: only when a plant is loaded

    registry: Any = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    for definition in ("NTU = [turbidity] = _ = FNU", "TCU = [colour]", "pH = [acidity]", "mWC = mH2O"):
        registry.define(definition)
    return registry
