"""A station killed with -9 while alarms come, are acknowledged and shelved: no gap, no act of a person is lost."""

import json
import random
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from alarms.store.verify import verify_journal
from plant_models.paths import RESOURCES
from tests.fakes.running_station import RunningStation

PROGRAM = """
import asyncio, json, sys
from pathlib import Path
from alarms.acknowledgement import AlarmSeen
from alarms.handling import AlarmAct, AlarmRequest
from tests.fakes.running_station import OPERATOR, SUPERVISOR, RunningStation
running = RunningStation(Path(sys.argv[1]))
running.start()
for number in range(100_000):
    running.clock.advance(0.1)
    running.put({"LEVEL": 9.0 if number % 2 else 1.0, "P1.FLT": number // 2 % 2})
    rows = [row for row in running.station.alarms.rows if row.state.is_unacknowledged]
    seen = [AlarmSeen(row.name, row.occurrence, row.priority) for row in rows if number % 3]
    results = asyncio.run(running.station.acknowledge(seen, OPERATOR))
    for each, result in zip(seen, results):
        if result.is_done and not result.message:
            print(json.dumps([each.name, each.occurrence]), flush=True)
    row = next((row for row in running.station.alarms.rows if row.name == "P1.FLT.state"), None)
    if number % 5 > 1 and row is not None:
        seen = AlarmSeen("P1.FLT.state", row.occurrence, 1)
        request = AlarmRequest(act=AlarmAct.SHELVE, seen=(seen,), comment="noisy", minutes=60.0 + number / 1_000)
        (result,) = asyncio.run(running.station.handle_alarms(request, SUPERVISOR))
        row = next(row for row in running.station.alarms.rows if row.name == "P1.FLT.state")
        if result.is_done and not result.message:
            print(json.dumps(["shelved", row.until_us]), flush=True)
"""


def run_and_kill(folder: Path, seconds: float) -> list[tuple[str, int]]:
    """Run a station and kill it some time after its first acknowledgement; return what was told as acknowledged."""
    command = [sys.executable, "-c", PROGRAM, str(folder)]
    with subprocess.Popen(command, cwd=RESOURCES.parent, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline()]
        killer = threading.Timer(seconds, process.kill)
        killer.start()
        told += process.stdout.readlines()
        killer.join()
    return [tuple(json.loads(line)) for line in told if line.endswith("]\n")]


def acknowledged(folder: Path) -> set[tuple[str, int]]:
    with closing(sqlite3.connect(folder / "station.sqlite")) as connection:
        return set(connection.execute("SELECT alarm, occurrence FROM journal WHERE event = 'ACK' AND user = 'ada'"))


def check_a_kill(folder: Path, seconds: float) -> None:
    lines = run_and_kill(folder, seconds)
    told = [line for line in lines if line[0] != "shelved"]
    shelves = [line[1] for line in lines if line[0] == "shelved"]
    assert told
    assert set(told) <= acknowledged(folder)
    before = verify_journal(folder / "station.sqlite")
    assert before.bad is None
    running = RunningStation(folder)
    running.start()
    try:
        rows = {(row.name, row.occurrence): row for row in running.station.alarms.rows}
        for each in told:
            if each in rows:
                assert not rows[each].state.is_unacknowledged, f"the acknowledgement of {each} is lost"
                assert rows[each].acked_by == "ada"
        if shelves:
            (row,) = (row for row in running.station.alarms.rows if row.name == "P1.FLT.state")
            assert row.state.value == "SHLVD", "the shelf is lost"
            assert row.until_us is not None
            assert row.until_us >= shelves[-1]
    finally:
        running.stop()
    assert verify_journal(folder / "station.sqlite").rows == before.rows, "something was raised anew by the start"


@pytest.mark.parametrize("number", range(3))
def test_after_a_kill_nothing_is_lost(tmp_path: Path, number: int) -> None:
    check_a_kill(tmp_path, random.Random(number).uniform(0.0, 1.0))


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_after_twenty_kills_on_one_folder_nothing_is_lost(tmp_path: Path) -> None:
    chance = random.Random()
    for _ in range(20):
        check_a_kill(tmp_path, chance.uniform(0.0, 3.0))
