"""The program in the documentation reads the file that the station writes; it knows nothing of our code."""

import re
import subprocess
import sys
from pathlib import Path

from plant_models.batch import samples, text_code
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
    for text in ("läuft", ""):
        stamps = clock.wall_us(), clock.mono_ns()
        rows = [recording.table.index[name] for name in ("B", "A")]
        recording.table.apply(samples(rows, [text_code(text), 8.0], Quality.GOOD, *stamps, [text, None]))
        expected += [f"A {clock.wall_us()} 8.0 0x0"] if text else []
        expected += [f"B {clock.wall_us()} {text_code(text)} 0x0 {text}"]
        recording.tick()
    recording.stop()
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    ended = subprocess.run(
        [sys.executable, "-I", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout.splitlines() == expected
