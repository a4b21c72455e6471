"""Whether a value may be written to a tag at all, whatever the plant does just now. Pure functions, any thread."""

import math
from numbers import Real
from typing import Final

from plant_models.scaling import to_raw
from plant_models.tag import INTEGER_LIMITS, DataType, Tag

_F32_LIMIT: Final = (2.0 - 2.0**-23) * 2.0**127
_EXACT_LIMIT: Final = 2.0**53
"""Beyond it float64 skips whole numbers."""


def as_number(value: object) -> float | None:
    """Return a real number as float, None for anything else: a bool or a text is no value of a command."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf


def tag_problem(tag: Tag) -> str:
    """Return why a tag can't be written, in words; empty if it can."""
    if tag.is_calculated:
        return f"{tag.name} is calculated"
    if not tag.writable or not tag.device:
        return f"{tag.name} is read only"
    if tag.is_text:
        return f"{tag.name} is a text; only numbers can be written"
    return ""


def value_problem(tag: Tag, value: object) -> str:
    """Return why `value` (in the tag's unit) can't be written to `tag`, in words; empty if it can."""
    number = as_number(value)
    if number is None or not math.isfinite(number):
        return f"{value!r:.40} is not a number that can be written"
    low, high = tag.write_range
    if (low is not None and number < low) or (high is not None and number > high):
        return f"{number:g}{_unit(tag)} is outside the range {_range(low, high)}{_unit(tag)}"
    if tag.states and not (number.is_integer() and 0 <= number < len(tag.states)):
        return f"{number:g} is none of the states 0 to {len(tag.states) - 1} of {tag.name}"
    return _type_problem(tag, number)


def _type_problem(tag: Tag, number: float) -> str:
    raw = to_raw(tag, number)
    if tag.type in INTEGER_LIMITS:
        is_scaled = tag.raw_low is not None and tag.raw_high is not None
        if not is_scaled and not number.is_integer():
            return f"{number:g} is not a whole number"
        smallest, largest = INTEGER_LIMITS[tag.type]
        if not max(smallest, -_EXACT_LIMIT) <= round(raw, 6) <= min(largest, _EXACT_LIMIT):
            return f"{number:g}{_unit(tag)} doesn't fit the type {tag.type} of the device"
    elif tag.type is DataType.F32 and abs(raw) > _F32_LIMIT:
        return f"{number:g}{_unit(tag)} doesn't fit the type {tag.type} of the device"
    return ""


def _unit(tag: Tag) -> str:
    return f" {tag.unit}" if tag.unit else ""


def _range(low: float | None, high: float | None) -> str:
    if low is None:
        return f"up to {high:g}"
    return f"from {low:g}" if high is None else f"{low:g} to {high:g}"
