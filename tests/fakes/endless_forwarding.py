"""A recorder and its forwarder that get a new number every few milliseconds until they are killed.

`python -m tests.fakes.endless_forwarding FOLDER SERVER FIRST` counts up from FIRST, and prints again and again how many
are surely on the disk, and how many the server has.
"""

import sys
from pathlib import Path

import numpy as np
import structlog

from history.forward import forwarder, keeper
from history.forward.forwarding import Forwarding
from history.memory import Memory
from history.recorder import Recorder
from history.store.frames import FrameStore
from plant_models.batch import samples
from plant_models.clock import SystemClock
from plant_models.history_settings import HistorySettings
from plant_models.tag import Tag
from plant_models.tag_table import TagTable

TAG = "NUMBER"
FASTER = 20


class FastClock(SystemClock):
    """Seconds that last 50 ms."""

    def mono_ns(self) -> int:
        return super().mono_ns() * FASTER


def run(folder: Path, address: str, number: int) -> None:
    """Record and send until the end."""
    clock, memory, store = FastClock(), Memory(), FrameStore(folder, [TAG])
    forwarder.PAUSE_S = keeper.PAUSE_S = 0.005  # type: ignore[misc]
    recorder = Recorder(TagTable([Tag(name=TAG)], {}, clock), store, memory, clock)
    settings = HistorySettings(database=address)
    forwarding = Forwarding(settings, recorder, (store, memory, clock))
    recorder.start()
    forwarding.start()
    row = np.zeros(1, np.int64)
    while True:
        assert recorder.offer(samples(row, float(number), 0, clock.wall_us(), clock.mono_ns()))
        clock.sleep(0.003)
        number += 1
        sys.stdout.write(f"{recorder.health.stored} {forwarding.spool.sent}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    run(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
