"""A long shift: the whole application over the virtual plant at speed 60 must not grow while somebody works with it.

CLEARWELL_SOAK_S sets its length in seconds; an hour if it isn't set. The first third, 15 minutes at most, warms up:
every page is made, the memory of history fills (it keeps ten minutes), and so do SQLite's page caches (2 MB each).
"""

import os
import sys
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtWidgets import QApplication

from hmi.control_room import open_control_room
from plant_models.clock import SystemClock
from plant_models.paths import RESOURCES
from plant_models.project import load_plant
from plant_models.simulation.process_link import VirtualPlant
from station.local import LocalStation
from station.session import operating_system_session
from tests.soak.figures import Table, measure
from tests.soak.shift import Shift

LENGTH_S: Final = float(os.environ.get("CLEARWELL_SOAK_S", "3600"))
WARM_S: Final = min(900.0, LENGTH_S / 3)
SAMPLE_S: Final = min(60.0, LENGTH_S / 20)
MAIN: Final = Path(__file__).resolve().parents[2] / "main.py"
DEMO: Final = RESOURCES / "plants" / "netherby"
MOST: Final = {"memory_mb": 20.0, "threads": 1, "handles": 4, "widgets": 10, "qt_objects": 20}
"""How much each may grow after the warm-up. A pool may open one more thread or file (SQLite has
two or three a connection) when the machine is busy, and never by the round. A card or a row of a
page may stand there in one sample and not in another; one faceplate that stays is more than 50 widgets."""


@pytest.mark.soak
@pytest.mark.timeout(LENGTH_S + 600)
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_long_shift_leaks_no_memory_thread_or_handle(qapp: QApplication, tmp_path: Path) -> None:
    twin = VirtualPlant.start(DEMO, 60.0, [sys.executable, str(MAIN), "simulate"])
    station = LocalStation(load_plant(DEMO), tmp_path / "data", SystemClock(), twin.endpoints)
    table = Table(tmp_path / "soak.csv")
    print(f"\nfigures: {table.file}")  # noqa: T201 where the run can be watched
    station.start()
    try:
        with open_control_room(station, operating_system_session(), theme_name="light", language="en") as room:
            room.window.resize(1920, 1080)
            room.window.show()
            shift, clock = Shift(room, twin.control), SystemClock()

            async def work() -> None:
                begin_ns = clock.mono_ns()
                while (at_s := (clock.mono_ns() - begin_ns) / 1e9) < LENGTH_S:
                    if not table.rows or at_s >= table.rows[-1].at_s + SAMPLE_S:
                        table.add(measure(at_s, shift.rounds, station.health))
                    await shift.round()
                table.add(measure((clock.mono_ns() - begin_ns) / 1e9, shift.rounds, station.health))

            room.run(work())
            assert room.window.problem == ""
            assert station.health.queue.dropped == 0
            assert station.health.journal.dropped == 0
            assert station.health.is_evaluated
    finally:
        station.stop()
        twin.stop()
    print(table)  # noqa: T201 the figures of the run
    assert table.rows[-1].batches > table.rows[0].batches
    assert table.rows[-1].alarm_rows > table.rows[0].alarm_rows
    assert {name: table.growth(name, WARM_S) for name in MOST if table.growth(name, WARM_S) > MOST[name]} == {}
