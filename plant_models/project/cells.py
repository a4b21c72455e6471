"""Turning one CSV cell into a value; each raises ValueError("what is wrong; what would be right"). Any thread."""

import math
import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from plant_models.alarm_definition import DECLARED_KINDS, DIAGNOSTIC, AlarmClass, AlarmKind, Severity
from plant_models.project.finding import nearest, suggest
from plant_models.tag import DataType
from plant_models.text_limit import MAX_TEXT, too_long

_NAME: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_PART: Final = re.compile(r"[A-Za-z0-9_-]+")
_MAX_NAME: Final = 80
_MOST: Final = 1000
DIAGNOSTIC_WORD: Final = "diagnostic"
_FLAGS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

E = TypeVar("E", bound=StrEnum)


def text(cell: str) -> str:
    """Return a text, as it is."""
    if len(cell) > MAX_TEXT:
        raise ValueError("; ".join(too_long("this", cell)))
    return cell


def name(cell: str) -> str:
    """Return a name: letters, digits, `_` and `-` in parts separated by dots."""
    if not _NAME.fullmatch(cell):
        raise ValueError(f"{cell[:_MAX_NAME]!r} is not a name; use letters, digits, _ and -, parts joined by dots")
    if len(cell) > _MAX_NAME:
        raise ValueError(f"a name of {len(cell)} characters; use at most {_MAX_NAME}")
    return cell


def number(cell: str) -> float:
    """Return a finite number with a decimal point."""
    try:
        value = float(cell)
    except ValueError:
        raise ValueError(f"{cell[:40]!r} is not a number; write it as 12.5") from None
    if not math.isfinite(value):
        raise ValueError(f"{cell!r} is not a finite number; leave the cell empty if there is no value")
    if "_" in cell:
        raise ValueError(f"{cell!r} is not a number; write it without _")
    return value


def positive(cell: str) -> float:
    """Return a number above 0."""
    value = number(cell)
    if value <= 0:
        raise ValueError(f"{cell} is not above 0; use a positive number or leave the cell empty")
    return value


def not_negative(cell: str) -> float:
    """Return a number of 0 or more."""
    value = number(cell)
    if value < 0:
        raise ValueError(f"{cell} is negative; use 0 or more")
    return value


def decimals(cell: str) -> int:
    """Return how many decimals to show, 0 to 6."""
    return _integer(cell, 0, 6)


def count(cell: str) -> int:
    """Return a whole number from 0 to 1000."""
    return _integer(cell, 0, _MOST)


def priority(cell: str) -> int:
    """Return an alarm priority: 1 to 4, or `diagnostic`."""
    if cell == DIAGNOSTIC_WORD:
        return DIAGNOSTIC
    try:
        return _integer(cell, 1, 4)
    except ValueError:
        problem = f"{cell[:40]!r} is no priority; use a whole number from 1 to 4, or {DIAGNOSTIC_WORD}"
        raise ValueError(problem) from None


def part(cell: str) -> str:
    """Return one part of a name: letters, digits, `_` and `-`."""
    if not _PART.fullmatch(cell) or len(cell) > _MAX_NAME:
        raise ValueError(f"{cell[:_MAX_NAME]!r} can't end a name; use letters, digits, _ and -")
    return cell


def iso_date(cell: str) -> str:
    """Return a date, as 2026-11-29."""
    try:
        is_written_so = date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        is_written_so = False
    if not is_written_so:
        raise ValueError(f"{cell[:40]!r} is no date; write it as 2026-11-29")
    return cell


def flag(cell: str) -> bool:
    """Return yes or no."""
    value = _FLAGS.get(cell.lower())
    if value is None:
        raise ValueError(f"{cell[:40]!r} is neither yes nor no; write true or false")
    return value


def names(cell: str) -> tuple[str, ...]:
    """Return names separated by spaces."""
    return tuple(name(part) for part in cell.split())


def states(cell: str) -> tuple[str, ...]:
    """Return the words of the values 0, 1, 2 ..., separated by `|`."""
    words = tuple(part.strip() for part in cell.split("|"))
    if not all(words):
        raise ValueError(f"{cell[:40]!r} holds an empty word; write a word for each value, such as Stopped|Running")
    return words


def data_type(cell: str) -> DataType:
    """Return the type of a tag."""
    return _choice(cell, DataType, "type")


def alarm_kind(cell: str) -> AlarmKind:
    """Return the kind of an alarm."""
    return _choice(cell, DECLARED_KINDS, "kind")


def alarm_class(cell: str) -> AlarmClass:
    """Return the class of an alarm."""
    return _choice(cell, AlarmClass, "class")


def severity(cell: str) -> Severity:
    """Return how bad a consequence is."""
    return _choice(cell, Severity, "severity")


def _choice(cell: str, choices: Iterable[E], what: str) -> E:
    known = {choice.value: choice for choice in choices}
    if cell not in known:
        *others, last = known
        is_slip = len(cell) <= _MAX_NAME and nearest(cell, known) is not None
        remedy = suggest(cell, known) if is_slip else f"use {', '.join(others)} or {last}"
        raise ValueError(f"unknown {what} {cell[:40]!r}; {remedy}")
    return known[cell]


def _integer(cell: str, low: int, high: int) -> int:
    value = number(cell)
    if not value.is_integer() or not low <= value <= high:
        raise ValueError(f"{cell} is not a whole number from {low} to {high}; use one")
    return int(value)
