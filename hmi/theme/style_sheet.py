"""The one style sheet: `resources/themes/clearwell.qss` with `@role` turned into colours. GUI thread."""

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from PySide6.QtGui import QColor

from plant_models.paths import RESOURCES

_ROLE: Final = re.compile(r"@([a-z][a-z0-9_]*)")


def make_style_sheet(color: Callable[[str], QColor]) -> str:
    """Return the style sheet for the theme whose colours `color` gives by role.

    Raises:
        KeyError: the template names a role that isn't a token.
    """
    return _ROLE.sub(lambda match: _css(color(match[1])), _template())


@cache
def _template() -> str:
    return (RESOURCES / "themes" / "clearwell.qss").read_text(encoding="utf-8")


def _css(colour: QColor) -> str:
    if colour.alpha() == 255:
        return colour.name()
    return f"rgba({colour.red()}, {colour.green()}, {colour.blue()}, {colour.alpha()})"
