"""The list as CSV and on paper: as it is shown, with head and page numbers, and nothing in it is a formula."""

import csv
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QPdfWriter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from pytestqt.qtbot import QtBot

from hmi.alarm_list import output as list_output
from hmi.alarm_list.csv_file import write_list
from hmi.alarm_list.page import AlarmsPage
from hmi.alarm_list.print_sheet import PrintSheet
from hmi.alarm_list.printing import pdf_file, print_list, printer
from hmi.alarm_list.sheet import ListSheet
from hmi.dialogs.file_sheet import FileSheet
from tests.fakes.alarms import alarm, many_alarms
from tests.fakes.desk import Desk

LEVEL = "TK1.LEVEL.LL"
SHEET = ListSheet(("Plant", "Now"), ("Tag", "Text"), (100, 300), [("T1", "Level high"), ("=T2", "-1")])


@pytest.fixture
def page(desk: Desk) -> AlarmsPage:
    desk.station.put_alarms([alarm(desk.station.plant, LEVEL, note="=cmd()"), *many_alarms(desk.station.plant, 150)])
    desk.window.show_alarms()
    desk.tick(5)
    page = desk.window.area.alarms_page
    assert page is not None
    return page


def test_the_csv_file_has_what_is_shown_in_its_order(desk: Desk, page: AlarmsPage, tmp_path: Path) -> None:
    page.filter_bar.field.setText("level")
    page.commands["export"].trigger()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, FileSheet)
    sheet.field.setText(str(tmp_path / "list"))
    sheet.export_button.click()
    desk.settle()
    content = (tmp_path / "list.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert [row["Tag"] for row in rows] == [alarm.tag for alarm in page.table.alarms]
    assert rows[0]["Priority"] == "1, urgent"
    assert "'=cmd()" in {row["Comment"] for row in rows}
    assert f"{len(rows)} alarms in list.csv" in desk.texts()


def test_a_file_that_is_there_already_is_never_replaced(desk: Desk, page: AlarmsPage, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("mine")
    desk.run(page.output.export(tmp_path / "list.csv"))
    assert (tmp_path / "list.csv").read_text() == "mine"
    assert any(text.startswith("Nothing was exported: ") for text in desk.texts())


def test_no_text_is_taken_for_a_formula(tmp_path: Path) -> None:
    assert write_list(tmp_path / "a.csv", SHEET) == 2
    lines = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()
    assert lines == ["Tag,Text", "T1,Level high", "'=T2,'-1"]


def test_a_failure_leaves_no_half_a_file(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        write_list(tmp_path / "a.csv", ListSheet((), ("T",), (1,), [("\udc80",)]))
    assert list(tmp_path.iterdir()) == []


def test_the_printed_list_takes_as_many_pages_as_it_needs(
    desk: Desk, page: AlarmsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["Laser", "Labels"])
    written: list[str] = []
    draw = list_output.print_list

    def record(device: Any, sheet: ListSheet) -> int:
        written.extend(sheet.head)
        return draw(device, sheet)

    monkeypatch.setattr(list_output, "print_list", record)
    page.commands["print"].trigger()
    desk.settle()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, PrintSheet)
    assert [sheet.printers.itemText(at) for at in range(sheet.printers.count())] == ["PDF file", "Laser", "Labels"]
    sheet.field.setText(str(tmp_path / "list"))
    sheet.export_button.click()
    desk.settle()
    assert (tmp_path / "list.pdf").read_bytes().startswith(b"%PDF")
    assert any(text.startswith("5 pages to ") for text in desk.texts())
    assert written[0] == "Netherby Water: Alarms, Current"
    assert "mo" in written[1]
    assert written[2].startswith("151 of 151 alarms")


def test_a_printer_takes_the_place_of_the_file(desk: Desk, page: AlarmsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def no_printer(name: str) -> QPrinter:
        asked.append(name)
        raise OSError("out of paper")

    monkeypatch.setattr(list_output, "printer", no_printer)
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["Laser"])
    page.commands["print"].trigger()
    desk.settle()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, PrintSheet)
    sheet.printers.setCurrentIndex(1)
    assert not sheet.field.isEnabled()
    sheet.export_button.click()
    desk.settle()
    assert asked == ["Laser"]
    assert any(text == "Nothing was printed: Laser: out of paper" for text in desk.texts())


def test_printers_that_come_too_late_are_not_offered(
    desk: Desk, page: AlarmsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["Laser"])
    page.commands["print"].trigger()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, PrintSheet)
    sheet.close_sheet()
    desk.settle()


def test_a_pdf_that_is_there_already_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("mine")
    with pytest.raises(FileExistsError):
        pdf_file(tmp_path / "a.pdf")


def test_each_page_has_as_many_rows_as_it_holds(qtbot: QtBot, tmp_path: Path) -> None:
    rows = [("T1", "Level high")] * 100
    assert print_list(pdf_file(tmp_path / "a.pdf"), ListSheet(("Plant",), ("Tag", "Text"), (1, 2), rows)) == 3


def test_an_empty_list_is_one_page(qtbot: QtBot, tmp_path: Path) -> None:
    assert print_list(pdf_file(tmp_path / "a.pdf"), ListSheet(("Plant",), (), (), [])) == 1


@pytest.mark.qt_log_ignore("Returned false", "Painter not active", extend=True)
def test_a_device_that_takes_nothing_is_an_error(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="takes nothing"):
        print_list(QPdfWriter(str(tmp_path / "nowhere" / "a.pdf")), SHEET)


def test_a_printer_is_known_by_its_name(qtbot: QtBot, tmp_path: Path) -> None:
    made = printer("")
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(tmp_path / "a.pdf"))
    assert print_list(made, SHEET) == 1
    assert (tmp_path / "a.pdf").stat().st_size > 500
