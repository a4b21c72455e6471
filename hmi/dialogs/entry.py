"""What an operator types for a setpoint: read it, or say in a sentence why it can't be written. Pure, any thread."""

import math
import re
from dataclasses import dataclass
from typing import Final

from hmi.i18n import tr
from hmi.numbers import amount_text, number_text
from plant_models.tag import Tag

_NUMBER: Final = re.compile(r"[+-]?([0-9]+)?(?:[.,]([0-9]+))?")
_GAPS: Final = str.maketrans("", "", " \u00a0\u2009\u202f")
_MINUS: Final = str.maketrans("−", "-")


@dataclass(frozen=True, slots=True)
class Entry:
    """A typed text: `value` in the tag's unit, or None and the `problem` as a sentence ("" while nothing is typed)."""

    value: float | None
    problem: str = ""


def read_entry(text: str, tag: Tag) -> Entry:
    """Return what `text` means for `tag`.

    Decimal comma and point are both right, spaces between digits too. Powers of ten and words such as "nan" are not:
    nobody means them at a setpoint. More decimals than the tag shows are refused, since they would be written unseen.
    """
    plain = text.translate(_GAPS).translate(_MINUS)
    if not plain:
        return Entry(None)
    match = _NUMBER.fullmatch(plain)
    if match is None or not (match[1] or match[2]):
        return Entry(None, tr("This is not a number."))
    value = float(plain.replace(",", "."))
    if len(match[2] or "") > tag.decimals:
        return Entry(None, _decimals_problem(tag.decimals))
    return _in_range(value, tag)


def range_text(tag: Tag) -> str:
    """Return "5.00 to 8.00", "at least 5.00", "at most 8.00" or "" for the values that may be written."""
    low, high = (None if end is None else number_text(end, tag.decimals) for end in tag.write_range)
    if low is not None and high is not None:
        return tr("{low} to {high}").format(low=low, high=high)
    if low is not None:
        return tr("at least {low}").format(low=low)
    return tr("at most {high}").format(high=high) if high is not None else ""


def _in_range(value: float, tag: Tag) -> Entry:
    low, high = tag.write_range
    if not math.isfinite(value):
        return Entry(None, tr("This is not a number."))
    if (low is not None and value < low) or (high is not None and value > high):
        return Entry(None, _range_problem(tag))
    return Entry(value)


def _range_problem(tag: Tag) -> str:
    low, high = tag.write_range
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
