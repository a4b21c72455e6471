"""A formula as an operator reads it: tags by what they are, values by their state words. Pure, GUI thread."""

import re
from typing import Final

from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import number_text
from plant_models.message import message
from plant_models.tag import Tag

_TOKEN: Final = re.compile(r"\{([^{}]*)\}|(==|!=|<=|>=|<|>)|(\d+(?:\.\d+)?)|(\w+)|(\s+)|(.)")
_SIGNS: Final = {
    "==": message("is"),
    "!=": message("is not"),
    "<=": message("is at most"),
    ">=": message("is at least"),
    "<": message("is below"),
    ">": message("is above"),
}
_WORDS: Final = {"and": message("and"), "or": message("or"), "not": message("not")}


def formula_words(context: Context, formula: str) -> str:
    """Return "River pump 1: Running is Stopped and River pressure is above 2.5" for a formula."""
    parts: list[str] = []
    last: Tag | None = None
    is_compared = False
    for match in _TOKEN.finditer(formula):
        name, sign, number, word, gap, other = match.groups()
        if name is not None:
            last = context.tag(name.strip())
            parts.append(_named(last, name.strip()))
        elif sign:
            is_compared = True
            parts.append(f" {tr(_SIGNS[sign])} ")
        elif number:
            parts.append(_value(last if is_compared else None, float(number), number))
            is_compared = False
        elif word:
            is_compared = False
            parts.append(f" {tr(_WORDS[word])} " if word in _WORDS else word)
        else:
            parts.append(" " if gap else other)
    return re.sub(" +", " ", "".join(parts)).strip()


def _named(tag: Tag | None, name: str) -> str:
    return name if tag is None or not tag.description else tag.description


def _value(tag: Tag | None, value: float, text: str) -> str:
    if tag is not None and tag.states and value == int(value) and int(value) < len(tag.states):
        return tr(tag.states[int(value)])
    if tag is None or tag.states:
        return text
    return f"{number_text(value, tag.decimals)}\u00a0{tag.unit}".rstrip()
