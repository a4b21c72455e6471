"""Closing the window ends the whole program: the station, its connections and the virtual plant."""

import subprocess
import sys
from pathlib import Path

import pytest

from plant_models.paths import RESOURCES
from tests.fakes.waiting import wait_until
from tests.fakes.window_closer import ROOT, ask_to_close, program

DEMO = RESOURCES / "plants" / "netherby"


def _children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _is_alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@pytest.mark.timeout(180)
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_closing_the_window_ends_the_program_and_its_virtual_plant(tmp_path: Path) -> None:
    line = [sys.executable, *program(), "run", str(DEMO), "--data", str(tmp_path)]
    process = subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: _children_of(process.pid), 30, "the virtual plant")
        twins = _children_of(process.pid)
        ask_to_close("Netherby Water")
        _, said = process.communicate(timeout=30)
        assert process.returncode == 0, said
        assert "Traceback" not in said
        assert not any(_is_alive(twin) for twin in twins)
    finally:
        process.kill()
        process.communicate()
