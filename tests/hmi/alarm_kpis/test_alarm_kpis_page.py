"""The page of alarm performance: what it shows, asks for and leads to, and what it says when it can't."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QScrollArea
from pytestqt.qtbot import QtBot

from alarms.kpi.floods import Flood
from alarms.kpi.loads import PositionLoad
from alarms.kpi.make import make_report
from alarms.kpi.report import AlarmReport, AlarmReportQuery
from alarms.kpi.window import HOUR_US, Window, within
from database.errors import DatabaseError
from hmi.actions import Target
from hmi.alarm_kpis.flood_sheet import FloodSheet
from hmi.alarm_kpis.lists import (
    ASIDE_COLUMNS,
    CHATTER_COLUMNS,
    FLEETING_COLUMNS,
    FLOOD_COLUMNS,
    STALE_COLUMNS,
    TOP_COLUMNS,
)
from hmi.alarm_kpis.page import AGAIN_US, AlarmKpisPage, _write
from hmi.alarm_kpis.rows_table import RowsTable
from hmi.alarm_kpis.sheet_csv import COLUMNS
from hmi.i18n import PSEUDO
from hmi.shell.page import ALARM_KPIS, ALARMS, JOURNAL
from hmi.table_column import Column
from hmi.trends.export_sheet import ExportSheet
from plant_models.alarm_philosophy import KpiTargets, Position
from plant_models.message import message
from tests.fakes.alarms import alarm as alarm_row
from tests.fakes.alarms import journal
from tests.fakes.clock import ManualClock
from tests.fakes.desk import OPERATOR, Desk, demo_plant, open_desk
from tests.fakes.kpi_journal import HOUR_S, KpiJournal
from tests.fakes.kpi_month import month_reports
from tests.fakes.screen_texts import painted, texts, untranslated, without

NOW_US = 1_796_000_000_000_000
SMALL_CARD = 520
"""What a list has in a window of 1280 px, beside its scroll bar."""


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    """A desk at a plant that has a past of two months."""
    del qtbot
    with open_desk(clock=ManualClock(NOW_US)) as made:
        made.station.make_report = month_reports(made.station.plant, NOW_US, "delay 20 s")
        yield made


def _page(desk: Desk) -> AlarmKpisPage:
    """Open the page and wait for its report."""
    desk.window.show_alarm_kpis()
    page = desk.window.area.alarm_kpis_page
    assert page is not None
    _ask(desk, page)
    return page


def _ask(desk: Desk, page: AlarmKpisPage) -> None:
    async def ask() -> None:
        page.ask()

    desk.run(ask())
    desk.settle()


def _load(desk: Desk, **changed: Any) -> PositionLoad:
    return PositionLoad(position=desk.station.plant.positions[0], **changed)


def test_the_page_shows_the_figures_and_says_how_many_need_action(desk: Desk) -> None:
    page = _page(desk)
    assert desk.window.page == ALARM_KPIS
    assert page.report is not None
    assert page.title.text() == "7 of 19 figures need action"
    assert page.coverage.text() == "The station ran 95\u00a0% of this time; what isn't known is not called good."
    assert page.body.isVisible()
    assert not page.state.isVisible()
    assert len(page.body.floods.lines) == 2
    assert page.body.chattering.lines[0].cells[0] == demo_plant().alarms[65].name
    assert page.body.top.lines[0].detail == "Proposed: delay 20 s"
    assert [line.cells[0] for line in page.body.stale.lines] == [each.name for each in demo_plant().alarms[70:73]]
    assert page.body.aside.lines[0].cells[3].endswith(", overdue")
    assert "Annunciated a day" in page.body.figures.accessibleName()


def test_the_keyboard_stands_on_the_chosen_time_and_not_on_the_whole_page(desk: Desk) -> None:
    page = _page(desk)
    assert desk.window.focusWidget() is page.spans.buttons["30 d"]
    assert all(each.focusPolicy() is Qt.FocusPolicy.NoFocus for each in page.findChildren(QScrollArea))


def test_charts_say_what_is_aimed_at(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    body = _page(desk).body
    mix = {text.replace("\u00a0", " ") for _, text in painted(body.mix, monkeypatch)}
    assert {"target ≤ 5 %", "target ≤ 15 %", "target ≥ 80 %"} <= mix
    answers = {text.replace("\u00a0", " ") for _, text in painted(body.answers, monkeypatch)}
    assert "Target of priority 1: ≤ 3 min" in answers


def test_the_time_before_is_asked_for_as_well(desk: Desk) -> None:
    _page(desk)
    present, before = desk.station.report_queries[-2:]
    assert (present.end_us, before.end_us) == (NOW_US, present.start_us)
    assert present.position == demo_plant().positions[0].name


def test_another_time_is_asked_for_when_it_is_chosen(desk: Desk) -> None:
    page = _page(desk)

    async def choose() -> None:
        page.spans.buttons["24 h"].click()

    desk.run(choose())
    desk.settle()
    present = desk.station.report_queries[-2]
    assert present == AlarmReportQuery(NOW_US - 24 * HOUR_US, NOW_US, demo_plant().positions[0].name)
    assert page.report is not None
    assert page.report.query == present
    assert not page.coverage.isVisible()
    assert page.focusProxy() is page.spans.buttons["24 h"]


def test_a_report_that_nobody_waits_for_any_more_is_dropped(desk: Desk) -> None:
    page = _page(desk)

    async def hurry() -> None:
        page.spans.buttons["24 h"].click()
        page.spans.buttons["7 d"].click()

    desk.run(hurry())
    desk.settle()
    assert page.report is not None
    assert page.report.query.end_us - page.report.query.start_us > 6 * 24 * HOUR_US


def test_a_failure_of_a_report_that_nobody_waits_for_is_not_told(desk: Desk) -> None:
    page = _page(desk)

    async def hurry() -> None:
        desk.station.journal_error = DatabaseError(message("The disk is gone"))
        page._number += 1
        await page._load(page._number - 1)

    desk.run(hurry())
    assert page.report is not None


def test_the_report_is_asked_for_again_after_a_while_only(desk: Desk) -> None:
    page = _page(desk)
    count = len(desk.station.report_queries)

    async def blink() -> None:
        desk.room.ticker.blink.emit(True)
        desk.room.ticker.blink.emit(False)

    desk.run(blink())
    desk.settle()
    assert len(desk.station.report_queries) == count
    desk.station.clock.sleep(AGAIN_US / 1e6)
    desk.run(blink())
    desk.settle()
    assert len(desk.station.report_queries) == count + 2
    page.hide()
    desk.station.clock.sleep(AGAIN_US / 1e6)
    desk.run(blink())
    assert len(desk.station.report_queries) == count + 2


def test_a_journal_that_can_not_be_read_is_said_and_tried_again(desk: Desk) -> None:
    desk.station.journal_error = DatabaseError(message("The disk is gone"))
    page = _page(desk)
    assert (
        page.state.text() == "The journal can't be read: The disk is gone. The figures above are those of the moment."
    )
    assert page.again.isVisible()
    assert not page.body.isVisible()
    assert not page.pdf.isEnabled()
    desk.station.journal_error = None

    async def again() -> None:
        page.again.click()

    desk.run(again())
    desk.settle()
    assert page.body.isVisible()
    assert not page.again.isVisible()


def test_before_the_first_report_the_page_says_that_it_is_being_read(desk: Desk) -> None:
    desk.window.show_alarm_kpis()
    page = desk.window.area.alarm_kpis_page
    assert page is not None
    assert page.state.text() == "The journal is being read"
    assert page.report is None
    desk.run(page.export(Path("nowhere.csv")))


def test_a_plant_without_alarms_has_empty_lists_that_say_so(desk: Desk) -> None:
    desk.station.make_report = desk.station._report
    page = _page(desk)
    assert page.title.text() == "No figure needs action"
    words = {"There was no flood.", "No alarm chattered.", "No alarm was annunciated in this time."}
    assert words <= set(desk.texts())
    assert not page.body.floods.isVisible()


def test_a_plant_in_which_little_happened_is_drawn(desk: Desk, tmp_path: Path) -> None:
    journal = KpiJournal(NOW_US - round(3 * HOUR_S * 1e6))
    for number in range(3):
        journal.put("ALM", number * 5.0, "A.H", priority=4, tag="A")
        journal.put("RTN", number * 5.0 + 1.0, "A.H", priority=4, tag="A")
    whole = ((0, NOW_US),)

    def made(query: AlarmReportQuery) -> AlarmReport:
        window = Window(query.start_us, query.end_us, UTC, within(whole, query.start_us, query.end_us))
        report = make_report(query, journal.rows, window, KpiTargets(), 0)
        return replace(report, chattering=tuple(replace(each, proposal="delay 5 s") for each in report.chattering))

    desk.station.make_report = made
    page = _page(desk)
    page.body.grab()
    desk.run(page.export(tmp_path / "little.pdf"))
    assert page.body.chattering.lines[0].detail == "Proposed: delay 5 s"
    assert (tmp_path / "little.pdf").exists()


def test_a_list_can_be_read_by_who_does_not_see_it(desk: Desk) -> None:
    model = _page(desk).body.top.model()
    index = model.index(0, 1)
    assert index.data() == demo_plant().alarms[0].text
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "Proposed: delay 20 s"
    assert index.data(Qt.ItemDataRole.DecorationRole) is None
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Text"
    assert model.headerData(1, Qt.Orientation.Vertical) is None


def test_of_a_time_in_which_the_station_was_off_nothing_is_known(desk: Desk) -> None:
    made = month_reports(desk.station.plant, NOW_US + 400 * 24 * HOUR_US)
    desk.station.make_report = lambda query: replace(_unknown(made(query)), lost=2)
    page = _page(desk)
    assert page.title.text() == "Nothing is known of this time"
    assert "Events were lost 2 times" in page.coverage.text()


def _unknown(report: AlarmReport) -> AlarmReport:
    figures = tuple(replace(each, value=None, verdict=type(each.verdict).UNKNOWN) for each in report.figures)
    return replace(report, figures=figures, known=(), coverage=0.0)


def test_the_load_of_the_moment_stands_above_and_follows(desk: Desk) -> None:
    desk.station.loads = (_load(desk, last_10_min=4, last_hour=9, today=40, standing=3, aside=1),)
    page = _page(desk)
    live = page.live
    assert [tile.number.text() for tile in live._tiles] == ["4", "No", "9", "40", "3", "0", "0", "1"]
    assert {tile.mark.verdict for tile in live._tiles} == {None}
    names = ("A.H", "B.H", "C.H", "D.H", "E.H")
    desk.station.loads = (
        _load(
            desk, last_10_min=14, last_hour=31, today=301, flood_since_us=NOW_US, chattering=names, stale=names,
        ),
    )  # fmt: skip
    page.refresh()
    assert live.flood.number.text() == "Yes"
    assert live.stale.words.text() == "A.H, B.H, C.H, …"
    assert {tile.mark.verdict for tile in live._tiles} == {None, type(live.rate.mark.verdict)("action")}  # type: ignore[misc]
    desk.station.loads = (_load(desk, last_hour=20, today=200),)
    page.refresh()
    assert [str(tile.mark.verdict) for tile in (live.hour, live.today)] == ["manageable", "manageable"]


def test_of_a_station_that_does_not_respond_no_load_is_known(desk: Desk) -> None:
    page = _page(desk)
    desk.station.health = replace(desk.station.health, is_evaluated=False)
    page.refresh()
    assert {tile.number.text() for tile in page.live._tiles} == {"—"}
    desk.station.health = replace(desk.station.health, is_evaluated=True)
    desk.station.loads = ()
    page.refresh()
    assert {tile.number.text() for tile in page.live._tiles} == {"—"}


def test_each_operator_position_has_its_page(qtbot: QtBot) -> None:
    del qtbot
    positions = (Position("north", "North desk", ("works",)), Position("south", "South desk", ("tanks",)))
    with open_desk(plant=replace(demo_plant(), positions=positions), clock=ManualClock(NOW_US)) as desk:
        page = _page(desk)
        assert page.positions.isVisible()

        async def choose() -> None:
            page.positions.setCurrentIndex(1)

        desk.run(choose())
        desk.settle()
        assert desk.station.report_queries[-1].position == "south"


def test_a_flood_opens_its_report_and_the_journal_of_its_minutes(desk: Desk) -> None:
    page = _page(desk)
    rows = journal([alarm_row(demo_plant(), demo_plant().alarms[0].name, active_us=NOW_US)])
    flood = page.body.floods.lines[0].item
    at_us = flood.start_us + 1_000_000  # type: ignore[attr-defined]
    desk.station.journal_rows = [replace(row, at_us=at_us, recorded_us=at_us) for row in rows]

    async def click() -> None:
        table = page.body.floods
        QTest.mouseClick(
            table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.model().index(0, 0)).center()
        )

    desk.run(click())
    desk.settle()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, FloodSheet)
    assert [line.cells[1] for line in sheet.table.lines] == ["Raised"]
    said = dict(sheet.lines.texts())
    assert said["Annunciated"] == page.body.floods.lines[0].cells[2]
    assert said["Acknowledged by"].startswith("ada ")
    assert sheet.words.text() == "1 events"
    sheet.leave.click()


def test_a_flood_leads_to_its_place_in_the_journal(desk: Desk) -> None:
    page = _page(desk)
    page.body._open_flood(page.body.floods.lines[0].item)  # type: ignore[arg-type]
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, FloodSheet)

    async def click() -> None:
        sheet.show_all.click()

    desk.run(click())
    desk.settle()
    assert desk.window.page == JOURNAL
    assert desk.window.area.dialogs.sheet is None


def _sheet(desk: Desk, flood: Flood) -> FloodSheet:
    """Open the report of a flood, in place of one that is open."""
    desk.window.area.close_top()
    sheet = FloodSheet(desk.window.context, flood)
    desk.window.area.dialogs.open(sheet)
    return sheet


def test_a_flood_that_is_not_over_and_that_nobody_acknowledged_says_so(desk: Desk) -> None:
    page = _page(desk)
    flood: Any = page.body.floods.lines[0].item
    flood = replace(flood, calm_s=None, is_over=False, acknowledged=(("", 1),))
    said = dict(_sheet(desk, flood).lines.texts())
    assert (said["From the peak until calm"], said["Acknowledged by"]) == ("not over yet", "the device 1")
    sheet = _sheet(desk, replace(flood, acknowledged=()))
    assert dict(sheet.lines.texts())["Acknowledged by"] == "nobody"
    desk.station.journal_error = DatabaseError(message("The disk is gone"))
    desk.run(sheet.load())
    assert sheet.words.text() == "The journal can't be read: The disk is gone"


def test_a_flood_with_more_rows_than_fit_says_how_many_there_are(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = _page(desk)
    flood: Any = page.body.floods.lines[0].item
    rows = journal([alarm_row(demo_plant(), each.name, active_us=flood.start_us) for each in demo_plant().alarms[:3]])
    desk.station.journal_rows = rows
    monkeypatch.setattr("hmi.alarm_kpis.flood_sheet.ROWS", 2)
    sheet = _sheet(desk, flood)
    desk.run(sheet.load())
    assert sheet.words.text() == "2 of 3 events; the others stand in the journal"


def test_rows_lead_on_by_the_keyboard(desk: Desk) -> None:
    page = _page(desk)
    _press(page.body.top, Qt.Key.Key_Return)
    assert desk.window.page == JOURNAL
    desk.window.go_back()
    _press(page.body.stale, Qt.Key.Key_Space)
    assert desk.window.page == ALARMS
    assert desk.window.area.alarms_page is not None
    desk.window.go_back()
    page.body.stale.clearSelection()
    page.body.stale.setCurrentIndex(page.body.stale.model().index(-1, -1))
    QTest.keyClick(page.body.stale, Qt.Key.Key_Return)
    QTest.keyClick(page.body.stale, Qt.Key.Key_Down)
    assert desk.window.page == ALARM_KPIS


def _press(table: RowsTable, key: Qt.Key) -> None:
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    QTest.keyClick(table, key)


def test_an_alarm_whose_tag_is_gone_leads_nowhere(desk: Desk) -> None:
    page = _page(desk)
    page.body.top.opened.emit(replace(page.body.top.lines[0].item, tag="GONE"))  # type: ignore[type-var]
    page.body.top.menu_wanted.emit(replace(page.body.top.lines[0].item, tag=""), QPoint(0, 0))  # type: ignore[type-var]
    assert desk.window.page == ALARM_KPIS
    assert not desk.window.findChildren(QMenu, "", Qt.FindChildOption.FindDirectChildrenOnly)


def test_a_row_has_the_menu_of_its_tag(desk: Desk) -> None:
    page = _page(desk)
    wanted: list[Target] = []
    page.menu_wanted.connect(lambda target, at: wanted.append(target))
    page.body.top.setCurrentIndex(page.body.top.model().index(0, 0))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(page.body.top, event)
    assert [target.tag for target in wanted] == [page.body.top.lines[0].item.tag]  # type: ignore[attr-defined]
    for menu in desk.window.findChildren(QMenu):
        menu.close()


def _export(desk: Desk, page: AlarmKpisPage, path: Path, is_pdf: bool) -> None:
    (page.pdf if is_pdf else page.csv).click()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, ExportSheet)
    assert Path(sheet.field.text()).suffix == (".pdf" if is_pdf else ".csv")
    sheet.field.setText(str(path))

    async def choose() -> None:
        sheet.export_button.click()

    desk.run(choose())
    desk.settle()


@pytest.mark.parametrize(
    "columns", [TOP_COLUMNS, FLOOD_COLUMNS, CHATTER_COLUMNS, FLEETING_COLUMNS, STALE_COLUMNS, ASIDE_COLUMNS]
)
def test_no_list_is_wider_than_its_card_in_a_small_window(columns: Sequence[Column]) -> None:
    narrowest = 60  # of the column that takes what is left
    assert sum(column.width or narrowest for column in columns) <= SMALL_CARD


def test_the_report_is_written_as_a_csv_file(desk: Desk, tmp_path: Path) -> None:
    page = _page(desk)
    _export(desk, page, tmp_path / "report", is_pdf=False)
    assert page.detail.text() == "Written to report.csv"
    rows = list(csv.reader(io.StringIO((tmp_path / "report.csv").read_bytes().decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    assert {row[0] for row in rows[1:]} == {
        "report", "figure", "day", "priority", "answer", "flood", "top", "chattering", "fleeting", "stale", "aside",
    }  # fmt: skip
    figure = next(row for row in rows if row[:2] == ["figure", "per day"])
    assert (figure[3], figure[4]) == (f"{demo_plant().philosophy.targets.per_day:g}", "good")
    assert any("overdue" in row[-1] for row in rows)


def test_the_report_is_written_as_a_pdf_file_of_several_pages(desk: Desk, tmp_path: Path) -> None:
    page = _page(desk)
    _export(desk, page, tmp_path / "report.pdf", is_pdf=True)
    content = (tmp_path / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") >= 4
    assert page.detail.text() == "Written to report.pdf"


def test_a_file_that_is_there_already_is_not_replaced(desk: Desk, tmp_path: Path) -> None:
    page = _page(desk)
    (tmp_path / "report.csv").write_text("mine")
    _export(desk, page, tmp_path / "report.csv", is_pdf=False)
    assert any(text.startswith("Nothing was exported") for text in desk.texts())
    assert (tmp_path / "report.csv").read_text() == "mine"


def test_a_disk_that_is_full_keeps_no_half_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, content: object) -> int:
            raise OSError(28, "No space left on device")

    def opened(path: Path, mode: str) -> Full:
        path.touch()
        return Full()

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(OSError, match="No space"):
        _write(tmp_path / "report.pdf", b"content")
    assert not list(tmp_path.iterdir())


def test_a_report_without_the_time_before_is_exported_as_well(desk: Desk, tmp_path: Path) -> None:
    page = _page(desk)
    page._before = None
    desk.run(page.export(tmp_path / "one.csv"))
    desk.run(page.export(tmp_path / "one.pdf"))
    page._show()
    page.grab()
    assert (tmp_path / "one.csv").exists()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_every_text_of_the_page_is_translated(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    del qtbot
    with open_desk(size=size, language=PSEUDO, clock=ManualClock(NOW_US)) as desk:
        desk.station.make_report = month_reports(desk.station.plant, NOW_US, "[17]")
        page = _page(desk)
        page.body._open_flood(page.body.floods.lines[0].item)  # type: ignore[arg-type]
        data = [each.name for each in demo_plant().alarms] + [each.text for each in demo_plant().alarms] + ["ada"]
        found = [*texts(desk.window), *painted(page.body, monkeypatch)]
        assert untranslated(without(found, sorted(data, key=len, reverse=True)), desk.station.plant, OPERATOR) == []
        desk.window.area.close_top()


def test_the_page_is_in_navigation_menu_and_keys(desk: Desk) -> None:
    desk.window.action_table["alarm_kpis"].trigger()
    assert desk.window.page == ALARM_KPIS
