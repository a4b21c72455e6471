"""The programs on the page of the tables read what the product answers; they know nothing of our code."""

import re
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from history.aggregates.flow import FlowRule, flow_totals
from history.aggregates.samples import TagSamples
from history.chunks.cells import HOUR_US
from history.memory import Memory
from history.query import HistoryReader
from history.series import HistoryQuery
from history.site_time import SiteTime
from plant_models.paths import RESOURCES
from plant_models.quality import Quality
from tests.fakes.packing_bench import HOLD_US, LAST_HOUR
from tests.fakes.tables_bench import TablesBench, tables_plant

PAGE = (RESOURCES.parent / "docs" / "reference" / "history-tables.md").read_text(encoding="utf-8")
OF_FILES, OF_SERVER = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
START = LAST_HOUR + 23 * HOUR_US  # 2 December in Berlin
END = START + 24 * HOUR_US


def recorded(folder: Path, address: str = "") -> TablesBench:
    """Record a day of a flow with an outage, noise, and a value that is no number."""
    one = TablesBench(folder, tables_plant(), address)
    random = np.random.default_rng(3)
    one.clock.advance((START - HOUR_US - one.clock.wall_us()) / 1e6)
    while one.clock.wall_us() < END + HOUR_US:
        hour = (one.clock.wall_us() - START) // HOUR_US
        if hour != 7:
            flow, level = round(float(random.normal(300, 20)), 1), float(random.normal())
            quality = Quality.BAD_SENSOR_FAILURE if hour == 9 else Quality.GOOD
            level = float("nan") if random.random() < 0.01 else level
            one.record((0, one.clock.wall_us(), flow, quality), (1, one.clock.wall_us() + 7, level, Quality.GOOD))
        one.clock.advance(60)
    one.go_on(2)
    return one


def run(program: str, folder: Path, *arguments: str) -> list[list[str]]:
    """Return the lines of a program's sections, without their titles."""
    command = [sys.executable, "-I", "-X", "utf8", "-c", program, *arguments]
    ended = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True, timeout=60, encoding="utf-8"
    )
    parts = re.split(r"^(?:hours of|totals in|samples of).*\n", ended.stdout, flags=re.MULTILINE)
    return [part.splitlines() for part in parts[1:]]


def check_hours(one: TablesBench, row: int, lines: list[str]) -> None:
    """Each hour has what a trend of that day shows."""
    holds = np.full(3, HOLD_US)
    reader = HistoryReader({"A": 0, "B": 1, "C": 2}, holds, Memory(), one.archive, one.clock)
    name = "ABC"[row]
    (series,) = reader.answer(HistoryQuery((name,), START, END, 24))
    site = SiteTime(ZoneInfo("Europe/Berlin"))
    found = {line.split()[0]: line.split()[1:] for line in lines}
    for pixel, t0_us in enumerate(series.t0_us.tolist()):
        numbers = found.pop(site.local(t0_us), ["None"] * 3)
        wanted = series.min[pixel], series.mean[pixel], series.max[pixel]
        shown = [np.nan if number == "None" else float(number) for number in numbers]
        assert shown == pytest.approx(wanted, nan_ok=True), site.local(t0_us)
    assert found == {}


def check_totals(one: TablesBench, lines: list[str]) -> None:
    """The day of the one flow has the total that reports are made of."""
    found = one.samples(0)
    samples = TagSamples(found.times_us, found.values, found.qualities, is_stepped=True)
    totals = flow_totals(samples, np.array([START, END]), FlowRule(per_second=1 / 3600, gap_us=HOLD_US))
    (line,) = lines
    name, volume, percent = line.split()
    assert name == "A"
    assert float(volume) == pytest.approx(totals.values[0])
    known_us = END - START - int(totals.missing_us[0])
    assert float(percent) == pytest.approx(100 * known_us / (END - START))


def test_a_program_with_sqlite_reads_a_day_totals_and_samples(tmp_path: Path) -> None:
    one = recorded(tmp_path)
    try:
        for row in (0, 1):
            hours, totals, samples = run(OF_FILES, tmp_path, "AB"[row], "2023-12-02")
            check_hours(one, row, hours)
            check_totals(one, totals)
            found = one.samples(row).between(START, START + HOUR_US)
            columns = found.times_us.tolist(), found.values.tolist(), found.qualities.tolist()
            assert samples == [f"{at} {value} {quality}" for at, value, quality in zip(*columns, strict=True)]
        for query in re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL):
            known = query.replace("$__from", "0").replace("$__to", "4e12").replace("LPS.FLOW", "A")
            assert one.rows(known.replace("2026-11", "2023-12"))
    finally:
        one.close()


def test_a_program_with_psycopg_reads_a_day_and_totals(tmp_path: Path, pg_database: str) -> None:
    one = recorded(tmp_path, pg_database)
    try:
        hours, totals = run(OF_SERVER, tmp_path, pg_database, "A", "2023-12-02")
        check_hours(one, 0, hours)
        check_totals(one, totals)
    finally:
        one.close()
