"""The plant folder: 50,000 tags from their file to a checked Plant, in a fresh process as at the start of a station."""

import csv
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figure import Figure
from plant_models.project.document import TABLES

TAGS = 50_000
DEVICES = 10
ROUNDS = 5

_LOAD = """\
import sys, time
from pathlib import Path
from plant_models.project import load_plant
start = time.perf_counter()
plant = load_plant(Path(sys.argv[1]))
print(time.perf_counter() - start, len(plant.tags))
"""


def run() -> list[Figure]:
    """Return the median time to load, and beside it that of only splitting the same rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_plant(folder, TAGS)
        load_s = statistics.median(_load_s(folder) for _ in range(ROUNDS))
        split_s = statistics.median(_split_s(folder / "tags.csv") for _ in range(ROUNDS))
    return [
        Figure("load_50000_tags_s", load_s, "s", "< 2"),
        Figure("load_50000_tags_beside_splitting", load_s, "s", "<= 40", baseline=split_s),
    ]


def write_plant(folder: Path, tags: int) -> None:
    """Write a plant of Modbus tags: a hundredth is calculated, a tenth has an alarm, a fifth has a quoted cell."""
    (folder / "plant.toml").write_text(
        'format = 1\n[plant]\nname = "Load"\ntime_zone = "Europe/London"\n[scan]\nnormal = 1.0\n'
        '[[area]]\nname = "A"\ntitle = "Area"\n'
    )
    devices = "".join(
        f'[[device]]\nname = "D{n}"\nprotocol = "modbus"\nhost = "127.0.0.1"\nport = {502 + n}\n'
        for n in range(DEVICES)
    )
    (folder / "devices.toml").write_text(f"format = 1\n{devices}")
    units = ("m³/h", "bar", "%", "mg/l", "°C")
    rows, alarms = [], []
    for n in range(tags):
        tag = {
            "name": f"S{n // 100}.P{n % 100}.PV",
            "description": f"Measurement {n}{',' if n % 5 == 0 else ''} made for the benchmark",
            "area": "A",
        }
        if n % 100 == 99:
            tag |= {"type": "f64", "unit": "m³/h", "expression": f"{{S{n // 100}.P0.PV}} + {{S{n // 100}.P5.PV}}"}
        else:
            place = f"hr:{n // DEVICES * 2}"
            tag |= {"type": "f32", "unit": units[n % 5], "low": "0", "high": f"{100 + n % 50}", "decimals": "1"}
            tag |= {"device": f"D{n % DEVICES}", "address": place, "scan": "normal", "deadband": "0.1"}
        if n % 10 == 0:
            alarms.append({"tag": tag["name"], "kind": "H", "limit": "90", "priority": "3", "text": "High"})
        rows.append(tag)
    for name, content in (("tags.csv", rows), ("alarms.csv", alarms), ("equipment.csv", [])):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, TABLES[name][0], restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(content)


def _load_s(folder: Path) -> float:
    answer = subprocess.run(
        [sys.executable, "-c", _LOAD, str(folder)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    seconds, tags = answer.stdout.split()
    assert int(tags) == TAGS
    return float(seconds)


def _split_s(file: Path) -> float:
    start = time.perf_counter()
    with file.open(encoding="utf-8", newline="") as lines:
        count = sum(len(row) > 0 for row in csv.reader(lines))
    assert count == TAGS + 1
    return time.perf_counter() - start
