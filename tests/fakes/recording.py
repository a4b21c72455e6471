"""A recorder at work on a table of a few tags, and what tests do to it and to its file."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from history.health import HistoryHealth
from history.intake import CAPACITY
from history.memory import Memory
from history.query import HistoryReader, holds_us
from history.recorder import Recorder
from history.series import HistoryQuery, HistorySeries
from history.store.archive import Archive
from history.store.frames import FrameStore
from history.store.months import Months
from history.store.part_files import NEWEST
from plant_models.batch import keep_alive, samples
from plant_models.quality import Quality
from plant_models.recovered import Recovered
from plant_models.tag import Tag
from plant_models.tag_table import TagTable
from tests.fakes.clock import ManualClock

SECOND = 1_000_000
NAMES = ("A", "B", "C")


class Recording:
    """`start` it, `stop` it; time moves only by `tick`, which writes a frame."""

    def __init__(
        self, folder: Path, clock: ManualClock, names: tuple[str, ...] = NAMES, capacity: int = CAPACITY
    ) -> None:
        self.clock, self.path = clock, folder / NEWEST
        self.table = TagTable([Tag(name=name, device="PLC", address="hr:0") for name in names], {"normal": 1.0}, clock)
        self.store, self.memory, self.months = FrameStore(folder, names), Memory(), Months(folder)
        self.recorder = Recorder(self.table, self.store, self.memory, clock, capacity)
        holds = holds_us(self.table.tags, {"normal": 1.0})
        self.reader = HistoryReader(self.table.index, holds, self.memory, Archive(self.store, self.months), clock)
        self.table.add_listener(lambda batch: self.recorder.offer(batch) and None)

    def start(self) -> "Recording":
        self.recorder.start()
        return self

    def stop(self) -> None:
        assert self.recorder.stop(20.0)
        self.months.close()

    def put(self, values: dict[str, float], quality: int = Quality.GOOD) -> None:
        """Apply values as if they were read now."""
        rows = [self.table.index[name] for name in values]
        stamps = self.clock.wall_us(), self.clock.mono_ns()
        self.table.apply(samples(rows, list(values.values()), quality, *stamps))

    def read_again(self, *names: str) -> None:
        """Tell that tags were read with success and had nothing new."""
        self.table.apply(keep_alive([self.table.index[name] for name in names], self.clock.mono_ns()))

    def recover(self, tag: str, rows: Sequence[tuple[int, float]], gap: tuple[int, int], unbroken_us: int = 0) -> bool:
        """Offer good late samples (µs UTC, value) of a gap that began and ended at these times."""
        times, values = [at for at, _ in rows], [value for _, value in rows]
        batch = samples([self.table.index[tag]] * len(rows), values, Quality.GOOD, times, 0)
        return self.recorder.recover(Recovered(batch, gap[0], gap[0], gap[1], unbroken_us))

    def tick(self, seconds: float = 1.0) -> None:
        """Let time pass, and wait until the recorder has tried to write."""
        self.clock.advance(seconds)
        assert self.recorder.flush()

    def ask(self, tag: str, back_s: float, pixels: int = 1) -> HistorySeries:
        """Return the last seconds of a tag up to now."""
        now_us = self.clock.wall_us()
        return self.reader.answer(HistoryQuery((tag,), now_us - round(back_s * SECOND), now_us, pixels))[0]

    @property
    def health(self) -> HistoryHealth:
        """The health, after a look at its account."""
        health = self.recorder.health
        assert health.received == health.stored + sum(health.dropped.values()) + health.queued
        return health

    def frames(self, columns: str = "n") -> list[tuple[int, ...]]:
        """Return columns of all frames, read from the file as another program would."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(f"SELECT {columns} FROM hist_frame ORDER BY seq").fetchall()

    def pragma(self, statement: str) -> None:
        """Set something on the connection of the recorder."""
        place = self.store.place()
        with place.engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA {statement}").close()
