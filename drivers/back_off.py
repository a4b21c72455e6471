"""When to try again after a failure: 1, 2, 4 … s up to a longest wait, jittered so that devices don't retry in step.

Owned by one worker; not thread-safe.
"""

import random
from collections.abc import Callable

_JITTER = 0.25


class BackOff:
    """The waits of one connection or unit, from `first_s` on.

    `jitter` gives numbers in [0, 1) that shorten a wait by up to a quarter.
    """

    def __init__(self, longest_s: float, jitter: Callable[[], float] = random.random, first_s: float = 1.0) -> None:
        self._longest_s = longest_s
        self._first_s = first_s
        self._jitter = jitter
        self._failures = 0
        self.due_ns = 0

    def failed(self, now_ns: int) -> None:
        """Count a failure at `now_ns` (monotonic) and move `due_ns` on."""
        wait_s = min(self._first_s * 2.0 ** min(self._failures, 30), self._longest_s)
        self._failures += 1
        self.due_ns = now_ns + round(wait_s * (1.0 - _JITTER * self._jitter()) * 1e9)

    def succeeded(self) -> None:
        """Start again from the shortest wait, with nothing to wait for."""
        self._failures = 0
        self.due_ns = 0

    def is_due(self, now_ns: int) -> bool:
        return now_ns >= self.due_ns
