"""A range of registers or bits of a Modbus device, such as `hr:100-119`. Pure, any thread."""

import re
from dataclasses import dataclass
from typing import Final

from plant_models.message import message

_RANGE: Final = re.compile(r"(hr|ir|co|di):(\d+)(?:-(\d+))?", re.ASCII)
_LAST: Final = 65535


@dataclass(frozen=True, slots=True)
class AddressRange:
    """Addresses `first` to `last` of the table hr, ir, co or di, both included."""

    table: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.table}:{self.first}" + (f"-{self.last}" if self.last > self.first else "")

    def touches(self, table: str, offset: int, count: int) -> bool:
        """Tell whether any of `count` registers or bits from `offset` of a table lies in the range."""
        return table == self.table and self.first < offset + count and offset <= self.last


def parse_range(text: str) -> AddressRange:
    """Return the range that a text such as `hr:100-119` or `hr:100` names.

    Raises:
        ValueError: it names none; the message says what would be right.
    """
    match = _RANGE.fullmatch(text.strip())
    if not match:
        raise ValueError(message("{text!r} is not a range of addresses; write hr:100-119 or hr:100", text=text))
    first = int(match[2])
    last = first if match[3] is None else int(match[3])
    if not first <= last <= _LAST:
        raise ValueError(message("{text!r} is no range; let it rise, and end at 65535 at most", text=text))
    return AddressRange(match[1], first, last)
