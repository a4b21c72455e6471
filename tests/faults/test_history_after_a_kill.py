"""A station killed with -9 at a random moment: its history is there up to the last second, nothing twice."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from history.series import NO_DATA, HistoryQuery
from plant_models.clock import SystemClock
from plant_models.paths import RESOURCES
from tests.fakes.clock import ManualClock
from tests.fakes.endless_station import TAG
from tests.fakes.recording import SECOND, Recording

LOST = 200
"""A frame is written every second, of 100 numbers at most; it may be that one more was being written."""


def kill_after(folder: Path, numbers: int) -> tuple[int, int]:
    """Run a station until its first frame is on disk and it got some numbers more.

    Return the newest number of which it said that it is on disk, and the newest that it got.
    """
    command = [sys.executable, "-m", "tests.fakes.endless_station", str(folder)]
    with subprocess.Popen(command, cwd=RESOURCES.parent, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline().startswith("0 "):
            pass
        told = [process.stdout.readline() for _ in range(numbers // 10 + 1)]
        process.kill()
        told += process.stdout.readlines()
    stored, put = [line for line in told if line.endswith("\n")][-1].split()
    return int(stored), int(put)


def recorded(folder: Path) -> list[int]:
    """Return the numbers on disk in the order of their frames, and ask for them as a trend does."""
    recording = Recording(folder, ManualClock(SystemClock().wall_us()), (TAG,)).start()
    recording.tick()
    now_us = recording.clock.wall_us()
    stored = recording.store.read([0], 0, now_us, 2**62)
    numbers = stored.values[stored.qualities != NO_DATA].tolist()
    answer = recording.reader.answer(HistoryQuery((TAG,), now_us - 600 * SECOND, now_us, 1))[0]
    assert (answer.min[0], answer.max[0]) == (1.0, numbers[-1])
    assert answer.gaps[-1].quality == NO_DATA
    assert (recording.health.error, recording.health.notice) == ("", "")
    recording.stop()
    return [int(number) for number in numbers]


def check_round(folder: Path, seed: int) -> None:
    stored, put = kill_after(folder, random.Random(seed).randrange(250))
    numbers = recorded(folder)
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers[-1] >= max(stored, put - LOST)


@pytest.mark.parametrize("seed", range(3))
def test_history_is_there_after_a_kill(tmp_path: Path, seed: int) -> None:
    check_round(tmp_path, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 120))
def test_history_is_there_after_many_kills(tmp_path: Path, seed: int) -> None:
    check_round(tmp_path, seed)
