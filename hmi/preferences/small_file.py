"""A small JSON file of a person's own. It holds no plant data, so a broken or missing one is simply replaced.

Any thread; at the start, at the end, and beside the GUI thread.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def read_small(path: Path) -> dict[str, Any]:
    """Return what the file holds, nothing if it can't be read or makes no sense."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def write_small(path: Path, data: Mapping[str, object]) -> None:
    """Replace the file as a whole, and make its folder if it isn't there.

    Raises:
        OSError: it can't be written; the old one stays.
    """
    new = path.with_suffix(".new")
    path.parent.mkdir(parents=True, exist_ok=True)
    new.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")
    new.replace(path)
