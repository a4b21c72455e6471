"""A long shift: the whole application over the virtual plant at speed 60 must not grow.

CLEARWELL_SOAK_S sets its length in seconds; an hour if it isn't set.
"""

import asyncio
import os
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from hmi.control_room import open_control_room
from plant_models.clock import SystemClock
from plant_models.paths import RESOURCES
from plant_models.project import load_plant
from plant_models.simulation.process_link import VirtualPlant
from station.local import LocalStation
from station.session import operating_system_session

LENGTH_S = float(os.environ.get("CLEARWELL_SOAK_S", "3600"))
WARM_S = min(120.0, LENGTH_S / 3)
MAIN = Path(__file__).resolve().parents[2] / "main.py"
DEMO = RESOURCES / "plants" / "netherby"


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.soak
@pytest.mark.timeout(LENGTH_S + 300)
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_long_shift_leaks_no_memory_thread_or_handle(qapp: QApplication, tmp_path: Path) -> None:
    twin = VirtualPlant.start(DEMO, 60.0, [sys.executable, str(MAIN), "simulate"])
    station = LocalStation(load_plant(DEMO), tmp_path / "data", SystemClock(), twin.endpoints)
    station.start()
    try:
        with open_control_room(station, operating_system_session(), theme_name="light", language="en") as room:
            assert room.window is not None
            room.window.resize(1920, 1080)
            room.window.show()
            room.run(asyncio.sleep(WARM_S))
            before = resident_mb(), threading.active_count(), handles()
            applied = station.health.queue.offered
            room.run(asyncio.sleep(LENGTH_S - WARM_S))
            after = resident_mb(), threading.active_count(), handles()
            assert station.health.queue.offered > applied
            assert station.health.queue.dropped == 0
            assert station.health.is_evaluated
    finally:
        station.stop()
        twin.stop()
    print(f"memory, threads, handles: {before} -> {after}")  # noqa: T201 the figure of the run
    assert after[0] - before[0] < 20
    assert after[1:] == before[1:]
