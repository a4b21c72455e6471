"""How a file that is to be imported says what it says. Immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Names of columns, and how numbers are written.

    With `is_wide` every column but `time` is a tag. Without a column `quality`, or where it is empty, a value is good.
    `renamed` gives tags that are called otherwise in the file. As it stands this is what an export writes.
    """

    time: str = "time_utc"
    tag: str = "tag"
    value: str = "value"
    quality: str = "quality"
    is_wide: bool = False
    separator: str = ""
    has_decimal_comma: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
