"""A whole station on real sockets is killed with -9 at a random moment, while alarms come, are acknowledged and values
are recorded: what was told is kept, the journal has no gap, and history reaches to the last second."""

import asyncio
import json
import random
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from alarms.store.verify import verify_journal
from history.series import HistoryQuery
from plant_models.paths import RESOURCES
from plant_models.simulation.process_link import VirtualPlant
from station.store.verify import verify_folder
from tests.fakes.night_shift_process import HEARTBEAT, KEPT_WAITING
from tests.fakes.waiting import wait_until
from tests.fakes.whole_line import whole_line

SECOND_US = 1_000_000
LAST_US = round(2.5 * SECOND_US)
"""A frame is written every second, and one may have been on its way; the rest is for a slow disk."""


class Told:
    """Reads what a station tells until it is dead."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.lines: list[list[Any]] = []
        self._process = process
        self._thread = threading.Thread(target=self._read, name="told")
        self._thread.start()

    def of(self, kind: str) -> list[list[Any]]:
        return [line[1:] for line in list(self.lines) if line[0] == kind]

    def kill(self) -> None:
        self._process.kill()
        self._thread.join()
        self._process.wait()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            self.lines += (json.loads(line) for line in iter(stream.readline, "") if line.endswith("]\n"))


def run_and_kill(twin: VirtualPlant, folder: Path, chance: random.Random) -> Told:
    """Let pumps trip and recover, and kill the station at a random moment."""
    places = {name: (place.host, place.port) for name, place in twin.endpoints.items()}
    line = [sys.executable, "-m", "tests.fakes.night_shift_process", str(folder), json.dumps(places)]
    with subprocess.Popen(line, cwd=RESOURCES.parent, stdout=subprocess.PIPE, text=True) as process:
        told = Told(process)
        try:
            stamp(twin, "RPS.P2", 1.0)
            wait_until(lambda: trip_now_and_then(twin, told) and told.of("ack"), 60, "an acknowledgement")
            wait_until(lambda: told.of("stored")[-1][0] - told.of("stored")[0][0] > SECOND_US, 60, "a frame on disk")
            end = len(told.lines) + chance.randrange(100)
            while len(told.lines) < end:
                trip_now_and_then(twin, told)
        finally:
            told.kill()
    return told


def trip_now_and_then(twin: VirtualPlant, told: Told) -> bool:
    """Let a pump trip and recover in turns of about half a second, by what the station has told."""
    stamp(twin, "RPS.P1", float(len(told.lines) // 25 % 2))
    return True


def stamp(twin: VirtualPlant, pump: str, value: float) -> None:
    twin.control.request("stamp", plc="RPS_PLC", variable=f"{pump}.fault", value=value)


def newest(folder: Path) -> dict[str, tuple[int, str, str]]:
    """Return occurrence, state and who acknowledged of every alarm, by its newest row on the disk."""
    query = "SELECT alarm, occurrence, to_state, acked_by FROM journal WHERE alarm > '' ORDER BY seq"
    with closing(sqlite3.connect(folder / "station.sqlite")) as connection:
        return {name: (occurrence, state, user) for name, occurrence, state, user in connection.execute(query)}


def check_round(twin: VirtualPlant, folder: Path, chance: random.Random) -> None:
    told = run_and_kill(twin, folder, chance)
    journal = verify_journal(folder / "station.sqlite")
    assert (journal.bad, journal.damages, verify_folder(folder).bad) == (None, (), None)
    with closing(sqlite3.connect(folder / "station.sqlite")) as connection:
        acked = set(connection.execute("SELECT alarm, occurrence FROM journal WHERE event = 'ACK'"))
    assert {(name, occurrence) for name, occurrence in told.of("ack")} <= acked
    before = newest(folder)
    assert before[KEPT_WAITING][1] == "UNACK"
    with whole_line(twin, folder) as line:
        restored = {row.name: (row.occurrence, str(row.state), row.acked_by) for row in line.station.alarms.rows}
        for name in (KEPT_WAITING, "RPS.P1.FLT.state"):
            if before[name][1] == "NORM":
                assert restored.get(name, before[name])[0] >= before[name][0]
            elif restored[name][0] == before[name][0]:
                assert restored[name][2] == before[name][2]
        assert restored[KEPT_WAITING] == before[KEPT_WAITING]
        wait_until(lambda: line.station.health.history.stored, 20, "an open history")
        check_history(line, told)
    assert verify_journal(folder / "station.sqlite").bad is None


def check_history(line: Any, told: Told) -> None:
    """Everything of which it was told that it is on the disk is there, and that was all but the last second."""
    stored_us, now_us = max(line[0] for line in told.of("stored")), told.of("now")[-1][0]
    assert now_us - stored_us <= LAST_US
    query = HistoryQuery((HEARTBEAT,), now_us - 20 * SECOND_US, now_us + 1, 2000)
    (past,) = asyncio.run(line.station.history(query))
    last_gap_us = min((gap.start_us for gap in past.gaps if gap.end_us > now_us), default=now_us)
    assert now_us - last_gap_us <= LAST_US


@pytest.mark.parametrize("seed", range(3))
def test_after_a_kill_of_the_whole_station_what_was_told_is_kept(twin: VirtualPlant, tmp_path: Path, seed: int) -> None:
    check_round(twin, tmp_path, random.Random(seed))


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_after_twenty_kills_of_the_whole_station_what_was_told_is_kept(twin: VirtualPlant, tmp_path: Path) -> None:
    chance = random.Random()
    for _ in range(20):
        check_round(twin, tmp_path, chance)
