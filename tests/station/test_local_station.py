"""Start and stop of a station: in order, undone when it fails, and only one on a data folder."""

import asyncio
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from plant_models.paths import RESOURCES
from station.errors import StationError
from station.lock import InstanceLock
from station.protocol import CommandRequest, CommandState
from tests.fakes.audit_rows import audit_rows
from tests.fakes.running_station import OPERATOR, RunningStation
from tests.fakes.stall import Stall


def test_two_instances_on_one_data_folder(running: RunningStation) -> None:
    second = RunningStation(running.folder)
    with pytest.raises(StationError, match=r"in use by the station of process \d+; stop that one"):
        second.start()
    assert second.pool.starts == 0
    running.put({"LEVEL": 1.0})


def test_another_process_on_the_same_data_folder(running: RunningStation) -> None:
    program = f"""
from pathlib import Path
from station.lock import InstanceLock
InstanceLock(Path({str(running.folder)!r})).acquire()
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=RESOURCES.parent, capture_output=True, text=True, check=False, timeout=60
    )
    assert "is in use by the station of process" in ended.stderr
    assert ended.returncode == 1


def test_the_folder_is_free_again_after_the_stop(running: RunningStation) -> None:
    running.stop()
    second = RunningStation(running.folder)
    second.start()
    second.stop()
    assert [row["epoch"] for row in audit_rows(running.folder, kind="start")] == [1, 2]


def test_stopping_twice_is_harmless(running: RunningStation) -> None:
    running.stop()
    running.stop()
    assert running.pool.stops == 1


def test_a_start_that_fails_undoes_what_was_started(tmp_path: Path) -> None:
    failing = RunningStation(tmp_path)
    failing.pool.start_error = OSError("no sockets left")
    with pytest.raises(OSError, match="no sockets left"):
        failing.start()
    assert failing.pool.stops == 1
    assert not failing.station.health.is_evaluated
    assert [row["kind"] for row in audit_rows(tmp_path, kind="")] == ["start", "stop"]
    second = RunningStation(tmp_path)
    second.start()
    second.stop()


def test_a_data_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StationError, match="can't be used: Not a directory; choose another one"):
        RunningStation(tmp_path / "file" / "data").start()


def test_a_log_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "station.log").mkdir()
    with pytest.raises(StationError, match=r"The log in .* can't be written: Is a directory"):
        RunningStation(tmp_path).start()


def test_only_the_owner_can_read_the_data(running: RunningStation) -> None:
    running.put_ready()
    running.command("P1.SPEED_SP", 45.0)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in running.folder.iterdir()}
    assert {"station.sqlite", "station.lock", "station.log", "station.head"} <= modes.keys()
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(running.folder.stat().st_mode) == 0o700


def test_a_station_that_was_never_started_answers_without_touching_the_disk(tmp_path: Path) -> None:
    station = RunningStation(tmp_path / "data").station
    request = CommandRequest(tag="P1.CMD", value=2)
    status = asyncio.run(station.command(request, OPERATOR))
    assert (status.state, status.message) == (CommandState.REJECTED, "The station is not running")
    assert station.refusals(request, OPERATOR) == ("The station doesn't evaluate values at present",)
    assert not (tmp_path / "data").exists()


def test_a_station_thread_that_hangs_does_not_hold_up_the_stop(ready: RunningStation) -> None:
    stall = Stall()
    ready.station.table.add_listener(stall)
    ready.pool.put({"LEVEL": 7.0})
    assert stall.hangs.wait(20.0)
    ready.stop()
    assert ready.pool.stops == 1
    assert ready.station._thread._thread.is_alive()
    stall.let_go()
    ready.station._thread._thread.join(20.0)


def test_a_lock_that_is_not_held_can_be_released(tmp_path: Path) -> None:
    InstanceLock(tmp_path).release()
    assert list(tmp_path.iterdir()) == []
