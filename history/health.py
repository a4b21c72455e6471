"""How history is doing, for screens and alarms. Immutable, any thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

WITHIN_DEADBAND: Final = "within deadband"
"""Why a sample isn't stored though there is room for it."""
FUTURE: Final = "late, and from the future"
OUTSIDE: Final = "late, and not of the time asked for"
HELD: Final = "late, and a manual value stood"
"""Why a late sample isn't stored."""
_NO_LOSS: Final = frozenset({WITHIN_DEADBAND, FUTURE, OUTSIDE, HELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryHealth:
    """received = stored + sum of `dropped` + queued, in samples, at any moment.

    `late` of those received are older than what was written of their tag; when it grows, the past has changed.
    `marks` are rows of history's own (heartbeats, beginnings). `rate` is in stored samples per s. `delay_s` is how long
    the oldest sample that isn't on disk has waited. `error` says why nothing can be stored now, `notice` what a person
    should look at (a damaged file that was put aside, frames that can't be read); both are empty when all is well.
    """

    received: int = 0
    stored: int = 0
    queued: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    late: int = 0
    marks: int = 0
    rate: float = 0.0
    delay_s: float = 0.0
    size_bytes: int = 0
    error: str = ""
    notice: str = ""

    @property
    def lost(self) -> int:
        """Samples that were dropped for want of room; those within their deadband, or refused, are no loss."""
        return sum(count for reason, count in self.dropped.items() if reason not in _NO_LOSS)
