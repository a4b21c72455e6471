"""An operator's first day: a pump trips, a tank falls, it is found, acknowledged, mended; then the program is killed.

Station and window run in a process of their own, so that SIGKILL ends them as a power cut would; the virtual plant
lives on, as real PLCs do.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any, Final

import pytest

from plant_models.clock import SystemClock
from plant_models.paths import RESOURCES
from plant_models.simulation.process_link import VirtualPlant
from tests.end_to_end.first_day import ACKNOWLEDGED, DUTY, LEVEL
from tests.fakes.waiting import wait_until
from tests.fakes.window_closer import ROOT

MAIN: Final = Path(__file__).resolve().parents[2] / "main.py"
_AWAY_S: Final = 600.0
"""Plant time that nobody watches; ten seconds at speed 60."""


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    """The demo plant whose tank 3 alarms as soon as it leaves the level that the River pumps keep, not a day later."""
    folder = tmp_path / "plant"
    copytree(RESOURCES / "plants" / "netherby", folder)
    with (folder / "alarms.csv").open("a", encoding="utf-8") as alarms:
        alarms.write(f"\n{LEVEL},L,81,0.2,2,2,,,,,\n")
    return folder


@pytest.fixture
def twin(plant: Path) -> Iterator[VirtualPlant]:
    twin = VirtualPlant.start(plant, 60.0, [sys.executable, str(MAIN), "simulate"])
    yield twin
    twin.stop()


class _Shift:
    """One run of the program with its operator."""

    def __init__(self, part: str, plant: Path, data: Path, twin: VirtualPlant, notes: dict[str, Any]) -> None:
        line = [sys.executable, "-m", "tests.end_to_end.first_day", part, str(plant), str(data)]
        self._log = data.with_name(f"{part}.log")
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [*line, twin.announcement.to_line(), json.dumps(notes)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def notes(self) -> dict[str, Any]:
        """Return what the operator saw; the program goes on."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self._log.read_text()[-3000:]
        seen: dict[str, Any] = json.loads(line)
        return seen

    def kill(self) -> None:
        """End it with SIGKILL: nothing is closed, nothing is flushed."""
        self._process.kill()
        self._process.communicate()


@pytest.mark.timeout(900)
def test_a_first_day_from_the_trip_to_the_restart_after_a_kill(plant: Path, twin: VirtualPlant, tmp_path: Path) -> None:
    data, clock = tmp_path / "data", SystemClock()
    first = _Shift("before", plant, data, twin, {})
    try:
        seen = first.notes()
    finally:
        first.kill()
    killed_us, killed_s = clock.wall_us(), twin.control.request("status")["plant_s"]
    wait_until(
        lambda: twin.control.request("status")["plant_s"] > killed_s + _AWAY_S, 60, "some time without a station"
    )

    seen["down_us"] = (killed_us + clock.wall_us()) // 2
    second = _Shift("after", plant, data, twin, seen)
    try:
        again = second.notes()
    finally:
        second.kill()

    assert [row["Tag"] for row in seen["acknowledged"]] == [LEVEL]
    assert seen["past"] == seen["live"], "history remembers what was live"
    assert again["journal"][-len(seen["journal"]) :] == seen["journal"], "the journal lost or changed a row"
    assert [row["State"] for row in seen["standing"]] == [ACKNOWLEDGED]
    assert [row["State"] for row in again["standing"]] == [ACKNOWLEDGED], "the acknowledgement is lost"
    assert again["past"] == seen["past"], f"the curve of {LEVEL} and {DUTY} at the trip"
    assert "Running" in again["state"]
