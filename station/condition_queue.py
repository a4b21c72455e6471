"""The bounded queue between drivers and alarms for what devices say of their own alarms.

Drivers offer from any thread, the station thread takes. What doesn't fit is refused: its driver asks the device once
more, so that no alarm is lost.
"""

import threading
from collections import deque
from typing import Final

from plant_models.condition import ConditionNews

CAPACITY: Final = 50_000
"""News; about 50 MB."""


class ConditionQueue:
    """In order of arrival."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._lock = threading.Lock()
        self._waiting: deque[ConditionNews] = deque()

    def offer(self, news: ConditionNews) -> bool:
        """Take news without blocking; False if there is no room."""
        with self._lock:
            if len(self._waiting) >= self._capacity:
                return False
            self._waiting.append(news)
            return True

    def take(self) -> list[ConditionNews]:
        """Return all that waits."""
        with self._lock:
            news = list(self._waiting)
            self._waiting.clear()
            return news
