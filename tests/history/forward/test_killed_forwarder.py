"""Recorder and forwarder killed with -9 at random moments: every number that was stored arrives, once and in order."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from history.series import NO_DATA
from history.store.spooled import FrameRow, read_frames
from plant_models.clock import SystemClock
from plant_models.paths import RESOURCES
from tests.fakes.clock import ManualClock
from tests.fakes.endless_forwarding import TAG
from tests.fakes.own_postgresql import end_sessions
from tests.fakes.spooling import Spooling, ask, frames_there
from tests.fakes.waiting import wait_until

RUN = 1_000_000
"""Numbers of the second run begin here."""


def kill_after(folder: Path, address: str, first: int, lines: int) -> tuple[int, int]:
    """Run it until the server has something and some lines more; return how many it said were stored, and sent."""
    command = [sys.executable, "-m", "tests.fakes.endless_forwarding", str(folder), address, str(first)]
    with subprocess.Popen(command, cwd=RESOURCES.parent, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline().endswith(" 0\n"):
            pass
        told = [process.stdout.readline() for _ in range(lines + 1)]
        process.kill()
        told += process.stdout.readlines()
    stored, sent = [line for line in told if line.endswith("\n")][-1].split()
    return int(stored), int(sent)


def numbers_there(address: str) -> list[int]:
    """Return the numbers on the server in the order of their frames."""
    rows = [FrameRow(*row) for row in ask(address, "SELECT * FROM hist_frame ORDER BY src, seq")]
    found = read_frames(rows)
    return [int(value) for value in found.values[found.qualities != NO_DATA]]


def check_round(folder: Path, address: str, seed: int) -> None:
    """Kill it twice, each with numbers of its own, and let a third run send what is left."""
    chance, told = random.Random(seed), dict[int, int]()
    for run in range(2):
        stored, sent = kill_after(folder, address, run * RUN + 1, chance.randrange(60))
        assert sum(n for _, n in frames_there(address)) >= sent
        told[run] = stored
    end_sessions(address)  # whose stations are gone
    last = Spooling(folder, ManualClock(SystemClock().wall_us()), address, names=(TAG,)).start()
    last.send()
    assert last.forwarding.notice == ""
    last.stop()
    seqs = [seq for seq, _ in frames_there(address)]
    assert seqs == list(range(1, len(seqs) + 1))
    found = numbers_there(address)
    for run, stored in told.items():
        numbers = [number - run * RUN for number in found if number // RUN == run]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= stored


@pytest.mark.parametrize("seed", range(3))
def test_every_stored_number_arrives_once_after_kills(tmp_path: Path, pg_database: str, seed: int) -> None:
    check_round(tmp_path, pg_database, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 300))
def test_every_stored_number_arrives_once_after_many_kills(tmp_path: Path, pg_database: str, seed: int) -> None:
    check_round(tmp_path, pg_database, seed)


def test_a_second_station_takes_over_after_the_first_was_killed(
    tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    second = Spooling(tmp_path / "second", clock, pg_database).start()
    command = [sys.executable, "-m", "tests.fakes.endless_forwarding", str(tmp_path / "first"), pg_database, "1"]
    with subprocess.Popen(command, cwd=RESOURCES.parent, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline().endswith(" 0\n"):
            pass
        second.record(2)
        second.send()
        assert "writes since" in second.spool.standing_by
        process.kill()
    wait_until(lambda: second.send() or not second.spool.standing_by, what="the take-over")
    assert second.spool.frames == 0
    second.stop()
