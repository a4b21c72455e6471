"""Who is to be read when, on a monotonic grid. What was missed is skipped, never caught up in a burst.

Owned by one worker; not thread-safe.
"""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

Key = TypeVar("Key")
NEVER_NS: Final = 2**62


class Schedule(Generic[Key]):
    """Due times of some tens of keys, each with its own period."""

    def __init__(self) -> None:
        self._due: dict[Key, tuple[int, int]] = {}
        self._next_ns = NEVER_NS

    def start(self, key: Key, period_ns: int, now_ns: int) -> None:
        """Make `key` due now, then every `period_ns`."""
        self._due[key] = (now_ns, period_ns)
        self._note_next()

    def stop(self, key: Key) -> None:
        """Forget `key`, if it is there."""
        self._due.pop(key, None)
        self._note_next()

    def take_due(self, now_ns: int, on_missed: Callable[[Key, int], None] | None = None) -> list[Key]:
        """Return the keys that are due, longest waiting first, and move each to its next time after now on its grid.

        `on_missed` is told of each key that was due more than once, and how often too many.
        """
        if now_ns < self._next_ns:
            return []
        due = sorted((at, order, key) for order, (key, (at, _)) in enumerate(self._due.items()) if at <= now_ns)
        for at, _, key in due:
            period_ns = self._due[key][1]
            missed = (now_ns - at) // period_ns
            self._due[key] = (at + period_ns * (missed + 1), period_ns)
            if missed and on_missed is not None:
                on_missed(key, missed)
        self._note_next()
        return [key for _, _, key in due]

    def next_ns(self) -> int:
        """Return when the next key is due; NEVER_NS if there is none."""
        return self._next_ns

    def _note_next(self) -> None:
        self._next_ns = min((at for at, _ in self._due.values()), default=NEVER_NS)
