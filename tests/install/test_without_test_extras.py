"""The program starts with what a user installs: the locked packages, without the test extras."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(900)
def test_a_user_needs_nothing_of_the_test_extras(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv")
    python = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pip = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", python]
    subprocess.run(
        [*pip, "--require-hashes", "-r", ROOT / "requirements.lock"], check=True, timeout=600, capture_output=True
    )
    pictures = tmp_path / "pictures"
    only = ["--display", "river-pumps", "--theme", "light", "--size", "1280x720"]
    done = subprocess.run(
        [python, "main.py", "screenshot", "resources/plants/netherby", pictures, "--data", tmp_path / "data", *only],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert list(pictures.glob("*.png"))
    assert not list((tmp_path / "venv").glob("**/site-packages/pytest"))
