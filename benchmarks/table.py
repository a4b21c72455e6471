"""The live table: 100,000 tags with a listener, against a bare numpy copy of the same five columns."""

import statistics
import time
from collections.abc import Callable

import numpy as np

from benchmarks.figure import Figure
from plant_models.batch import Batch, samples
from plant_models.clock import SystemClock
from plant_models.tag import Tag
from plant_models.tag_table import TagTable

TAGS = 100_000
ROWS = 10_000
SMALL = 125
ROUNDS = 300


def run() -> list[Figure]:
    """Return samples per second at 20 % and 100 % changed, and the time of a batch of 125."""
    figures = []
    for percent in (20, 100):
        ours, bare = _rates(percent / 100)
        figures.append(Figure(f"samples_per_s_{percent}_percent_changed", ours, "1/s", ">= 0.25", baseline=bare))
    figures.append(Figure("batch_of_125_us", _small_batch_us(), "us", "<= 60"))
    return figures


def _rates(share: float) -> tuple[float, float]:
    """Median samples per second of the table and of the bare copy, measured alternately."""
    table = _table()
    seen: list[tuple[np.ndarray, ...]] = []

    def copy(changed: Batch) -> None:
        assert changed.values is not None
        assert changed.qualities is not None
        seen[:] = [
            (
                changed.tags.copy(),
                changed.values.copy(),
                changed.qualities.copy(),
                changed.source_us.copy(),
                changed.received_ns.copy(),
            )
        ]

    table.add_listener(copy)
    columns = [np.full(TAGS, np.nan), np.zeros(TAGS, np.uint16), *(np.zeros(TAGS, np.int64) for _ in range(3))]
    batches = [_batch(share, turn) for turn in range(8)]
    ours, bare = [], []
    for turn in range(ROUNDS):
        batch = batches[turn % len(batches)]
        before = table.sequence
        ours.append(_seconds(lambda batch=batch, before=before: (table.apply(batch), table.changed_since(before))))
        sequence = np.full(ROWS, turn, np.int64)
        source = (batch.values, batch.qualities, batch.source_us, batch.received_ns, sequence)
        bare.append(_seconds(lambda batch=batch, source=source: _copy(columns, batch.tags, source)))
    return ROWS / statistics.median(ours), ROWS / statistics.median(bare)


def _copy(columns: list[np.ndarray], tags: np.ndarray, source: tuple[np.ndarray | None, ...]) -> None:
    for column, new in zip(columns, source, strict=True):
        column[tags] = new


def _batch(share: float, turn: int) -> Batch:
    """10,000 random tags, the same in each turn; `share` of them alternate, one in a hundred is NaN."""
    random = np.random.default_rng(1)
    tags = random.permutation(TAGS)[:ROWS]
    values = random.normal(size=ROWS)
    qualities = np.zeros(ROWS, np.uint16)
    changing = random.permutation(ROWS)[: round(share * ROWS)]
    values[changing] += turn + 1
    unknown = random.permutation(ROWS)[: ROWS // 100]
    values[unknown] = np.nan
    qualities[unknown] = 0x808C if turn % 2 and share == 1.0 else 0x8000
    return samples(tags, values, qualities, 1_000_000 + turn, 1_000 + turn)


def _small_batch_us() -> float:
    table = _table()
    table.add_listener(lambda _: None)
    tags = np.arange(5_000, 5_000 + SMALL)
    batches = [samples(tags, np.arange(SMALL) + turn, 0, turn, turn) for turn in range(4)]
    times = [_seconds(lambda batch=batches[turn % 4]: table.apply(batch)) for turn in range(ROUNDS * 10)]
    return statistics.median(times) * 1e6


def _table() -> TagTable:
    tags = [Tag(name=f"T{number}", device="PLC", address="hr:0") for number in range(TAGS)]
    return TagTable(tags, {"normal": 1.0}, SystemClock())


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
