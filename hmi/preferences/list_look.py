"""How a person wants the alarm list: columns, size, and whether it is grouped or parted. Pure, any thread."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

SIZES: Final = (13, 15, 17, 20, 24)
"""Of its text, in px."""


@dataclass(frozen=True, slots=True)
class ListLook:
    """`columns` names the optional ones that are shown, None for the usual ones; `size` is one of SIZES."""

    columns: tuple[str, ...] | None = None
    size: int = 15
    is_tall: bool = False
    is_grouped: bool = True
    is_parted: bool = False
    has_aside: bool = True


def sensible_look(data: object) -> ListLook:
    """Return what `data` says, the default for whatever is missing or makes no sense."""
    given: Mapping[str, Any] = data if isinstance(data, dict) else {}
    default, columns = ListLook(), given.get("columns")
    flags = [each.name for each in fields(ListLook) if isinstance(each.default, bool)]
    return ListLook(
        columns=tuple(each for each in columns if isinstance(each, str)) if isinstance(columns, list) else None,
        size=given["size"] if given.get("size") in SIZES else default.size,
        **{name: given[name] if isinstance(given.get(name), bool) else getattr(default, name) for name in flags},
    )
