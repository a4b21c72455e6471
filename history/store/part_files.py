"""The files of history in a data folder, by name. Any thread; nothing is opened.

`history.sqlite` has the newest samples, `history-2026-11.sqlite` a month of packed hours, and
`history-2026-11.short.sqlite` those of a keeping class in that month.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from history.store.parts import keeping_in, month_in, part_name

NEWEST: Final = "history.sqlite"
_PART: Final = re.compile(r"history-(\d{4}-(?:0[1-9]|1[0-2]))(?:\.([a-z][a-z0-9_]{0,30}))?\.sqlite")
_DAY_US: Final = 86_400_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SUFFIXES: Final = ("", "-wal", "-shm")
"""What SQLite may have beside a file, and the file."""


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """Packed hours of a month, "2026-11", and a keeping class, "" for the standard one."""

    month: str
    keeping: str = ""

    def __str__(self) -> str:
        return part_name(self.month, self.keeping)

    @property
    def name(self) -> str:
        """The file's name."""
        return f"history-{self}.sqlite"

    @property
    def span_us(self) -> tuple[int, int]:
        """Beginning and end of the month, µs UTC."""
        year, number = map(int, self.month.split("-"))
        first = datetime(year, number, 1, tzinfo=UTC)
        if (year, number) == (9999, 12):
            return _micros(first), _micros(first) + 31 * _DAY_US  # the calendar ends here
        following = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
        return _micros(first), _micros(following)


def part_of(name: str) -> Part | None:
    """Return the part that a file is by its name, None if it is none."""
    found = _PART.fullmatch(name)
    return Part(found[1], found[2] or "") if found and found[1] >= "1970" else None


def part_named(name: str) -> Part:
    """Return a part by the name that `history.store.parts` gives it, "2026-11.short"."""
    return Part(month_in(name), keeping_in(name))


def parts_in(folder: Path) -> list[Part]:
    """Return the parts that have a file, in order."""
    return sorted(part for path in folder.glob("history-*.sqlite") if (part := part_of(path.name)))


def damaged_in(folder: Path) -> list[Path]:
    """Return the damaged files that were put aside, in order."""
    return sorted(folder.glob("history*.damaged-*.sqlite"))


def size_of(path: Path) -> int:
    """Return what a file and its log take on the disk; 0 if it isn't there."""
    beside = (Path(f"{path}{suffix}") for suffix in SUFFIXES[:2])
    return sum(each.stat().st_size for each in beside if each.exists())


def _micros(at: datetime) -> int:
    return int((at - _EPOCH).total_seconds()) * 1_000_000
