"""A display as the plant folder declares it: items on a page in logical pixels. Immutable; `hmi/displays` draws it.

A display may have a compact layout (`NAME.compact.json`) for windows too small for the full one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

ITEM_KINDS: Final = (
    *("card", "text", "pipe", "symbol", "state", "value", "bar", "sparkline", "chart"),
    *("link", "tile", "node", "flow"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on a display.

    `box` is x, y, width, height. `tag` or `equipment` binds it; `points` are the corners of a pipe or flow; `options`
    are the kind's own settings (text, symbol, rotation, weight ...), described in docs/reference/displays.md.
    """

    id: str
    kind: str
    box: tuple[float, float, float, float]
    tag: str = ""
    equipment: str = ""
    points: tuple[tuple[float, float], ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """The items of a display for one page size (width, height), drawn in order."""

    size: tuple[int, int]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """A page: `level` 1 (overview) to 4 (diagnostics), `parent` the display one level up."""

    name: str
    title: str
    level: int
    layout: Layout
    compact: Layout | None = None
    parent: str = ""
    area: str = ""
