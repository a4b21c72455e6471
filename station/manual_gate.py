"""Between the drivers and the queue: a tag that holds a manual value keeps it, whatever its device says.

What the device says meanwhile is remembered, so that its newest word stands again as soon as the manual value is taken
back. Drivers offer from their own threads, the station's workers hold and release, the station thread keeps alive.
"""

import threading
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.base import Sink
from plant_models.batch import Batch, TagIndices, keep_alive, samples
from plant_models.clock import Clock
from plant_models.quality import Quality
from station.batch_check import batch_problem
from station.newest_words import NewestWords

_FOR_EVER: Final = 2**62
_KEEP_NS: Final = 100_000_000
"""A sign of life wakes the station thread, so one in each of its rounds would make it never rest."""


class ManualGate:
    """Fulfils `drivers.base.Sink`. Rows are numbers of the tag table, which has `n_tags` of them.

    A manual value, or the device's word after it, that finds no room in the queue is owed, and offered again until it
    has its place there.
    """

    def __init__(self, sink: Sink, clock: Clock, n_tags: int) -> None:
        self._sink = sink
        self._clock = clock
        self._lock = threading.Lock()
        self._words = NewestWords(n_tags)
        self._manual: dict[int, float] = {}
        self._is_held = np.zeros(n_tags, np.bool_)
        self._owed: set[int] = set()
        self._spans: dict[int, list[tuple[int, int]]] = {}
        self._kept_ns = clock.mono_ns()

    def offer(self, batch: Batch) -> bool:
        """Pass on what isn't held; False if that was dropped and counted."""
        if batch_problem(batch, len(self._is_held)):
            return self._sink.offer(batch)  # for the station thread to count
        with self._lock:  # always: what a device said before a manual value must not overtake it
            self._words.note(batch)
            is_held = self._is_held[batch.tags]
            return self._sink.offer(part_of(batch, ~is_held) if is_held.any() else batch)

    def hold(self, row: int, value: float) -> None:
        """Give a row, which isn't one of a text, a manual value from now on."""
        with self._lock:
            if row not in self._manual:
                self._spans.setdefault(row, []).append((self._clock.wall_us(), _FOR_EVER))
            self._manual[row] = value
            self._is_held[row] = True
            self._tell(row)

    def release(self, row: int) -> None:
        """Let the device's newest word stand again; does nothing for a row that isn't held."""
        with self._lock:
            if self._manual.pop(row, None) is None:
                return
            self._is_held[row] = False
            self._spans[row][-1] = self._spans[row][-1][0], self._clock.wall_us()
            self._tell(row)

    def held_within(self, since_us: int, until_us: int) -> TagIndices:
        """Return the rows that had a manual value at some time of a span (µs UTC), since the start of the station."""
        with self._lock:
            found = [
                row
                for row, spans in self._spans.items()
                if any(begin_us <= until_us and end_us >= since_us for begin_us, end_us in spans)
            ]
        return np.array(found, np.intp)

    def keep_alive(self) -> None:
        """Keep manual values from ageing, ten times a second at most: they hold until somebody takes them back. Offer
        what is owed. Station thread.
        """
        if self._owed:
            with self._lock:
                for row in sorted(self._owed):
                    self._tell(row)
        now_ns, held = self._clock.mono_ns(), np.flatnonzero(self._is_held)
        is_due = len(held) and now_ns - self._kept_ns >= _KEEP_NS
        if is_due and self._sink.offer(keep_alive(held, now_ns)):
            self._kept_ns = now_ns

    def _tell(self, row: int) -> None:
        """Offer what a row is now; it stays owed until there is room for it."""
        if row in self._manual:
            now = self._clock.wall_us(), self._clock.mono_ns()
            word = samples(row, self._manual[row], Quality.GOOD_LOCAL_OVERRIDE, *now)
        else:
            word = self._words.of(row)
        if self._sink.offer(word):
            self._owed.discard(row)
        else:
            self._owed.add(row)


def part_of(batch: Batch, chosen: NDArray[np.bool_]) -> Batch:
    """Return the chosen rows of a batch."""
    texts = batch.texts
    return Batch(
        batch.tags[chosen],
        None if batch.values is None else batch.values[chosen],
        None if batch.qualities is None else batch.qualities[chosen],
        batch.source_us[chosen],
        batch.received_ns[chosen],
        None if texts is None else tuple(texts[place] for place in np.flatnonzero(chosen).tolist()),
    )
