"""How fast the spool grows and is sent, over the last minute. Not shared between threads."""

from collections import deque
from typing import Final

WINDOW_NS: Final = 60_000_000_000


class Pace:
    """Remembers how things stood at some moments of the last minute."""

    def __init__(self) -> None:
        self._moments: deque[tuple[int, int, int]] = deque()

    def note(self, mono_ns: int, size: int, sent: int) -> None:
        """So many bytes wait now, and so many samples were sent since the start."""
        self._moments.append((mono_ns, size, sent))
        while self._moments[-1][0] - self._moments[0][0] > WINDOW_NS:
            self._moments.popleft()

    @property
    def growth(self) -> float:
        """Bytes a second, less than 0 while it drains."""
        return self._per_second(1)

    @property
    def rate(self) -> float:
        """Samples that are sent a second."""
        return self._per_second(2)

    def _per_second(self, column: int) -> float:
        if not self._moments or self._moments[-1][0] == self._moments[0][0]:
            return 0.0
        first, last = self._moments[0], self._moments[-1]
        return (last[column] - first[column]) / ((last[0] - first[0]) / 1e9)
