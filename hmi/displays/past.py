"""What history says about the last hour or day of the tags on a display. Immutable; GUI thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from history.series import HistorySeries

HOUR_US: Final = 3_600_000_000
DAY_US: Final = 24 * HOUR_US


@dataclass(frozen=True, slots=True)
class Past:
    """The time from `start_us` to when history was asked; `is_readable` is False if it couldn't answer."""

    start_us: int
    end_us: int
    series: Mapping[str, HistorySeries] = field(default_factory=dict)
    is_readable: bool = True
