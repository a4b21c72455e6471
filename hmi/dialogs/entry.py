"""What an operator types for a setpoint: read it, or say in a sentence why it can't be written. Pure, any thread.

It is typed in the shown unit and checked in the plant's.
"""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from hmi.i18n import tr
from hmi.numbers import amount_text, figure_text, number_text
from hmi.units.choice import shown_as
from hmi.units.shown import Shown
from plant_models.tag import Tag

_NUMBER: Final = re.compile(r"[+-]?([0-9]+)?(?:[.,]([0-9]+))?")
_GAPS: Final = str.maketrans("", "", " \u00a0\u2009\u202f")
_MORE_DECIMALS: Final = 3
Limits = tuple[float | None, float | None]
"""The least and the greatest value that may be entered, in the plant's unit; None is no bound."""
_MINUS: Final = str.maketrans("−", "-")


@dataclass(frozen=True, slots=True)
class Entry:
    """A typed text: `value` in the plant's unit, or None and the `problem` in words ("" while nothing is typed)."""

    value: float | None
    problem: str = ""


def read_entry(text: str, tag: Tag, shown: Shown | None = None, limits: Limits | None = None) -> Entry:
    """Return what `text`, typed in the shown unit, means for `tag`; it must lie in `limits`, or what may be written.

    Decimal comma and point are both right, spaces between digits too. Powers of ten and words such as "nan" are not:
    nobody means them at a setpoint. More decimals than are shown are refused, since they would be written unseen.
    """
    shown = shown or shown_as(tag)
    plain = text.translate(_GAPS).translate(_MINUS)
    if not plain:
        return Entry(None)
    match = _NUMBER.fullmatch(plain)
    if match is None or not (match[1] or match[2]):
        return Entry(None, tr("This is not a number."))
    if len(match[2] or "") > shown.decimals:
        return Entry(None, _decimals_problem(shown.decimals))
    limits = tag.write_range if limits is None else limits
    return _in_range(_plant_value(plain.replace(",", "."), limits, shown), tag, limits)


def range_text(tag: Tag, limits: Limits | None = None) -> str:
    """Return "5.00 to 8.00", "at least 5.00", "at most 8.00" or "" for `limits`, or the values that may be written."""
    low, high = (None if end is None else figure_text(end, tag) for end in limits or tag.write_range)
    if low is not None and high is not None:
        return tr("{low} to {high}").format(low=low, high=high)
    if low is not None:
        return tr("at least {low}").format(low=low)
    return tr("at most {high}").format(high=high) if high is not None else ""


def both_units(value: float, tag: Tag) -> str:
    """Return a value of the plant in the shown and the plant's unit, "690 kPa = 6.90 bar"; "" if they are the same.

    The plant's number has as many decimals as the shown one needs; "≈" says that it has more than are written.
    """
    if shown_as(tag).is_plant:
        return ""
    enough = range(tag.decimals, tag.decimals + _MORE_DECIMALS + 1)
    decimals = next((each for each in enough if round(value, each) == value), enough[-1])
    sign = "=" if round(value, decimals) == value else "≈"
    return f"{amount_text(value, tag)} {sign} {number_text(value, decimals)}\u00a0{tag.unit}"


def _plant_value(plain: str, limits: Limits, shown: Shown) -> float:
    """Return what was typed in the plant's unit; an end of the range if it is the end as it is shown.

    In another unit an end is seldom a round number. Rounded for the screen it may lie outside by less than a step, and
    whoever types it means the end.
    """
    value = shown.back(plain)
    if shown.is_plant:
        return value
    low, high = limits
    passed = low if low is not None and value < low else high if high is not None and value > high else None
    return value if passed is None or Fraction(shown.text(passed)) != Fraction(plain) else passed


def _in_range(value: float, tag: Tag, limits: Limits) -> Entry:
    low, high = limits
    if not math.isfinite(value):
        return Entry(None, tr("This is not a number."))
    if (low is not None and value < low) or (high is not None and value > high):
        return Entry(None, _range_problem(tag, limits))
    return Entry(value)


def _range_problem(tag: Tag, limits: Limits) -> str:
    low, high = limits
    texts = {"low": _amount(low, tag), "high": _amount(high, tag)}
    if low is None:
        return tr("It must be at most {high}.").format(**texts)
    if high is None:
        return tr("It must be at least {low}.").format(**texts)
    return tr("It must lie between {low} and {high}.").format(**texts)


def _decimals_problem(decimals: int) -> str:
    if decimals == 0:
        return tr("It must be a whole number.")
    return tr("It can have at most {n} decimals.").format(n=decimals)


def _amount(value: float | None, tag: Tag) -> str:
    return "" if value is None else amount_text(value, tag)
