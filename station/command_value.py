"""Whether a value may be written to a tag at all, whatever the plant does just now. Pure functions, any thread."""

import math
from numbers import Real
from typing import Final

from plant_models.message import message
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
        return message("{tag} is calculated", tag=tag.name)
    if not tag.writable:
        return message("{tag} is read only", tag=tag.name)
    if tag.is_text:
        return message("{tag} is a text; only numbers can be written", tag=tag.name)
    return ""


def value_problem(tag: Tag, value: object) -> str:
    """Return why `value` (in the tag's unit) can't be written to `tag`, in words; empty if it can."""
    number = as_number(value)
    if number is None or not math.isfinite(number):
        return message("{value} is not a number that can be written", value=f"{value!r:.40}")
    low, high = tag.write_range
    if (low is not None and number < low) or (high is not None and number > high):
        return _out_of_range(number, low, high, _unit(tag))
    if tag.pulse and number == 0.0:
        return message("Zero is no order; the device sets {tag} back itself", tag=tag.name)
    return states_problem(tag, number) or _type_problem(tag, number)


def states_problem(tag: Tag, number: float) -> str:
    """Return that a number is none of the states of a tag, in words; empty if it is one, or the tag has none."""
    if tag.states and not (number.is_integer() and 0 <= number < len(tag.states)):
        last = len(tag.states) - 1
        return message("{value:g} is none of the states 0 to {last} of {tag}", value=number, last=last, tag=tag.name)
    return ""


def _type_problem(tag: Tag, number: float) -> str:
    raw = to_raw(tag, number)
    if tag.type in INTEGER_LIMITS:
        is_scaled = tag.raw_low is not None and tag.raw_high is not None
        if not is_scaled and not number.is_integer():
            return message("{value:g} is not a whole number", value=number)
        smallest, largest = INTEGER_LIMITS[tag.type]
        if not max(smallest, -_EXACT_LIMIT) <= round(raw, 6) <= min(largest, _EXACT_LIMIT):
            return _misfit(tag, number)
    elif tag.type is DataType.F32 and abs(raw) > _F32_LIMIT:
        return _misfit(tag, number)
    return ""


def _unit(tag: Tag) -> str:
    return f" {tag.unit}" if tag.unit else ""


def _misfit(tag: Tag, number: float) -> str:
    return message(
        "{value:g}{unit} doesn't fit the type {type} of the device",
        value=number,
        unit=_unit(tag),
        type=tag.type.value,
    )


def _out_of_range(number: float, low: float | None, high: float | None, unit: str) -> str:
    if low is None:
        return message("{value:g}{unit} is above {high:g}{unit}", value=number, high=high, unit=unit)
    if high is None:
        return message("{value:g}{unit} is below {low:g}{unit}", value=number, low=low, unit=unit)
    return message(
        "{value:g}{unit} is outside the range {low:g} to {high:g}{unit}", value=number, low=low, high=high, unit=unit
    )
