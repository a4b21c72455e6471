"""What is old enough to go: whole files of months that ended longer ago than their keeping class says.

The station does it once an hour on the packer's thread, `history prune` by hand. Never the month that runs, and no rows
within a file. Hourly and daily values stand elsewhere and stay.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from history.store.part_files import Part

DAY_US: Final = 86_400_000_000
AT_ONCE: Final = 3
"""Months of a class that the station removes by itself at once. More of them are a clock that is wrong, a station that
stood still for long, or a new number of days: then a person decides."""


def outdated(parts: Iterable[Part], keep_days: Mapping[str, int | None], now_us: int) -> list[Part]:
    """Return the parts that may be removed at a time, in order.

    `keep_days` says for how many days a class is kept, None for ever; a class without a number is kept for ever.
    """
    found = []
    for part in parts:
        days = keep_days.get(part.keeping)
        if days is not None and part.span_us[1] + days * DAY_US <= now_us:
            found.append(part)
    return sorted(found)


def without_asking(parts: list[Part]) -> list[Part]:
    """Return those of outdated parts that the station removes by itself."""
    counts = {keeping: sum(part.keeping == keeping for part in parts) for keeping in {part.keeping for part in parts}}
    return [part for part in parts if counts[part.keeping] <= AT_ONCE]
