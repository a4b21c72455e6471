"""What becomes due for alarms later: the end of a shelf, an annunciation anew. Monotonic clock, so no set clock
disturbs it. Station thread, or a worker that holds the lock of the alarms."""

import heapq
from enum import Enum, auto


class Due(Enum):
    """What becomes due."""

    SHELF = auto()
    REALARM = auto()


class Timers:
    """One time for each alarm (by number) and thing; a new time replaces the old one."""

    def __init__(self) -> None:
        self._due_ns: dict[tuple[int, Due], int] = {}
        self._heap: list[tuple[int, int, int]] = []  # the last is the value of Due, since enums have no order

    def start(self, number: int, what: Due, due_ns: int) -> None:
        """Let something become due."""
        self._due_ns[number, what] = due_ns
        heapq.heappush(self._heap, (due_ns, number, what.value))

    def stop(self, number: int, what: Due) -> None:
        """Let it never become due."""
        self._due_ns.pop((number, what), None)

    def left_ns(self, number: int, what: Due, now_ns: int) -> int | None:
        """Return how long it still takes in ns, None if it isn't to come."""
        due_ns = self._due_ns.get((number, what))
        return None if due_ns is None else due_ns - now_ns

    def ripe(self, now_ns: int) -> list[tuple[int, Due]]:
        """Return what has become due, the oldest first; it is stopped by that."""
        found = []
        while self._heap and self._heap[0][0] <= now_ns:
            due_ns, number, value = heapq.heappop(self._heap)
            key = number, Due(value)
            if self._due_ns.get(key) == due_ns:
                del self._due_ns[key]
                found.append(key)
        return found
