"""The bounded queue between the station thread and the recorder thread, and the account of every sample.

The station thread offers, the recorder thread takes; anyone may read the account. received = stored + dropped (with a
reason) + queued at any moment; queued counts what waits here and what waits in memory for the disk.
"""

import threading
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from history.health import FULL, HELD, STOPPED
from plant_models.batch import Batch
from plant_models.recovered import Recovered

CAPACITY: Final = 1_000_000
"""Samples, about 50 MB; an hour of a plant with 300 changes a second."""


@dataclass(frozen=True, slots=True)
class Account:
    """Samples since the start, all from one moment."""

    received: int
    stored: int
    dropped: Mapping[str, int]
    queued: int


class Intake:
    """Batches, live and late ones, with the time (µs UTC) at which the station had them."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._condition = threading.Condition()
        self._batches: deque[tuple[Batch | Recovered, int]] = deque()
        self._received = self._stored = self._queued = 0
        self._dropped: Counter[str] = Counter()
        self._is_closed = False

    def offer(self, batch: Batch, received_us: int) -> bool:
        """Take a batch without blocking; False if there is no room or it is closed: its rows count as dropped."""
        n = len(batch)
        with self._condition:
            self._received += n
            if self._is_closed or self._queued + n > self._capacity:
                self._dropped[STOPPED if self._is_closed else FULL] += n
                return False
            self._queued += n
            self._batches.append((batch, received_us))
            self._condition.notify()
            return True

    def offer_late(self, recovered: Recovered, received_us: int, held: int = 0) -> bool:
        """Take late samples without blocking; False if there is no room now, or it is closed: then nothing is counted.

        They get half of the room, so that however many there are, live samples always find some. `held` more were left
        out because a manual value stood.
        """
        n = len(recovered)
        with self._condition:
            if self._is_closed or self._queued + n > self._capacity // 2:
                return False
            self._received += n + held
            if held:
                self._dropped[HELD] += held
            self._queued += n
            self._batches.append((recovered, received_us))
            self._condition.notify()
            return True

    def take(self, timeout_s: float) -> list[tuple[Batch | Recovered, int]]:
        """Return all waiting batches in order; empty if none came within `timeout_s` or it was closed."""
        with self._condition:
            if not self._batches and not self._is_closed:
                self._condition.wait(timeout_s)
            batches = list(self._batches)
            self._batches.clear()
            return batches

    def note_stored(self, n: int) -> None:
        """Count samples that are on disk now."""
        with self._condition:
            self._queued -= n
            self._stored += n

    def note_dropped(self, n: int, reason: str) -> None:
        """Count taken samples that are not going to be stored."""
        with self._condition:
            self._queued -= n
            if n:
                self._dropped[reason] += n

    def note_lost(self, n: int, reason: str, earlier: int = 0) -> None:
        """Count samples that were on disk and aren't any more; `earlier` more came from an earlier run."""
        with self._condition:
            self._stored -= n
            self._received += earlier
            if n + earlier:
                self._dropped[reason] += n + earlier

    def wake(self) -> None:
        """Let `take` return now."""
        with self._condition:
            self._condition.notify_all()

    def close(self) -> None:
        """Refuse whatever comes from now on and wake the taker; what waits can still be taken."""
        with self._condition:
            self._is_closed = True
            self._condition.notify_all()

    @property
    def account(self) -> Account:
        """Where every sample went."""
        with self._condition:
            return Account(self._received, self._stored, dict(self._dropped), self._queued)
