"""The clocks of those who send, told from the times in their messages. Runs on the thread of the connection.

A broker has many senders, each with a clock of its own; the one that is furthest off is shown. A message can only lose
time on its way, never gain any, so of the last few of a topic the least delayed is the one that shows the clock.
"""

from collections import deque
from typing import Final

_SAMPLES: Final = 5
_LEAST: Final = 3
"""One message may have been held up; fewer than this show no clock."""


class SenderClocks:
    """How far each topic's clock is ahead of the station's (µs)."""

    def __init__(self) -> None:
        self._ahead_us: dict[str, deque[int]] = {}
        self._is_new = False

    def note(self, topic: str, ahead_us: int) -> None:
        """Note how far the time in a fresh message was ahead of the moment at which it arrived."""
        seen = self._ahead_us.get(topic)
        if seen is None:
            seen = self._ahead_us[topic] = deque(maxlen=_SAMPLES)
        seen.append(ahead_us)
        self._is_new = True

    def news(self) -> tuple[str, int] | None:
        """Return the topic whose clock is furthest off, and how far; None if nothing was noted since the last call."""
        if not self._is_new:
            return None
        self._is_new = False
        known = [(topic, max(seen)) for topic, seen in self._ahead_us.items() if len(seen) >= _LEAST]
        return max(known, key=lambda each: abs(each[1]), default=None)

    def forget(self) -> None:
        """Know nothing: the connection is gone."""
        self._ahead_us.clear()
        self._is_new = False
