"""The times in which the values of a device were bad because it was out of reach, until they are filled.

They belong to the device and outlive its connections, as its counters do. The thread of its connection changes them;
one that was given up and wakes up later can only have a time filled once more, which changes nothing.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_MOST: Final = 50
"""A link that comes and goes has its newest outages filled."""
_UNNOTICED_US: Final = 15_000_000
"""A link may be dead for as long before that is noticed; what the device has of that time belongs to the outage."""


@dataclass(slots=True)
class Gap:
    """A time to be filled: values were marked bad at `marked_us` and live again at `until_us` (µs UTC).

    `left` says for each row of the tag table from when on samples are still to be read; without rows it is filled.
    """

    since_us: int
    marked_us: int
    until_us: int
    left: dict[int, int]


class Outages:
    """Those of one device."""

    def __init__(self) -> None:
        self._marked_us: int | None = None
        self._was_live = False
        self._gaps: list[Gap] = []

    def begin(self, now_us: int) -> None:
        """Note that the values are bad from now on; if they are already, or never were good, nothing."""
        if self._marked_us is None and self._was_live:
            self._marked_us = now_us

    def end(self, now_us: int, rows: Iterable[int], longest_us: int) -> None:
        """Note that live values come again; what was longer ago than `longest_us` is not asked for."""
        marked_us, self._marked_us, self._was_live = self._marked_us, None, True
        if marked_us is not None and longest_us > 0:
            since_us = max(marked_us - _UNNOTICED_US, now_us - longest_us)
            self._gaps = [*self._gaps, Gap(since_us, marked_us, now_us, dict.fromkeys(rows, since_us))][-_MOST:]

    @property
    def newest(self) -> Gap | None:
        """The newest gap that isn't filled yet: operators want to know of that first."""
        self._gaps = [gap for gap in self._gaps if gap.left]
        return self._gaps[-1] if self._gaps else None

    def give_up(self) -> None:
        """Forget all gaps: there is nothing to fill them with."""
        self._gaps = []


class OutageBook:
    """The outages of every device of a station; any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outages: dict[str, Outages] = {}

    def of(self, device: str) -> Outages:
        """Return the outages of a device."""
        with self._lock:
            return self._outages.setdefault(device, Outages())

    def forget(self, device: str) -> None:
        """Begin anew with a device that isn't what it was, or that a person has taken out of service."""
        with self._lock:
            self._outages.pop(device, None)
