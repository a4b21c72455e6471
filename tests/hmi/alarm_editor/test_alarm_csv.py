"""Alarms in a file: written, read back, and asked about before anything changes."""

from dataclasses import replace
from pathlib import Path

import pytest

from alarms.definitions import Alarm
from hmi.alarm_editor.change_sheet import ChangeSheet
from hmi.alarm_editor.csv_file import alarms_text, read_alarms, write_alarms
from hmi.alarm_editor.csv_sheet import ExportAlarmsSheet, ImportAlarmsSheet
from plant_models.alarm_definition import DIAGNOSTIC, AlarmDefinition, AlarmKind
from tests.fakes.desk import Desk

VIBRATION = "RPS.P1.VIB.H"
TAGS = {"RPS.P1.VIB": 0}
DEFINITION = AlarmDefinition(
    tag="RPS.P1.VIB", kind=AlarmKind.HIGH, limit=4.5, priority=DIAGNOSTIC, latching=True, text="=High", respond_min=5.0
)
KNOWN = {DEFINITION.name: Alarm(name=DEFINITION.name, definition=DEFINITION)}


def test_what_is_written_is_read_back() -> None:
    text = alarms_text([DEFINITION])
    assert "'=High" in text, "no spreadsheet takes it for a formula"
    assert read_alarms(text, TAGS, {}).changed == (DEFINITION,)
    assert read_alarms(text, TAGS, KNOWN).changed == (), "it is in force already"


def test_only_filled_cells_count() -> None:
    found = read_alarms("tag,kind,limit\nRPS.P1.VIB,H,5\n", TAGS, KNOWN)
    assert found.changed == (replace(DEFINITION, limit=5.0),)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no header line"),
        ("tag,kind,limit\nRPS.P1.VIB,H,much\n", "2:14: limit: "),
        ("tag,kind\n,H\n", "alarm without a tag"),
        ("tag,kind\nRPS.P1.VIB,\n", "alarm without a kind"),
        ("tag,kind\nRPS.P1.VIB,HHH\n", "2:12: kind: "),
        ("tag,kind\nNOPE,H\n", "unknown tag 'NOPE'; name a tag of this plant"),
        ("tag,kind\nRPS.P1.VIB,H\nRPS.P1.VIB,H\n", "a second alarm RPS.P1.VIB.H; keep one of them"),
    ],
)
def test_mistakes_are_told_with_their_place(text: str, problem: str) -> None:
    found = read_alarms(text, TAGS, KNOWN)
    assert len(found.problems) == 1
    assert problem in found.problems[0]


def test_a_file_that_exists_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "alarms.csv"
    assert write_alarms(path, [DEFINITION]) == 1
    with pytest.raises(FileExistsError):
        write_alarms(path, [])
    assert path.read_text(encoding="utf-8-sig").startswith("tag,kind,")
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cant_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        write_alarms(tmp_path / "alarms.csv", [DEFINITION])
    assert list(tmp_path.iterdir()) == []


def _export(desk: Desk) -> ExportAlarmsSheet:
    desk.window.show_configured()
    page = desk.window.area.configured_page
    assert page is not None
    page.export.click()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, ExportAlarmsSheet)
    return sheet


def _import(desk: Desk, path: Path) -> ImportAlarmsSheet:
    desk.window.show_configured()
    page = desk.window.area.configured_page
    assert page is not None
    page.take_in.click()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, ImportAlarmsSheet)
    sheet.field.setText(str(path))
    return sheet


def test_the_list_is_exported_and_imported_with_a_reason(engineer: Desk, tmp_path: Path) -> None:
    sheet = _export(engineer)
    sheet.field.setText(str(tmp_path / "all"))
    sheet.act_button.click()
    assert not sheet.may_close
    sheet._start()
    engineer.settle()
    path = tmp_path / "all.csv"
    count = sum(bool(each.definition.tag) for each in engineer.station.configured.values())
    assert sheet.progress.text() == f"{count} alarms are in {path}"
    sheet.cancel_button.click()
    same = _import(engineer, path)
    same.act_button.click()
    engineer.settle()
    assert same.progress.text() == "The file says what is in force already"
    same.close_sheet()
    path.write_text("tag,kind,limit\nRPS.P1.VIB,H,5\n")
    other = _import(engineer, path)
    other.act_button.click()
    engineer.settle()
    engineer.tick(2)
    asked = engineer.window.area.dialogs.sheet
    assert isinstance(asked, ChangeSheet)
    asked.review.reason.enter("from the workshop")
    asked.save_button.click()
    engineer.settle()
    (changes,) = engineer.station.alarm_changes
    assert [(each.name, each.limit) for each in changes.changed] == [(VIBRATION, 5.0)]


def test_a_file_with_mistakes_changes_nothing_and_lists_them(engineer: Desk, tmp_path: Path) -> None:
    path = tmp_path / "alarms.csv"
    path.write_text("tag,kind\nNOPE,H\n")
    sheet = _import(engineer, path)
    sheet.act_button.click()
    engineer.settle()
    assert "unknown tag 'NOPE'" in sheet.problems.toPlainText()
    assert sheet.progress.text() == "1 mistakes in the file, nothing was changed"
    assert engineer.station.alarm_changes == []


def test_what_the_disk_refuses_is_said(engineer: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = _import(engineer, tmp_path / "none.csv")
    sheet.act_button.click()
    engineer.settle()
    assert sheet.progress.text() == f"It can't be done No such file or directory: {tmp_path / 'none.csv'}"
    large = tmp_path / "large.csv"
    large.write_text("tag,kind\n")
    monkeypatch.setattr("hmi.alarm_editor.csv_sheet.LARGEST", 3)
    sheet.field.setText(str(large))
    sheet.act_button.click()
    engineer.settle()
    assert "The file is too large" in sheet.progress.text()
    sheet.field.setText("")
    assert not sheet.act_button.isEnabled()
    sheet.field.setText("~/x")
    assert sheet.field.path() == Path.home() / "x.csv"
