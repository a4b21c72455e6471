"""The commands `alarms export` and `alarms import`, as they are typed."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from main import app
from plant_models.project import init_plant, load_plant
from station.lock import InstanceLock
from tests.fakes.audit_rows import audit_rows


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    init_plant(tmp_path / "plant")
    return tmp_path / "plant"


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["alarms", *map(str, arguments)])


def bring(plant: Path, sheet: Path, data: Path, reason: str = "yearly review") -> Result:
    return call("import", plant, sheet, "--reason", reason, "--data", data)


def rewrite(sheet: Path, name: str, **cells: str) -> None:
    """Change the cells of one alarm in a sheet; without cells its row is removed."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    tag, kind = name.rsplit(".", 1)
    found = next(row for row in rows if (row["tag"], row["kind"]) == (tag, kind))
    if cells:
        found.update(cells)
    else:
        rows.remove(found)
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found))
        writer.writeheader()
        writer.writerows(rows)


def test_a_sheet_goes_out_and_comes_back_changed(plant: Path, tmp_path: Path) -> None:
    sheet, data, count = tmp_path / "alarms.csv", tmp_path / "data", len(load_plant(plant).alarms)
    assert call("export", plant, sheet).stdout == f"{count} alarms in {sheet}\n"
    assert bring(plant, sheet, data).stdout == f"{sheet} says what {plant} says already\n"
    rewrite(sheet, "TK1.LEVEL.L", limit="42", text="Tank low")
    told = bring(plant, sheet, data)
    assert told.output.startswith("changed: TK1.LEVEL.L (limit 40 → 42, text Level low → Tank low)\nA station that")
    assert {alarm.name: alarm.limit for alarm in load_plant(plant).alarms}["TK1.LEVEL.L"] == 42
    assert (plant / "alarms.csv").read_text().startswith("# Alarms beside the default ones")
    assert [(row["title"], row["reason"], row["state"]) for row in audit_rows(data, "alarms")] == [
        ("Import alarms from alarms.csv", "yearly review", "sent"),
        ("Import alarms from alarms.csv", "yearly review", "verified"),
    ]


def test_the_demo_plant_is_meant_if_none_is_named(tmp_path: Path) -> None:
    assert call("export", tmp_path / "demo.csv").exit_code == 0
    assert "RPS.DISCHARGE,HH" in (tmp_path / "demo.csv").read_text(encoding="utf-8-sig")
    assert "name one plant folder and one file" in call("export", "a", "b", "c").output


def test_a_sheet_with_mistakes_changes_nothing(plant: Path, tmp_path: Path) -> None:
    sheet, before = tmp_path / "alarms.csv", (plant / "alarms.csv").read_bytes()
    call("export", plant, sheet)
    rewrite(sheet, "TK1.LEVEL.L", limit="forty")
    refused = bring(plant, sheet, tmp_path)
    assert refused.exit_code == 1
    assert "limit: 'forty' is not a number" in refused.output
    assert "1 finding(s); nothing was changed" in refused.output
    rewrite(sheet, "TK1.LEVEL.L", limit="99")
    assert "is not above L 99" in bring(plant, sheet, tmp_path).output
    rewrite(sheet, "TK1.LEVEL.L")
    assert "nothing was changed: TK1.LEVEL L comes with its equipment type" in bring(plant, sheet, tmp_path).output
    assert "needs a reason" in bring(plant, sheet, tmp_path, " ").output
    assert "the file is missing" in bring(plant, tmp_path / "nowhere.csv", tmp_path).output
    assert (plant / "alarms.csv").read_bytes() == before


def test_a_file_that_can_not_be_written_is_said(plant: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = tmp_path / "alarms.csv"
    assert "can't be written: No such file or directory" in call("export", plant, tmp_path / "no" / "x.csv").output
    call("export", plant, sheet)
    rewrite(sheet, "TK1.LEVEL.L", limit="42")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("plant_models.project.alarm_edit.AlarmEdit.write", full)
    assert "nothing was changed: [Errno 28] No space left on device" in bring(plant, sheet, tmp_path / "data").output


def test_beside_a_running_station_it_is_said_that_nothing_is_recorded(plant: Path, tmp_path: Path) -> None:
    sheet, data = tmp_path / "alarms.csv", tmp_path / "data"
    call("export", plant, sheet)
    rewrite(sheet, "TK1.LEVEL.L", limit="42")
    lock = InstanceLock(data)
    lock.acquire()
    try:
        told = bring(plant, sheet, data)
    finally:
        lock.release()
    assert told.exit_code == 0
    assert "its audit trail doesn't get this" in told.stderr
