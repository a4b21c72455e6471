"""Recording: what an hour of 5,000 tags costs beside rows of SQL, in time and in bytes that go to the disk.

Whole runs are timed, so that checkpoints, growing tables and slow moments count. Row tables get the first minutes only.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np
from sqlalchemy import BigInteger, Column, Double, Integer, MetaData, SmallInteger, Table, insert

from benchmarks.figure import Figure
from benchmarks.signals import GROUP, SCAN_US, START_US, group_times, group_values
from database.engine import open_database
from database.migrate import HISTORY
from history.chunks.cells import HOUR_US, Rule
from history.packer import Packer
from history.stamping import Stamper
from history.store.frames import FrameStore
from history.store.months import Months
from history.store.segments import Segments
from plant_models.batch import Batch, samples
from plant_models.tag import Tag

TAGS: Final = 5_000
SECONDS: Final = 3_600
ROW_SECONDS: Final = 300
"""How much of the same data the rows get; they become slower as their table grows, so more would flatter us."""
HOLD_US: Final = 90_000_000


class SetClock:
    """A clock that stands where the benchmark puts it."""

    def __init__(self) -> None:
        self.now_us = START_US

    def wall_us(self) -> int:
        return self.now_us

    def mono_ns(self) -> int:
        return self.now_us * 1_000

    def sleep(self, seconds: float) -> None:
        self.now_us += round(seconds * 1e6)


def run() -> list[Figure]:
    """Return ingest beside rows by SQLAlchemy Core and beside a bare append, and the bytes written for a sample."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frames = frames_alone(folder / "frames")
        minutes, whole, whole_bytes = everything(folder / "whole")
        rows, row_bytes = core_rows(folder / "rows")
        appended = raw_append(folder / "append.sqlite")
    return [
        Figure("frame_ingest_vs_sqlalchemy_core_rows", frames, "samples/s", ">= 20", baseline=rows),
        Figure("sustained_ingest_vs_raw_sqlite_append", minutes, "samples/s", ">= 0.8", baseline=appended),
        Figure("sustained_ingest_with_hours_vs_raw_sqlite_append", whole, "samples/s", ">= 0.5", baseline=appended),
        Figure("disk_bytes_written_vs_row_table", whole_bytes, "B/sample", "<= 0.0333", baseline=row_bytes),
    ]


def seconds(n: int) -> Iterator[Batch]:
    """Give a batch of all tags for each of n seconds."""
    rows = np.arange(TAGS)
    groups = range(TAGS // GROUP)
    values = [group_values(group, n).astype(np.float64) for group in groups]
    times = [group_times(group, n) for group in groups]
    for second in range(n):
        value = np.concatenate([each[:, second] for each in values])
        yield samples(rows, value, 0, np.concatenate([each[:, second] for each in times]), 0)


def frames_alone(folder: Path) -> float:
    """Return samples/s of stamping, encoding and one durable transaction a second."""
    names = [Tag(name=f"T{number}") for number in range(TAGS)]
    store, stamper = FrameStore(folder, [tag.name for tag in names]), Stamper(names)
    store.open(START_US)
    spent_s = 0.0
    for second, batch in enumerate(seconds(ROW_SECONDS)):
        at_us = START_US + (second + 1) * SCAN_US
        spent_s += timed_s(lambda batch=batch, at=at_us: store.append(stamper.stamp(batch, at), at))
    store.close()
    return TAGS * ROW_SECONDS / spent_s


def everything(folder: Path) -> tuple[float, float, float]:
    """Return samples/s of frames and minutes, and with the hour as well, and the bytes written for a sample."""
    tags = [Tag(name=f"T{number}") for number in range(TAGS)]
    store, stamper = FrameStore(folder, [tag.name for tag in tags]), Stamper(tags)
    months, clock = Months(folder), SetClock()
    store.open(START_US)
    packer = Packer(Segments(store), months, lambda _: Rule(True, HOLD_US), HOLD_US, clock)
    written, spent_s = written_bytes(), 0.0
    for second, batch in enumerate(seconds(SECONDS)):
        clock.now_us = START_US + (second + 1) * SCAN_US
        spent_s += timed_s(lambda batch=batch: store.append(stamper.stamp(batch, clock.now_us), clock.now_us))
        if second % 60 == 5:
            spent_s += timed_s(lambda: pack_all(packer))
    clock.now_us = START_US + HOUR_US + 10 * SCAN_US
    minutes_s = spent_s + timed_s(lambda: pack_all(packer))
    clock.now_us = START_US + 2 * HOUR_US
    whole_s = minutes_s + timed_s(lambda: pack_all(packer))
    store.close()
    months.close()
    n = TAGS * SECONDS
    return n / minutes_s, n / whole_s, (written_bytes() - written) / n


def pack_all(packer: Packer) -> None:
    """Do every step that is due."""
    while packer.step():
        pass


def core_rows(folder: Path) -> tuple[float, float]:
    """Return the same for a table with the key (tag, time), filled by SQLAlchemy Core."""
    engine = open_database(folder / "rows.sqlite", HISTORY)
    table = Table(
        "sample",
        MetaData(),
        Column("tag", Integer, primary_key=True, autoincrement=False),
        Column("time_us", BigInteger, primary_key=True),
        Column("value", Double),
        Column("quality", SmallInteger),
        sqlite_with_rowid=False,
    )
    table.create(engine)

    def add(batch: Batch) -> None:
        rows = [{"tag": t, "time_us": s, "value": v, "quality": 0} for t, s, v in columns_of(batch)]
        with engine.begin() as connection:
            connection.execute(insert(table), rows)

    written = written_bytes()
    spent_s = sum(timed_s(lambda batch=batch: add(batch)) for batch in seconds(ROW_SECONDS))
    engine.dispose()
    n = TAGS * ROW_SECONDS
    return n / spent_s, (written_bytes() - written) / n


def raw_append(path: Path) -> float:
    """Return samples/s of the fastest honest way to store rows: sqlite3 alone, no key, sync FULL."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE sample (tag INTEGER, time_us INTEGER, value REAL, quality INTEGER)")

        def add(batch: Batch) -> None:
            rows = [(t, s, v, 0) for t, s, v in columns_of(batch)]
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO sample VALUES (?, ?, ?, ?)", rows)
            connection.execute("COMMIT")

        spent_s = sum(timed_s(lambda batch=batch: add(batch)) for batch in seconds(ROW_SECONDS))
    return TAGS * ROW_SECONDS / spent_s


def columns_of(batch: Batch) -> Iterator[tuple[int, int, float]]:
    """Give tag, time and value of each row."""
    assert batch.values is not None
    return zip(batch.tags.tolist(), batch.source_us.tolist(), batch.values.tolist(), strict=True)


def written_bytes() -> int:
    """Return how many bytes this process has given to the file system so far."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("wchar")).split()[1])


def timed_s(act: Callable[[], object]) -> float:
    """Return how long it took."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
