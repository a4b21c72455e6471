"""Which of two addresses of a device is asked: the one that works, until it fails.

Owned by one thread; not thread-safe.
"""

from collections.abc import Callable

from drivers.back_off import BackOff


class Endpoints:
    """A primary and a backup. After a time that went well the first change comes at once, each further one later.

    `longest_s` bounds that wait; `jitter` gives numbers in [0, 1).
    """

    def __init__(self, longest_s: float, jitter: Callable[[], float]) -> None:
        self._back_off = BackOff(longest_s, jitter)
        self.is_at_backup = False

    def succeeded(self) -> None:
        """Note that the present one works: it is kept, be it the backup."""
        self._back_off.succeeded()

    def failed(self, now_ns: int) -> bool:
        """Note that the present one doesn't work at `now_ns` (monotonic); True if the other is asked from now on."""
        if not self._back_off.is_due(now_ns):
            return False
        self._back_off.failed(now_ns)
        self.is_at_backup = not self.is_at_backup
        return True
