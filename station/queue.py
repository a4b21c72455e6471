"""The bounded queue between the drivers and the station thread. Workers offer from any thread, one thread takes.

Every row is accounted for: offered = applied + dropped (with a reason) + queued, at any moment.
"""

import threading
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from plant_models.batch import Batch
from station.protocol import QueueHealth

CAPACITY: Final = 4_096
"""Batches; at 125 registers each about 20 MB."""
FULL: Final = "queue full"


@dataclass(frozen=True, slots=True)
class RowCounts:
    """Rows since the start, all from one moment; `queued` includes those that are being applied."""

    offered: int
    applied: int
    dropped: Mapping[str, int]
    queued: int


class BatchQueue:
    """Fulfils `drivers.base.Sink`."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._condition = threading.Condition()
        self._batches: deque[Batch] = deque()
        self._peak = 0
        self._offered = 0
        self._applied = 0
        self._dropped: Counter[str] = Counter()
        self._is_closed = False

    def offer(self, batch: Batch) -> bool:
        """Take a batch without blocking; False if the queue is full or closed: then its rows are counted as dropped."""
        with self._condition:
            self._offered += len(batch)
            if self._is_closed or len(self._batches) >= self._capacity:
                self._dropped["station stopped" if self._is_closed else FULL] += len(batch)
                return False
            self._batches.append(batch)
            self._peak = max(self._peak, len(self._batches))
            self._condition.notify()
            return True

    def take(self, timeout_s: float) -> list[Batch]:
        """Return all waiting batches in order of arrival; empty if none came within `timeout_s` or it was closed."""
        with self._condition:
            if not self._batches and not self._is_closed:
                self._condition.wait(timeout_s)
            batches = list(self._batches)
            self._batches.clear()
            return batches

    def note_applied(self, rows: int) -> None:
        """Count taken rows that stand in the table now."""
        with self._condition:
            self._applied += rows

    def note_dropped(self, rows: int, reason: str) -> None:
        """Count taken rows that could not be used."""
        with self._condition:
            self._dropped[reason] += rows

    def close(self) -> None:
        """Refuse whatever comes from now on and wake the taker; what waits can still be taken."""
        with self._condition:
            self._is_closed = True
            self._condition.notify_all()

    @property
    def counts(self) -> RowCounts:
        """The account of rows."""
        with self._condition:
            dropped = dict(self._dropped)
            return RowCounts(
                self._offered, self._applied, dropped, self._offered - self._applied - sum(dropped.values())
            )

    @property
    def health(self) -> QueueHealth:
        """Depth and peak in batches, offered and dropped in rows."""
        with self._condition:
            return QueueHealth(len(self._batches), self._peak, self._offered, self._dropped.total())
