"""Annunciations of the last hour, by minutes of the monotonic clock. Not thread-safe: its owner locks."""

from typing import Final

MINUTES: Final = 60
MINUTE_NS: Final = 60_000_000_000


class Minutes:
    """Counts in sixty minutes that move on: the present minute, which isn't over yet, and those before it."""

    def __init__(self) -> None:
        self._counts = [0] * MINUTES
        self._minute = 0

    def add(self, mono_ns: int, count: int) -> None:
        """Count annunciations at a time; what is older than an hour is left out."""
        minute = mono_ns // MINUTE_NS
        self._move_to(minute)
        if self._minute - minute < MINUTES:
            self._counts[minute % MINUTES] += count

    def last(self, minutes: int, mono_ns: int) -> int:
        """Return how many there were in the present minute and those before it, so many in all."""
        self._move_to(mono_ns // MINUTE_NS)
        return sum(self._counts[(self._minute - back) % MINUTES] for back in range(minutes))

    def _move_to(self, minute: int) -> None:
        for each in range(max(self._minute + 1, minute - MINUTES + 1), minute + 1):
            self._counts[each % MINUTES] = 0
        self._minute = max(self._minute, minute)
