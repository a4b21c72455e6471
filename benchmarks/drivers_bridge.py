"""From the threads of four connections into the table: 50,000 updates a second beside a window that reads them."""

import threading
import time
from typing import Final

import numpy as np

from benchmarks.blocks_plant import CLOCK, SCAN
from benchmarks.figure import Figure
from benchmarks.raw_modbus_server import COUNT
from benchmarks.ticks import tick_gaps_ms
from plant_models.batch import samples
from plant_models.quality import Quality
from plant_models.tag import Tag
from plant_models.tag_table import TagTable
from station.queue import BatchQueue
from station.thread import StationThread

TAGS: Final = 10_000
PRODUCERS: Final = 4
UPDATES_PER_S: Final = 50_000
SECONDS: Final = 8.0
TICK_MS: Final = 33
PAUSE_S: Final = COUNT * PRODUCERS / UPDATES_PER_S


def run() -> list[Figure]:
    """Return the processor time of an update, from the making of its batch to the row on screen, and the rhythm."""
    tags = [Tag(name=f"T{number}", device="PLC", address=f"hr:{number}", scan=SCAN) for number in range(TAGS)]
    table = TagTable(tags, {SCAN: 1.0}, CLOCK)
    queue = BatchQueue()
    thread = StationThread(table, queue, CLOCK)
    ending = threading.Event()
    producers = [threading.Thread(target=_produce, args=(queue, number, ending)) for number in range(PRODUCERS)]
    screen = _Screen(table)
    idle_s = _cpu_s(screen)
    for each in (thread, *producers):
        each.start()
    applied = queue.counts.applied
    cpu_s = _cpu_s(screen)
    applied = queue.counts.applied - applied
    ending.set()
    for each in producers:
        each.join()
    thread.stop()
    assert not queue.counts.dropped
    print(f"{applied / SECONDS:.0f} updates/s reached the table, {screen.rows / SECONDS:.0f} rows/s the screen")
    return [
        Figure("bridge_us_per_update", (cpu_s - idle_s) / applied * 1e6, "us", "<= 1"),
        Figure("bridge_gui_tick_p99_ms", float(np.percentile(screen.gaps_ms, 99)), "ms", "<= 36"),
    ]


class _Screen:
    """What a window does at each tick: take the rows that are new."""

    def __init__(self, table: TagTable) -> None:
        self._table = table
        self._seen = 0
        self.rows = 0
        self.gaps_ms = np.zeros(0)

    def run(self) -> None:
        self.rows = 0
        self.gaps_ms = tick_gaps_ms(TICK_MS, SECONDS, self._tick)

    def _tick(self) -> None:
        sequence = self._table.sequence
        rows = self._table.changed_since(self._seen)
        self._table.read(rows)
        self._seen = sequence
        self.rows += len(rows)


def _cpu_s(screen: _Screen) -> float:
    begun_s = time.process_time()
    screen.run()
    return time.process_time() - begun_s


def _produce(queue: BatchQueue, number: int, ending: threading.Event) -> None:
    """Offer a block of fresh values in each period, one block of the producer's own tags after the other."""
    share = TAGS // PRODUCERS
    blocks = [np.arange(number * share + at, number * share + at + COUNT) for at in range(0, share, COUNT)]
    values = np.linspace(0.0, 100.0, COUNT)
    due_ns = CLOCK.mono_ns()
    turn = 0
    while not ending.is_set():
        batch = samples(blocks[turn % len(blocks)], values + turn, Quality.GOOD, CLOCK.wall_us(), CLOCK.mono_ns())
        queue.offer(batch)
        turn += 1
        due_ns += round(PAUSE_S * 1e9)
        CLOCK.sleep((due_ns - CLOCK.mono_ns()) / 1e9)
