"""The tables that other programs read: what an hour of 5,000 tags costs, and whether those who read wait for it.

On a real file in a temporary folder. The baseline is the same rows in one plain `executemany` of sqlite3.
"""

import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.figure import Figure
from history.chunks.cells import HOUR_US, MINUTE_US, Rule, coarsen, make_cells
from history.chunks.chunk import Chunk
from history.chunks.samples import Samples
from history.chunks.segment import TAGS
from history.plain_tables import PlainTables
from history.store.frames import FrameStore
from history.store.months import Months
from history.store.packed import PackedHour
from history.store.plain.place import TablesFile
from history.store.plain.schema import HOURLY, TABLES_NAME
from history.store.segments import Segments
from plant_models.clock import SystemClock
from plant_models.plant import Plant
from plant_models.tag import Tag

PLANT_TAGS: Final = 5_000
HOURS: Final = 24
START_US: Final = 1_701_388_800_000_000
RULE: Final = Rule(is_stepped=True, hold_us=90_000_000)


def run() -> list[Figure]:
    """Return the time of a start, of a step of 64 tags, of a reader meanwhile, and the size of a row."""
    with tempfile.TemporaryDirectory(prefix="clearwell-tables-") as name:
        return _measured(Path(name))


def _measured(folder: Path) -> list[Figure]:
    plant, clock = _plant(), SystemClock()
    frames, months = FrameStore(folder, [tag.name for tag in plant.tags]), Months(folder)
    frames.open(clock.wall_us())
    segments = Segments(frames)

    def tables() -> PlainTables:
        return PlainTables(TablesFile(folder, clock), months, segments, plant)

    one = tables()
    one.step(0)
    one.close()
    one = tables()
    start_ms = _ms(lambda: one.step(0))
    read_ms, has_ended = list[float](), threading.Event()
    reader = threading.Thread(target=_read, args=(folder / TABLES_NAME, read_ms, has_ended))
    reader.start()
    step_ms = [_ms(lambda hours=hours: one.packed(hours)) for hours in _hours()]  # type: ignore[misc]
    has_ended.set()
    reader.join()
    one.close()
    frames.close()
    size = (folder / TABLES_NAME).stat().st_size / (HOURS * PLANT_TAGS)
    plain_ms = _plain_ms(folder / TABLES_NAME, folder / "plain.sqlite")
    p50, p99 = np.percentile(step_ms, [50, 99]).tolist()
    return [
        Figure("start_unchanged_ms", start_ms, "ms", "<= 100"),
        Figure("hour_step_p50_ms", p50, "ms", "<= 10"),
        Figure("hour_step_p99_ms", p99, "ms", "<= 100"),
        Figure("hour_of_5000_tags_ms", sum(step_ms) / HOURS, "ms", "<= 10", plain_ms / HOURS),
        Figure("reader_p99_ms", float(np.percentile(read_ms, 99)), "ms", "<= 50"),
        Figure("hour_row_bytes", size, "B", "<= 160"),
    ]


def _plant() -> Plant:
    tags = [Tag(name=f"T{number}.FLOW", unit="m³/h", low=0, high=100) for number in range(PLANT_TAGS)]
    nothing = {"areas": (), "devices": {}, "types": {}, "equipment": {}, "alarms": (), "displays": {}}
    return Plant(
        folder=Path("/nowhere"), name="Large", time_zone="Europe/Berlin", home="", is_simulated=False,
        scan_s={}, tags=tuple(tags), **nothing,
    )  # fmt: skip


def _hours() -> Iterator[list[PackedHour]]:
    """Yield the steps of all hours."""
    times = START_US + np.arange(60, dtype=np.int64) * MINUTE_US
    values = np.random.default_rng(1).normal(50, 5, 60).round(2)
    samples = Samples(times, values, np.zeros(60, np.uint16))
    minutes = make_cells(samples, RULE, MINUTE_US, START_US, START_US + HOUR_US)
    for hour in range(HOURS):
        header = coarsen(minutes, HOUR_US)
        header["t0_us"] += hour * HOUR_US
        for first in range(0, PLANT_TAGS + 1, TAGS):
            tags = range(max(first, 1), min(first + TAGS, PLANT_TAGS + 1))
            yield [PackedHour(Chunk(tag, header, samples), minutes) for tag in tags]


def _read(path: Path, found_ms: list[float], has_ended: threading.Event) -> None:
    random = np.random.default_rng(2)
    query = "SELECT * FROM hourly WHERE tag = ? AND t0_us >= ? AND t0_us < ?"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        while not has_ended.wait(0.01):
            place = int(random.integers(1, PLANT_TAGS)), START_US, START_US + HOURS * HOUR_US
            found_ms.append(_ms(lambda place=place: connection.execute(query, place).fetchall()))  # type: ignore[misc]


def _plain_ms(tables: Path, plain: Path) -> float:
    """Return how long sqlite3 alone takes for the same rows, an hour in a transaction."""
    with closing(sqlite3.connect(tables)) as connection:
        rows = connection.execute("SELECT * FROM hourly ORDER BY t0_us, tag").fetchall()
    names = [column.name for column in HOURLY.columns]
    with closing(sqlite3.connect(plain)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"CREATE TABLE hourly ({', '.join(names)}, PRIMARY KEY (tag, t0_us)) WITHOUT ROWID")
        insert = f"INSERT OR REPLACE INTO hourly VALUES ({', '.join('?' * len(names))})"

        def write() -> None:
            for first in range(0, len(rows), PLANT_TAGS):
                with connection:
                    connection.executemany(insert, rows[first : first + PLANT_TAGS])

        return _ms(write)


def _ms(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return 1e3 * (time.perf_counter() - begun)
