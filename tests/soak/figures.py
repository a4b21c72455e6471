"""What a long run may not eat: memory, threads, handles and Qt objects, once a minute, in a table. GUI thread."""

import csv
import ctypes
import gc
import os
import sys
import threading
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from statistics import median

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from shiboken6 import getAllValidWrappers

from station.protocol import StationHealth


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of the table. `at_s` counts from the start of the run."""

    at_s: float
    rounds: int
    memory_mb: float
    threads: int
    handles: int
    widgets: int
    qt_objects: int
    python_blocks: int
    batches: int
    alarm_rows: int


def measure(at_s: float, rounds: int, health: StationHealth) -> Figures:
    """Return what stands now; rubbish is collected and given back first, for what nobody holds any more is no leak.

    `gc.get_objects` must not be asked while other threads run: it takes hold of tuples that they are just making, and
    Python then refuses to finish those (SystemError in `tuple(...)`).
    """
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return Figures(
        at_s=round(at_s, 1),
        rounds=rounds,
        memory_mb=round(_resident_mb(), 1),
        threads=threading.active_count(),
        handles=len(list(Path("/proc/self/fd").iterdir())),
        widgets=len(QApplication.allWidgets()),
        qt_objects=sum(isinstance(each, QObject) for each in getAllValidWrappers()),
        python_blocks=sys.getallocatedblocks(),
        batches=health.queue.offered,
        alarm_rows=health.journal.written,
    )


class Table:
    """The rows so far, written to a file as they come, so that a run that dies leaves them."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.rows: list[Figures] = []
        self._write([field.name for field in fields(Figures)])

    def add(self, row: Figures) -> None:
        self.rows.append(row)
        self._write(list(astuple(row)))

    def growth(self, name: str, after_s: float) -> float:
        """Return by how much a column has grown after the warm-up: the median of its last third less that of its first.

        Medians, since one sample may stand beside a query or a frame that is being written.
        """
        values = [getattr(row, name) for row in self.rows if row.at_s >= after_s]
        third = max(1, len(values) // 3)
        return float(median(values[-third:]) - median(values[:third]))

    def __str__(self) -> str:
        return self.file.read_text(encoding="utf-8").replace(",", "\t")

    def _write(self, cells: list[object] | list[str]) -> None:
        with self.file.open("a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow(cells)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
