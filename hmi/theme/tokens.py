"""The design tokens: colours by role for each theme, read once from `resources/themes/tokens.toml`. GUI thread."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from PySide6.QtGui import QColor

from plant_models.paths import RESOURCES

THEME_NAMES: Final = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme: `colours` by role, and the pens of trends in order A, B, C ..."""

    colours: Mapping[str, QColor]
    pens: tuple[QColor, ...]


@cache
def load_tokens() -> Mapping[str, Tokens]:
    """Return the tokens of every theme by its name.

    Raises:
        ValueError: a theme is absent, lacks a role of the others, or names something that isn't a colour.
    """
    with (RESOURCES / "themes" / "tokens.toml").open("rb") as file:
        data = tomllib.load(file)
    themes = {name: _tokens(name, data.get(name, {})) for name in THEME_NAMES}
    roles = {role for tokens in themes.values() for role in tokens.colours}
    for name, tokens in themes.items():
        if missing := roles - set(tokens.colours):
            raise ValueError(f"tokens.toml: theme {name} lacks {', '.join(sorted(missing))}")
    return MappingProxyType(themes)


def _tokens(theme: str, data: Mapping[str, object]) -> Tokens:
    pens = data.get("pens")
    if not isinstance(pens, list) or not pens:
        raise ValueError(f"tokens.toml: theme {theme} needs a list of pens")
    colours = {role: _colour(f"{theme}.{role}", text) for role, text in data.items() if role != "pens"}
    return Tokens(MappingProxyType(colours), tuple(_colour(f"{theme}.pens", text) for text in pens))


def _colour(where: str, text: object) -> QColor:
    colour = QColor(text) if isinstance(text, str) else QColor()
    if not colour.isValid():
        raise ValueError(f"tokens.toml: {where} is {text!r}; write a colour such as #1A1A1A")
    return colour
