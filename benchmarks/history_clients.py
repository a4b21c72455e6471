"""Twenty people looking back at once while 5,000 tags are recorded: what the slowest answers take beside one alone.

A client asks for a trend of a tag five times a second, from ten minutes to a day, as a station is asked: on a pool of
workers in its process. Time runs from the question to the answer. Once with files, once with a server.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.figure import Figure
from benchmarks.history_ingest import HOLD_US
from benchmarks.signals import group_values
from database.server import open_server
from history.chunks.cells import HOUR_US, MINUTE_US, Rule, coarsen, make_cells
from history.chunks.chunk import Chunk
from history.chunks.samples import Samples
from history.history import History
from history.series import HistoryQuery
from history.store.frames import FrameStore
from history.store.months import Months
from history.store.packed import PackedHour, write_hours
from history.store.partitions import Partitions
from history.store.parts import Parts
from history.store.server import Server
from history.store.tables import TAG
from plant_models.batch import samples
from plant_models.clock import SystemClock
from plant_models.history_settings import HistorySettings
from plant_models.plant import Plant
from plant_models.tag import Tag
from plant_models.tag_table import TagTable
from station.local import WORKERS
from tests.fakes.postgresql import made_database, postgresql

TAGS: Final = 5_000
ASKED: Final = 100
"""Tags with a past of a day."""
CLIENTS: Final = 20
RATE: Final = 5.0
"""Questions of a client in a second."""
LAST_S: Final = 20.0
PIXELS: Final = 1_920
SPANS_S: Final = (600, 3_600, 6 * 3_600, 86_400)
CLOCK: Final = SystemClock()


@dataclass(frozen=True, slots=True)
class Load:
    """A history at work, and what a client may ask it."""

    history: History
    names: tuple[str, ...]
    now_us: int


def run() -> list[Figure]:
    """Return the 99th percentile of twenty clients beside that of one, with files and with a server."""
    figures = []
    with tempfile.TemporaryDirectory() as name:
        figures.append(_figure("clients_20_p99_vs_1_sqlite", "<= 4", Path(name) / "files", ""))
        (Path(name) / "pg").mkdir()
        with postgresql(Path(name) / "pg") as server, made_database(server) as address:
            figures.append(_figure("clients_20_p99_vs_1_postgresql", "<= 8", Path(name) / "spool", address))
    return figures


def _figure(key: str, target: str, folder: Path, address: str) -> Figure:
    with _recording(folder, address) as load:
        one, many = _p99_ms(load, 1), _p99_ms(load, CLIENTS)
    return Figure(key, many, "ms", target, baseline=one)


@contextmanager
def _recording(folder: Path, address: str) -> Iterator[Load]:
    """Give a history with a day behind it that is recorded on."""
    tags = tuple(Tag(name=f"T{number}") for number in range(TAGS))
    clock, names = SystemClock(), tuple(tag.name for tag in tags)
    now_us = clock.wall_us()
    folder.mkdir()
    _fill(folder, names, address, clock)
    plant = _plant(folder, tags, address)
    table = TagTable(tags, {"normal": 1.0}, clock)
    history, ending = History(table, plant, folder, clock), threading.Event()
    table.add_listener(history.on_changed)
    history.start()
    writer = threading.Thread(target=_write, args=(table, clock, ending))
    writer.start()
    try:
        yield Load(history, names[:ASKED], now_us)
    finally:
        ending.set()
        writer.join()
        history.stop()


def _plant(folder: Path, tags: tuple[Tag, ...], address: str) -> Plant:
    return Plant(
        folder=folder,
        name="Load",
        time_zone="UTC",
        home="",
        is_simulated=False,
        areas=(),
        scan_s={"normal": 1.0},
        devices={},
        types={},
        equipment={},
        tags=tags,
        alarms=(),
        displays={},
        history=HistorySettings(database=address),
    )


def _write(table: TagTable, clock: SystemClock, ending: threading.Event) -> None:
    rows, random = np.arange(TAGS), np.random.default_rng(1)
    while not ending.wait(1.0):
        now_us = clock.wall_us()
        values = np.round(random.normal(50, 1, TAGS), 2)
        table.apply(samples(rows, values, 0, now_us, clock.mono_ns()))


def _fill(folder: Path, names: tuple[str, ...], address: str, clock: SystemClock) -> None:
    """Write a day of packed hours of some tags, up to two hours ago."""
    last_us = clock.wall_us() // HOUR_US * HOUR_US - 2 * HOUR_US
    values = group_values(0, 86_400)
    frames = FrameStore(folder, names)
    frames.open(clock.wall_us())
    ids = frames.place().ids[:ASKED].tolist()
    frames.close()
    parts: Parts = Months(folder)
    if address:
        engine = open_server(address)
        with engine.begin() as connection:
            connection.execute(TAG.insert(), [{"id": number, "name": name} for number, name in enumerate(names, 1)])
            connection.exec_driver_sql("SELECT setval('hist_tag_id_seq', (SELECT max(id) FROM hist_tag))")
        engine.dispose()
        ids, parts = list(range(1, ASKED + 1)), Partitions(Server(address, clock, lambda _: None))
    for hour in range(24):
        start_us = last_us - (24 - hour) * HOUR_US
        packed = [_hour(tag, start_us, values[row, hour * 3_600 : (hour + 1) * 3_600]) for row, tag in enumerate(ids)]
        with parts.writing(start_us, "") as connection:
            write_hours(connection, start_us, packed)
    parts.close()


def _hour(tag: int, start_us: int, values: np.ndarray) -> PackedHour:
    times = start_us + np.arange(3_600, dtype=np.int64) * 1_000_000
    found = Samples(times, values, np.zeros(3_600, np.uint16))
    minutes = make_cells(found, Rule(True, HOLD_US), MINUTE_US, start_us, start_us + HOUR_US)
    return PackedHour(Chunk(tag, coarsen(minutes, HOUR_US), found), minutes)


def _p99_ms(load: Load, clients: int) -> float:
    """Return the 99th percentile of the answers of so many clients for a while."""
    spent: list[float] = []
    with ThreadPoolExecutor(WORKERS) as workers:
        threads = [threading.Thread(target=_client, args=(load, workers, spent, seed)) for seed in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return float(np.percentile(spent, 99))


def _client(load: Load, workers: ThreadPoolExecutor, spent: list[float], seed: int) -> None:
    random = np.random.default_rng(seed)
    CLOCK.sleep(random.random() / RATE)
    ends = time.perf_counter() + LAST_S
    while time.perf_counter() < ends:
        span_us = int(random.choice(SPANS_S)) * 1_000_000
        end_us = load.now_us - int(random.integers(0, 20 * 3_600)) * 1_000_000
        query = HistoryQuery((str(random.choice(load.names)),), end_us - span_us, end_us, PIXELS)
        start = time.perf_counter()
        asked: Future[object] = workers.submit(load.history.reader.answer, query)
        asked.result()
        took = time.perf_counter() - start
        spent.append(took * 1e3)
        CLOCK.sleep(max(0.0, 1 / RATE - took))
