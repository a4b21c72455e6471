"""From the register write in the PLC's process to the paint event that draws it: sockets, station, window."""

import random
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication

from benchmarks.figure import Figure
from hmi.displays.items.value import ValueItem
from hmi.displays.view import DisplayView
from hmi.theme.theme import install_theme
from hmi.ticker import Ticker
from plant_models.clock import SystemClock
from plant_models.paths import RESOURCES
from plant_models.project import load_plant
from plant_models.simulation.process_link import VirtualPlant
from station.local import LocalStation

PLANT = RESOURCES / "plants" / "netherby"
MAIN = Path(__file__).resolve().parent.parent / "main.py"
TAG, PLC, VARIABLE = "RPS.P1.FLOW", "RPS_PLC", "RPS.P1.flow"
SCAN_S = 0.5
CHANGES = 200
LIMIT_S = 5.0
CLOCK = SystemClock()


def run() -> list[Figure]:
    """Return the 95th percentile of 200 changes, each written at a random moment of the scan."""
    plant = load_plant(PLANT)
    assert plant.scan_s[plant.tags[[tag.name for tag in plant.tags].index(TAG)].scan] == SCAN_S
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    remove_theme = install_theme(app, "light")
    twin = VirtualPlant.start(PLANT, 1.0, [sys.executable, str(MAIN), "simulate"])
    with tempfile.TemporaryDirectory() as data:
        station = LocalStation(plant, Path(data), CLOCK, twin.endpoints)
        station.start()
        ticker = Ticker()
        view = DisplayView(plant.displays["river-pumps"], station, ticker)
        view.resize(1696, 916)
        view.show()
        try:
            times_ms = _measure(app, view, twin)
        finally:
            ticker.stop()
            view.close()
            station.stop()
            twin.stop()
            remove_theme()
    return [Figure("register_write_to_paint_p95_ms", float(np.percentile(times_ms, 95)), "ms", "<= 650")]


def _measure(app: QApplication, view: DisplayView, twin: VirtualPlant) -> list[float]:
    """Return the time of each change in ms; the first, until everything is connected, doesn't count."""
    item = next(item for item in view.scene.live_items if isinstance(item, ValueItem) and item.item.tag == TAG)
    painted: list[tuple[float, int]] = []
    _record_draws(item, painted)
    chance = random.Random(1)
    times_ms = []
    for change in range(CHANGES + 1):
        value = 1000.0 + 5 * change
        _run_for(app, chance.uniform(0.0, SCAN_S))
        painted.clear()
        written_ns = int(twin.control.request(command="stamp", plc=PLC, variable=VARIABLE, value=value)["mono_ns"])
        drawn_ns = _wait_for_paint(app, painted, value)
        times_ms.append((drawn_ns - written_ns) / 1e6)
    print(f"latency: median {statistics.median(times_ms[1:]):.0f} ms, worst {max(times_ms[1:]):.0f} ms of {CHANGES}")
    return times_ms[1:]


def _record_draws(item: ValueItem, painted: list[tuple[float, int]]) -> None:
    """Note, within each paint event that draws the item, the value drawn and the time."""
    draw = item.draw

    def recorded(painter: QPainter) -> None:
        draw(painter)
        painted.append((item.reading.value, CLOCK.mono_ns()))

    item.draw = recorded  # type: ignore[method-assign]


def _wait_for_paint(app: QApplication, painted: list[tuple[float, int]], value: float) -> int:
    end_ns = CLOCK.mono_ns() + int(LIMIT_S * 1e9)
    while True:
        app.processEvents()
        for shown, at_ns in painted:
            if shown == value:
                return at_ns
        if CLOCK.mono_ns() > end_ns:
            raise TimeoutError(f"{TAG} = {value} was not drawn within {LIMIT_S} s")
        CLOCK.sleep(0.001)


def _run_for(app: QApplication, seconds: float) -> None:
    end_ns = CLOCK.mono_ns() + int(seconds * 1e9)
    while CLOCK.mono_ns() < end_ns:
        app.processEvents()
        CLOCK.sleep(0.001)
