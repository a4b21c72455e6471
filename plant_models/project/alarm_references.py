"""Whether the other tags that an alarm names exist and can be compared with its own. Pure functions, any thread.

The same for the members of a type and for the tags of a plant.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final, Protocol

from plant_models.alarm_definition import AlarmSettings
from plant_models.expression import MAX_LENGTH, parse_expression
from plant_models.project.alarm_rules import AlarmMistake, Watched, is_text
from plant_models.project.finding import suggest
from plant_models.project.units import Conversion, conversion

_NAME: Final = re.compile(r"\{([^{}]*)\}")
_SAME: Final = Conversion(1.0, 0.0)
_TAGS: Final = ("limit_tag", "reference")
_FORMULAS: Final = ("expression", "suppress_when")


class Neighbours(Protocol):
    """What an alarm may name; `word` is what one of them is called."""

    @property
    def word(self) -> str:
        """`tag` or `member`."""

    @property
    def names(self) -> Collection[str]:
        """All that there are."""

    def find(self, name: str) -> Watched | None:
        """Return the one of this name; None if there is none."""

    def may_exist(self, name: str) -> bool:
        """Tell whether a name that isn't found is held back because of another mistake."""


def reference_mistakes(alarm: AlarmSettings, watched: Watched, near: Neighbours) -> Iterator[AlarmMistake]:
    """Yield what is wrong with the tags and formulas of an alarm on `watched`."""
    for key in _TAGS:
        if name := getattr(alarm, key):
            yield from _tag(key, name, watched, near)
    for key in _FORMULAS:
        if text := getattr(alarm, key):
            yield from _formula(key, text, near)


def names_in(alarm: AlarmSettings) -> list[str]:
    """Return the names of all tags, or members, that an alarm needs beside its own."""
    names = [getattr(alarm, key) for key in _TAGS]
    names += [name.strip() for key in _FORMULAS for name in _NAME.findall(getattr(alarm, key))]
    return [name for name in names if name]


def _tag(key: str, name: str, watched: Watched, near: Neighbours) -> Iterator[AlarmMistake]:
    other = near.find(name)
    if other is None or is_text(other):
        yield from _without_number(key, name, near)
    elif other.name == watched.name:
        yield AlarmMistake(key, f"{key} names the {near.word} itself", f"name another {near.word}")
    elif watched.unit and other.unit and not _is_same(watched.unit, other.unit):
        problem = f"{key} names {name} in {other.unit}, but {watched.name} is in {watched.unit}"
        yield AlarmMistake(key, problem, f"use a {near.word} in {watched.unit}, calculated if need be")


def _is_same(unit: str, other: str) -> bool:
    """Tell whether numbers in two units can be compared as they are: mg/l and g/m³."""
    turn = conversion(other, unit)
    return turn is not None and abs(turn.factor - 1.0) < 1e-9 and abs(turn.shift) < 1e-9


def _formula(key: str, text: str, near: Neighbours) -> Iterator[AlarmMistake]:
    names = dict.fromkeys(found.strip() for found in _NAME.findall(text))
    if len(text) > MAX_LENGTH or "" in names or not _is_formula(_NAME.sub("{x}", text)):
        try:
            parse_expression(text)
        except ValueError as error:
            problem, _, remedy = str(error).partition("; ")
            yield AlarmMistake(key, f"{key} {text[:80]!r}: {problem}", remedy or "correct it")
            return
    for name in names:
        yield from _without_number(key, name, near)


def _without_number(key: str, name: str, near: Neighbours) -> Iterator[AlarmMistake]:
    """Yield that a name is unknown, or that of a text."""
    other = near.find(name)
    if other is None:
        if not near.may_exist(name):
            yield AlarmMistake(key, f"{key} names the unknown {near.word} {name!r}", suggest(name, near.names))
    elif is_text(other):
        yield AlarmMistake(key, f"{key} names {name}, which is a text", f"use a {near.word} with numbers")


@lru_cache(4096)
def _is_formula(shape: str) -> bool:
    """Tell whether a formula can be read; asked without the names, since a thousand pumps have the same one."""
    try:
        parse_expression(shape)
    except ValueError:
        return False
    return True
