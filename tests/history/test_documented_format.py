"""The program in the documentation reads the file that the station writes; it knows nothing of our code."""

import re
import subprocess
import sys
from pathlib import Path

from plant_models.paths import RESOURCES
from plant_models.quality import Quality
from tests.fakes.clock import ManualClock
from tests.fakes.recording import Recording

PAGE = RESOURCES.parent / "docs" / "explanation" / "history.md"


def test_somebody_elses_program_reads_every_sample(tmp_path: Path, clock: ManualClock) -> None:
    recording = Recording(tmp_path, clock).start()
    expected = []
    for value, quality in [(1.5, Quality.GOOD), (-0.0, Quality.UNCERTAIN), (2.5e-310, Quality.BAD_SENSOR_FAILURE)]:
        for name in ("B", "A"):
            recording.put({name: value}, quality)
        expected += [f"{name} {clock.wall_us()} {value} {int(quality):#x}" for name in ("A", "B")]
        recording.tick()
    recording.stop()
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    ended = subprocess.run(
        [sys.executable, "-I", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout.splitlines() == expected
