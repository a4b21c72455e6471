"""The canonical text of a display file: what holds for the page in one line, then one item per line.

So a moved pump is a one-line difference. Pure functions, any thread.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

_KEYS: Final = ("format", "title", "level", "parent", "area", "size")
_ITEM_KEYS: Final = ("id", "kind", "box", "tag", "equipment", "points", "options")


def render_display(data: Mapping[str, Any]) -> str:
    """Return the text of a parsed display file; known keys in their order, others after them."""
    head = _ordered({key: value for key, value in data.items() if key != "items"}, _KEYS)
    items = [f"  {_text(_ordered(item, _ITEM_KEYS))}" for item in data.get("items", ())]
    return "\n".join([_text(head)[:-1] + ', "items": [', *([",\n".join(items)] if items else []), "]}"]) + "\n"


def _ordered(data: Any, first: tuple[str, ...]) -> Any:
    if not isinstance(data, dict):
        return data
    return {key: data[key] for key in (*first, *(key for key in data if key not in first)) if key in data}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
