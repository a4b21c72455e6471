"""A station killed with -9 while commands go out: what was told stands in the audit, and nothing is left open.

The next start tells that it has no recorded end, and who sat there hasn't left.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from plant_models.paths import RESOURCES
from station.store.verify import verify_folder
from tests.fakes.audit_rows import audit_rows
from tests.fakes.running_station import RunningStation

PROGRAM = """
import asyncio, json, sys
from pathlib import Path
from station.seat_note import SeatAct, SeatNote
from tests.fakes.running_station import OPERATOR, RunningStation
running = RunningStation(Path(sys.argv[1]))
running.start()
assert not asyncio.run(running.station.note_seat(SeatNote(SeatAct.OPEN), OPERATOR))
running.put_ready()
for number in range(10_000):
    running.clock.advance(2.0)
    running.put_ready()
    status = running.command("P1.SPEED_SP", 25.0 + number % 25)
    print(json.dumps([str(status.request.id), status.state]), flush=True)
"""


def kill_after(lines: int, folder: Path) -> list[tuple[str, str]]:
    """Run a station that gives command after command; kill it after some ends were told, and return those."""
    command = [sys.executable, "-c", PROGRAM, str(folder)]
    with subprocess.Popen(command, cwd=RESOURCES.parent, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        told += process.stdout.readlines()
    return [tuple(json.loads(line)) for line in told if line.endswith("]\n")]


@pytest.mark.parametrize("lines", [1, 9])
def test_every_command_has_its_end_after_a_kill(tmp_path: Path, lines: int) -> None:
    told = kill_after(lines, tmp_path)
    assert len(told) >= lines
    running = RunningStation(tmp_path)
    running.start()
    running.stop()
    assert running.pool.written == []
    ends = {row["command_id"]: row["state"] for row in audit_rows(tmp_path)}
    assert {identity: ends[identity] for identity, _ in told} == dict(told)
    assert set(ends.values()) <= {"verified", "unknown", "not sent"}
    starts = [row["message"] for row in audit_rows(tmp_path, kind="start")]
    assert starts == ["", "The last run has no recorded end: it was killed, or could not record it"]
    assert [row["user"] for row in audit_rows(tmp_path, kind="seat open")] == ["ada"]
    assert audit_rows(tmp_path, kind="seat close") == []
    verdict = verify_folder(tmp_path)
    assert (verdict.bad, verdict.damages) == (None, ())
