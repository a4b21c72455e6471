"""How soon the program is of use: `main.py run` on the demo plant as a process of its own, on the present display.

Seconds count from the moment the process is asked for to what its log says. The baseline is the least that any Qt
program in Python takes: an empty window, on the same display in the same run.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import orjson

from benchmarks.figure import Figure
from hmi.start_moments import VALUES_LIVE, WINDOW_SHOWN
from plant_models.clock import SystemClock
from plant_models.paths import RESOURCES
from station.log import LOG_NAME

PLANT: Final = RESOURCES / "plants" / "netherby"
MAIN: Final = Path(__file__).resolve().parent.parent / "main.py"
STARTS: Final = 7
WITHIN_S: Final = 60.0
CLOCK: Final = SystemClock()
_EMPTY_WINDOW: Final = """
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.resize(1920, 1080)
window.show()
assert QTest.qWaitForWindowExposed(window)
print("shown", flush=True)
"""


def run() -> list[Figure]:
    """Return medians of the starts after the first, which fills the caches; single starts go to stderr."""
    shown_s, live_s, empty_s = [], [], []
    with tempfile.TemporaryDirectory(prefix="clearwell-start-") as folder:
        for turn in range(STARTS + 1):
            empty = _empty_window_s()
            shown, live = _start_s(Path(folder))
            print(f"start {turn}: empty {empty:.2f} s, window {shown:.2f} s, live {live:.2f} s", file=sys.stderr)
            if turn:
                empty_s.append(empty)
                shown_s.append(shown)
                live_s.append(live)
    return [
        Figure("empty_window_s", float(np.median(empty_s)), "s", "<= 2"),
        Figure("window_shown_s", float(np.median(shown_s)), "s", "<= 2"),
        Figure("window_shown_best_s", min(shown_s), "s", "<= 2"),
        Figure("live_values_s", float(np.median(live_s)), "s", "<= 5"),
        Figure("live_values_best_s", min(live_s), "s", "<= 5"),
    ]


def _empty_window_s() -> float:
    """Return how long an empty window of PySide6 takes, Python included."""
    begun_ns = CLOCK.mono_ns()
    with subprocess.Popen([sys.executable, "-c", _EMPTY_WINDOW], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "shown\n"
        return (CLOCK.mono_ns() - begun_ns) / 1e9


def _start_s(data: Path) -> tuple[float, float]:
    """Return how long the window and live values took; wall time, since the log has no other."""
    begun_us = CLOCK.wall_us()
    with _running(data) as process:
        moments = _moments(process, data / LOG_NAME, begun_us)
    return moments[WINDOW_SHOWN], moments[VALUES_LIVE]


@contextmanager
def _running(data: Path) -> Iterator[subprocess.Popen[bytes]]:
    line = [sys.executable, str(MAIN), "run", str(PLANT), "--data", str(data)]
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _moments(process: subprocess.Popen[bytes], log: Path, begun_us: int) -> dict[str, float]:
    """Wait for both moments in the log of this start and return when they were, s after `begun_us`."""
    end_ns = CLOCK.mono_ns() + round(WITHIN_S * 1e9)
    while CLOCK.mono_ns() < end_ns and process.poll() is None:
        found = dict(_after(log, begun_us, (WINDOW_SHOWN, VALUES_LIVE)))
        if len(found) == 2:
            return found
        CLOCK.sleep(0.05)
    raise RuntimeError(f"the program ended or was not live within {WITHIN_S:g} s")


def _after(log: Path, begun_us: int, events: Sequence[str]) -> Iterator[tuple[str, float]]:
    lines = log.read_bytes().splitlines(keepends=True) if log.exists() else []
    for line in lines:
        entry = orjson.loads(line) if line.endswith(b"\n") else {}
        if entry.get("event") in events:
            after_s = datetime.fromisoformat(entry["at"]).timestamp() - begun_us / 1e6
            if after_s > 0:
                yield entry["event"], after_s
