"""Between the drivers and the queue: a tag that holds a manual value keeps it, whatever its device says.

What the device says meanwhile is remembered, so that its newest word stands again as soon as the manual value is taken
back. Drivers offer from their own threads, the station's workers hold and release, the station thread keeps alive.
"""

import threading
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.base import Sink
from plant_models.batch import Batch, TagIndices, keep_alive, samples
from plant_models.clock import Clock
from plant_models.quality import Quality
from plant_models.tag_table import Sample

_FOR_EVER: Final = 2**62


@dataclass(slots=True)
class _Word:
    """The newest that a device said of a tag."""

    value: float
    quality: int
    source_us: int
    received_ns: int
    text: str | None


class ManualGate:
    """Fulfils `drivers.base.Sink`. Rows are numbers of the tag table."""

    def __init__(self, sink: Sink, clock: Clock) -> None:
        self._sink = sink
        self._clock = clock
        self._lock = threading.Lock()
        self._words: dict[int, _Word] = {}
        self._held: TagIndices = np.array([], np.intp)
        self._spans: dict[int, list[tuple[int, int]]] = {}

    def offer(self, batch: Batch) -> bool:
        """Pass on what isn't held; False if that was dropped and counted."""
        with self._lock:  # always: what a device said before a manual value must not overtake it
            is_held = np.isin(batch.tags, self._held) if len(self._held) else None
            if is_held is None or not is_held.any():
                return self._sink.offer(batch)
            for place in np.flatnonzero(is_held).tolist():
                self._remember(batch, place)
            return self._sink.offer(part_of(batch, ~is_held))

    def hold(self, row: int, value: float, device: Sample) -> None:
        """Give a row a manual value from now on; `device` is what its device has said until now."""
        with self._lock:
            if row not in self._words:
                self._spans.setdefault(row, []).append((self._clock.wall_us(), _FOR_EVER))
                self._words[row] = _Word(
                    device.value, device.quality, device.source_us, device.received_ns, device.text
                )
                self._held = np.array(sorted(self._words), np.intp)
            now = self._clock.wall_us(), self._clock.mono_ns()
            self._sink.offer(samples(row, value, Quality.GOOD_LOCAL_OVERRIDE, *now))

    def release(self, row: int) -> None:
        """Let the device's newest word stand again; does nothing for a row that isn't held."""
        with self._lock:
            word = self._words.pop(row, None)
            if word is None:
                return
            self._held = np.array(sorted(self._words), np.intp)
            self._spans[row][-1] = self._spans[row][-1][0], self._clock.wall_us()
            texts = None if word.text is None else [word.text]
            self._sink.offer(samples(row, word.value, word.quality, word.source_us, word.received_ns, texts))

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
        """Keep manual values from ageing: they hold until somebody takes them back."""
        held = self._held
        if len(held):
            self._sink.offer(keep_alive(held, self._clock.mono_ns()))

    def _remember(self, batch: Batch, place: int) -> None:
        word = self._words[int(batch.tags[place])]
        word.received_ns = int(batch.received_ns[place])
        if batch.qualities is None:
            return
        word.quality, word.source_us = int(batch.qualities[place]), int(batch.source_us[place])
        if batch.values is not None:
            word.value = float(batch.values[place])
            word.text = None if batch.texts is None else batch.texts[place]


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
