"""The journal page as an operator uses it: it reads on, stands still while one reads, goes to any time, and exports."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QPageSize, QPdfWriter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from alarms.journal_query import Category, JournalQuery, JournalRow, Source
from database.errors import DatabaseError
from hmi.alarm_journal import loader as journal_loader
from hmi.alarm_journal.cells import TEXT, cell_text, widths_within
from hmi.alarm_journal.details import JournalDetails
from hmi.alarm_journal.loader import ROWS
from hmi.alarm_journal.page import JournalView
from hmi.alarm_journal.printing import prepare, print_rows
from hmi.alarm_journal.range_sheet import MomentsSheet
from hmi.alarm_journal.span import ALL, NOW, PRESETS, Moment, Span, moment_of
from hmi.alarms.choice_button import ChoiceButton
from hmi.trends.export_sheet import ExportSheet
from plant_models.alarm_definition import DIAGNOSTIC
from tests.fakes.alarms import alarm, journal
from tests.fakes.clock import ManualClock
from tests.fakes.desk import Desk, demo_plant, open_desk, visible

NOW_US = 1_764_440_000_000_000
STEP_US = 10_000_000
HOUR_US = 3_600_000_000
NAMES = ("TK1.LEVEL.LL", "RPS.P1.FLT.state", "RPS.P1.VIB.H")
ROW = 36


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    del qtbot
    with open_desk(clock=ManualClock(wall_us=NOW_US)) as desk:
        yield desk


def rows_of(desk: Desk, count: int) -> list[JournalRow]:
    """Return rows ten seconds apart, the newest first."""
    alarms = [
        alarm(desk.station.plant, NAMES[at % 3], active_us=NOW_US - (count - at) * STEP_US) for at in range(count)
    ]
    return journal(alarms)


def act(row: JournalRow, **fields: object) -> JournalRow:
    """Return a row of the audit in place of one of the journal."""
    plain = {"alarm": "", "kind": "", "priority": 0, "value": None, "limit": None, "unit": "", "text": "", "area": ""}
    changed = {
        "source": Source.AUDIT,
        "category": Category.OPERATOR,
        "event": "command",
        "user": "mo",
        "seat": "desk-1",
    }
    return replace(row, **(plain | changed | fields))  # type: ignore[arg-type]


def opened(desk: Desk, rows: list[JournalRow]) -> JournalView:
    desk.station.journal_rows = rows
    desk.window.show_journal()
    (view,) = visible(desk.window, JournalView)
    view.bar.show_span(ALL)
    read(desk)
    return view


def read(desk: Desk, times: int = 1) -> None:
    for _ in range(times):
        desk.tick(10)
        desk.settle()
        desk.settle()


def sheet_of(desk: Desk, kind: type) -> QWidget:
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, kind)
    return sheet


def come(desk: Desk, count: int) -> None:
    """Let events come."""
    for _ in range(count):
        first = desk.station.journal_rows[0]
        at_us = desk.station.clock.wall_us()
        newer = replace(first, seq=first.seq + 1, at_us=at_us, recorded_us=at_us)
        desk.station.journal_rows = [newer, *desk.station.journal_rows]


def first_shown(view: JournalView) -> JournalRow:
    index = view.view.indexAt(QPoint(5, 5))
    return view.table.rows[index.row()]


def test_it_opens_with_the_last_eight_hours(desk: Desk) -> None:
    rows = rows_of(desk, 2)
    desk.station.journal_rows = [rows[0], replace(rows[1], recorded_us=NOW_US - 9 * HOUR_US)]
    desk.window.show_journal()
    read(desk)
    (view,) = visible(desk.window, JournalView)
    assert view.count_words == "1 of 1 events"
    assert desk.station.journal_queries[0].start_us == NOW_US - 8 * HOUR_US


def test_it_reads_on_while_one_scrolls_down(desk: Desk) -> None:
    rows = rows_of(desk, 2 * ROWS + 50)
    view = opened(desk, rows)
    assert view.count_words == "200 of 450 events"
    bar = view.view.verticalScrollBar()
    for shown in (2 * ROWS, 2 * ROWS + 50, 2 * ROWS + 50):
        bar.setValue(bar.maximum())
        read(desk)
        assert len(view.table.rows) == shown
    assert list(view.table.rows) == rows


def test_new_events_follow_at_the_top_while_nobody_reads(desk: Desk) -> None:
    view = opened(desk, rows_of(desk, 10))
    come(desk, 3)
    read(desk)
    assert [row.seq for row in view.table.rows][:4] == [13, 12, 11, 10]
    assert view.count_words == "13 of 13 events"
    assert not view.fresh.isVisible()


@pytest.mark.parametrize("is_scrolled", [True, False])
def test_what_is_read_does_not_move_when_events_come(desk: Desk, qtbot: QtBot, is_scrolled: bool) -> None:
    view = opened(desk, rows_of(desk, 100))
    if is_scrolled:
        view.view.verticalScrollBar().setValue(20 * ROW)
    else:
        view.view.selectRow(0)
    before = first_shown(view)
    come(desk, 12)
    read(desk, 2)
    assert first_shown(view) == before
    assert view.fresh.text().strip() == "12 new events"
    come(desk, 300)
    read(desk)
    assert view.fresh.text().strip() == "More than 200 new events"
    qtbot.mouseClick(view.fresh, Qt.MouseButton.LeftButton)
    read(desk)
    assert view.table.rows[0].seq == 412
    assert first_shown(view).seq == 412
    assert not view.fresh.isVisible()


def test_one_new_event_is_said_as_one(desk: Desk) -> None:
    view = opened(desk, rows_of(desk, 5))
    view.view.selectRow(2)
    come(desk, 1)
    read(desk)
    assert view.fresh.text().strip() == "One new event"


def test_a_jump_shows_that_time_and_one_can_scroll_both_ways(desk: Desk, qtbot: QtBot) -> None:
    rows = rows_of(desk, 1_000)
    view = opened(desk, rows)
    qtbot.keyClick(view.view, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    sheet = sheet_of(desk, MomentsSheet)
    assert isinstance(sheet, MomentsSheet)
    sheet.fields[0].setText("-5000 s")
    qtbot.keyClick(sheet.fields[0], Qt.Key.Key_Return)
    read(desk)
    assert first_shown(view).recorded_us == NOW_US - 501 * STEP_US
    assert len(view.table.rows) == 2 * ROWS, "both sides are there"
    bar = view.view.verticalScrollBar()
    for _ in range(3):
        before = first_shown(view)
        bar.setValue(1)
        top = first_shown(view)
        assert top.seq > before.seq or len(view.table.rows) > 800
        read(desk)
        assert first_shown(view).seq == top.seq, "nothing moves"
    assert view.loader.is_newest
    assert [row.seq for row in view.table.rows] == list(range(1_000, 1_000 - len(view.table.rows), -1))
    bar.setValue(bar.maximum())
    read(desk)
    qtbot.keyClick(view.view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    read(desk)
    assert first_shown(view).seq == 1_000


def test_a_jump_beyond_the_shown_time_shows_all_of_it(desk: Desk) -> None:
    view = opened(desk, rows_of(desk, 150))
    view.bar.show_span(Span(Moment(100_000_000, is_back=True)))
    read(desk)
    view.go_to(NOW_US - 300_000_000)
    read(desk)
    assert view.bar.span == ALL
    assert first_shown(view).recorded_us == NOW_US - 310_000_000
    view.go_to(NOW_US - 200_000_000)
    read(desk)
    assert first_shown(view).recorded_us == NOW_US - 210_000_000


def test_what_was_read_long_ago_is_read_again_when_it_is_wanted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_loader, "MOST", 3 * ROWS)
    rows = rows_of(desk, 6 * ROWS)
    view = opened(desk, rows)
    bar = view.view.verticalScrollBar()
    for _ in range(8):
        bar.setValue(bar.maximum())
        bottom = view.table.rows[-1]
        read(desk)
        assert len(view.table.rows) <= 3 * ROWS
        assert bottom in view.table.rows
    assert view.table.rows[-1] == rows[-1]
    for _ in range(8):
        bar.setValue(0)
        read(desk)
        assert len(view.table.rows) <= 3 * ROWS
        seqs = [row.seq for row in view.table.rows]
        assert seqs == list(range(seqs[0], seqs[-1] - 1, -1)), "without a gap"
    assert view.table.rows[0] == rows[0]


def test_a_search_says_how_far_it_is_and_goes_on_by_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of(desk, 30)
    answer = desk.station.journal
    asked: list[JournalQuery] = []

    async def slowly(query: JournalQuery) -> object:
        """Find five rows at a time."""
        asked.append(query)
        page = await answer(replace(query, limit=5))
        searched_us = None if page.is_end or query.after else page.rows[-1].recorded_us
        return replace(page, is_more=True, searched_us=searched_us)

    monkeypatch.setattr(desk.station, "journal", slowly)
    desk.station.journal_rows = rows
    desk.window.show_journal()
    (view,) = visible(desk.window, JournalView)
    desk.tick(1)
    desk.settle()
    assert "of more than 30 events · Searched back to 2025-11-29" in view.count_words
    read(desk, 3)
    assert len(view.table.rows) == 30
    assert view.count_words == "30 of more than 30 events"
    assert {query.patience_s for query in asked} == {journal_loader.PATIENCE_S}


def test_a_search_without_a_find_says_how_far_it_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    view = opened(desk, rows_of(desk, 3))
    answer = desk.station.journal

    async def in_vain(query: JournalQuery) -> object:
        page = await answer(query)
        return replace(page, rows=(), is_end=False, searched_us=NOW_US - HOUR_US)

    monkeypatch.setattr(desk.station, "journal", in_vain)
    view.bar.field.setText("nowhere")
    desk.tick(1)
    desk.settle()
    assert view.count_words.startswith("Searched back to 2025-11-29")
    monkeypatch.setattr(desk.station, "journal", answer)
    read(desk)
    assert view.count_words == "3 of 3 events" or "No event" in view.count_words


def test_words_events_categories_areas_and_priorities_narrow_it(desk: Desk, qtbot: QtBot) -> None:
    rows = rows_of(desk, 6)
    rows[1] = act(rows[1], title="Speed setpoint", tag="RPS.P1.SPEED_SP", state="verified", text="read back 43")
    view = opened(desk, rows)
    bar = view.bar

    def shown() -> list[int]:
        read(desk)
        return [row.seq for row in view.table.rows]

    qtbot.keyClick(view.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert bar.field.hasFocus()
    qtbot.keyClicks(bar.field, "setpoint command")
    assert shown() == [5]
    bar.field.clear()
    bar.categories.actions_of["operator"].trigger()
    assert shown() == [5]
    assert bar.categories.text().strip() == "Categories: 1"
    bar.categories.clear()
    bar.events.actions_of["command"].trigger()
    assert shown() == [5]
    bar.events._all.trigger()
    area = rows[0].area
    bar.areas.actions_of[area].trigger()
    assert shown() == [row.seq for row in rows if row.area == area]
    bar.clear()
    bar.priorities[rows[0].priority].click()
    assert 6 not in shown()
    assert 5 in shown(), "what is about no alarm stays"
    assert bar.is_narrowed
    bar.clear()
    assert not bar.is_narrowed


def test_a_menu_of_choices_stays_open_while_one_chooses(desk: Desk, qtbot: QtBot) -> None:
    choice = ChoiceButton("Events", {"a": "First", "b": "Second"})
    qtbot.addWidget(choice)
    choice.show()
    menu = choice.menu()
    menu.popup(choice.mapToGlobal(QPoint(0, 40)))
    first, second = choice.actions_of.values()
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(first).center())
    menu.setActiveAction(second)
    qtbot.keyClick(menu, Qt.Key.Key_Space)
    assert choice.chosen == {"a", "b"}
    assert menu.isVisible()
    everything = menu.actionGeometry(choice._all).center()
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=everything)
    assert choice.chosen == frozenset()
    menu.popup(choice.mapToGlobal(QPoint(0, 40)))
    qtbot.keyClick(menu, Qt.Key.Key_Escape)
    assert not menu.isVisible()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", NOW),
        (" NOW ", NOW),
        ("-12 h", Moment(12 * HOUR_US, is_back=True)),
        ("−1,5 d", Moment(36 * HOUR_US, is_back=True)),
        ("-30min", Moment(HOUR_US // 2, is_back=True)),
        ("2025-11-29 12:00", Moment(1_764_417_600_000_000)),
        ("yesterday", None),
        ("-3 x", None),
    ],
)
def test_times_are_typed_fixed_or_counted_back(desk: Desk, text: str, moment: Moment | None) -> None:
    assert moment_of(text, desk.window.context.zone) == moment


def test_a_span_of_its_own_is_asked_for_and_shown(desk: Desk, qtbot: QtBot) -> None:
    view = opened(desk, rows_of(desk, 100))
    qtbot.mouseClick(view.bar.range, Qt.MouseButton.LeftButton)
    sheet = sheet_of(desk, MomentsSheet)
    assert isinstance(sheet, MomentsSheet)
    assert view.bar.spans.checkedButton().text() == "All", "nothing is chosen yet"
    start, end = sheet.fields
    for wrong in ("-1 min", "nonsense"):
        start.setText(wrong)
        end.setText("-2 min")
        assert not sheet.show_button.isEnabled()
        qtbot.keyClick(end, Qt.Key.Key_Return)
        assert desk.window.area.dialogs.sheet is sheet
    start.setText("-100 s")
    end.setText("2025-11-29 18:13:00")
    qtbot.mouseClick(sheet.show_button, Qt.MouseButton.LeftButton)
    read(desk)
    assert {row.recorded_us for row in view.table.rows} <= set(range(NOW_US - 100_000_000, NOW_US, STEP_US))
    assert 0 < len(view.table.rows) < 10
    assert view.bar.range.isChecked()
    assert view.bar.range.text() == "2025-11-29 18:11 – 2025-11-29 18:13"
    assert view.bar.spans.checkedButton() is None
    view.bar.spans.buttons()[1].click()
    assert view.bar.span == PRESETS[1][0]
    assert not view.bar.range.isChecked()


def test_a_fixed_beginning_goes_on_to_now() -> None:
    span = Span(Moment(5))
    assert (span.start_us(9), span.end_us(9)) == (5, None)
    assert span.holds(7, 9)
    assert not span.holds(4, 9)
    assert not Span(Moment(5), Moment(6)).holds(6, 9)


@pytest.mark.parametrize("way", ["Return", "double click"])
def test_the_details_of_an_event_have_all_that_was_recorded(desk: Desk, qtbot: QtBot, way: str) -> None:
    (row,) = rows_of(desk, 1)
    full = {
        "hash": "ab" * 32, "epoch": 4, "aside_by": "ada", "aside_us": NOW_US, "until_us": NOW_US + HOUR_US,
        "aside_why": "being cleaned", "rule": "{RPS.P1.RUN} == 0", "note": "seen", "first_out": 1, "is_time_suspect": 1,
        "alarm_class": "quality", "kind": "dev", "from_state": "NORM", "to_state": "LATAK", "count": 3,
        "roles": "operator", "recorded_us": NOW_US,
    }  # fmt: skip
    view = opened(desk, [replace(row, **full)])  # type: ignore[arg-type]
    place = view.view.visualRect(view.table.index(0, TEXT)).center()
    if way == "Return":
        qtbot.keyClick(view.view, Qt.Key.Key_Return)
        assert desk.window.area.dialogs.sheet is None, "nothing is chosen"
        view.view.selectRow(0)
        qtbot.keyClick(view.view, Qt.Key.Key_Return)
    else:
        QTest.mouseDClick(view.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 500))
        QTest.mouseDClick(view.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    sheet = sheet_of(desk, JournalDetails)
    assert isinstance(sheet, JournalDetails)
    facts = dict(sheet.facts)
    assert facts["Happened"] == "2025-11-29 18:13:10.000"
    assert facts["Recorded"] == "2025-11-29 18:13:20.000"
    assert facts["Hash"] == " ".join(["abababab"] * 8)
    assert (facts["Row"], facts["Start of the station"], facts["Put aside by"]) == ("1", "4", "ada")
    assert facts["Clock of the source"] == "was not believed"
    assert facts["First out"] == "first of its group"
    assert facts["Put aside until"] == "2025-11-29 19:13:20.000"
    assert (facts["Class"], facts["Condition"]) == ("Water quality", "Deviation")
    assert (facts["State before"], facts["State after"]) == ("Normal", "Latched, reset needed")
    assert facts["Suppressed while"] == "River pump 1: Running is Stopped"
    qtbot.mouseClick(sheet.copy_button, Qt.MouseButton.LeftButton)
    assert "Put aside because: being cleaned" in QApplication.clipboard().text()


def test_details_keep_a_word_of_another_version_as_it_was_recorded(desk: Desk) -> None:
    (row,) = rows_of(desk, 1)
    odd = replace(row, alarm_class="odd class", kind="odd kind", from_state="ODD", to_state="")
    facts = dict(JournalDetails(desk.window.context, odd).facts)
    assert (facts["Class"], facts["Condition"], facts["State before"]) == ("odd class", "odd kind", "ODD")
    assert "State after" not in facts


def test_an_act_says_what_was_asked_for_and_how_it_went(desk: Desk) -> None:
    (row,) = rows_of(desk, 1)
    fields = {
        "title": "Speed setpoint",
        "tag": "RPS.P1.SPEED_SP",
        "state": "verified",
        "text": "read back",
        "value": 43.0,
    }
    made = act(row, unit="%", value_old=40.0, readback=43.0, comment="more flow", **fields)
    view = opened(desk, [made, act(row, event="of later", state="odd", seq=0, seat="")])
    cells = [view.table.index(0, at).data() for at in range(view.table.columnCount())]
    assert cells[1] == "Command"
    assert cells[5] == "Speed setpoint · done · read back"
    assert cells[7:] == ["mo", "desk-1", "more flow"]
    assert view.table.index(1, 1).data() == "of later"
    assert view.table.index(1, 5).data() == "odd"
    assert view.table.index(1, 8).data() == "—"
    facts = dict(JournalDetails(desk.window.context, made).facts)
    assert (facts["Outcome"], facts["Recorded in"]) == ("done", "audit")
    assert "Priority" not in facts


def test_each_category_has_its_sign(desk: Desk) -> None:
    rows = rows_of(desk, 5)
    made = [act(row, category=category) for row, category in zip(rows, Category, strict=True)]
    view = opened(desk, made)
    signs = [view.view.viewport().grab(view.view.visualRect(view.table.index(at, 2))).toImage() for at in range(5)]
    assert len({bytes(sign.constBits()) for sign in signs}) == 5


def test_events_of_diagnostic_alarms_have_their_sign(desk: Desk) -> None:
    first, second = rows_of(desk, 2)
    view = opened(desk, [replace(first, priority=DIAGNOSTIC), replace(second, priority=0)])
    signs = [view.view.viewport().grab(view.view.visualRect(view.table.index(at, 2))).toImage() for at in range(2)]
    assert bytes(signs[0].constBits()) != bytes(signs[1].constBits())


def test_the_audit_that_is_missing_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = desk.station.journal

    async def without(query: JournalQuery) -> object:
        return replace(await answer(query), problem="station.sqlite is not open")

    monkeypatch.setattr(desk.station, "journal", without)
    assert opened(desk, rows_of(desk, 2)).count_words == "2 of 2 events · station.sqlite is not open"


def test_a_journal_that_could_not_be_read_is_read_when_it_can_be(desk: Desk) -> None:
    desk.station.journal_error = DatabaseError("{file} is locked", file="station.sqlite")
    view = opened(desk, rows_of(desk, 2))
    assert view.count_words == "The journal can't be read: station.sqlite is locked"
    desk.station.journal_error = None
    read(desk)
    assert view.count_words == "2 of 2 events"


def test_an_answer_to_an_older_question_is_not_shown(desk: Desk) -> None:
    view = opened(desk, rows_of(desk, 3))
    view.bar.field.setText("level")
    view.bar.field.setText("nowhere at all")
    desk.settle()
    read(desk)
    assert view.table.rows == []


def test_columns_make_room_for_the_text() -> None:
    assert len(widths_within(1_600)) == 10
    assert 8 not in widths_within(1_300)
    narrow = widths_within(700)
    assert narrow[TEXT] >= 220
    assert 6 not in narrow


def export(desk: Desk, view: JournalView, qtbot: QtBot, path: Path) -> None:
    qtbot.keyClick(view.view, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    sheet = sheet_of(desk, ExportSheet)
    assert isinstance(sheet, ExportSheet)
    assert sheet.field.text().endswith("journal-20251129-1813.csv")
    sheet.field.setText(str(path))
    sheet.export_button.click()  # without events: the loop doesn't run now


def test_everything_that_matches_is_exported(
    desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hmi.alarm_journal.export_bar.ROWS", 70)
    rows = rows_of(desk, 300)
    rows[0] = replace(rows[0], comment="=HYPERLINK(1)", aside_us=NOW_US, user="Jörg")
    rows[1] = act(rows[1], title="Speed setpoint", state="verified")
    view = opened(desk, rows)
    path = tmp_path / "journal.csv"
    export(desk, view, qtbot, path)
    desk.settle()
    assert view.export.words == "300 rows in journal.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert [int(each["seq"]) for each in found] == [row.seq for row in rows]
    first = found[0]
    assert (first["comment"], first["user"], first["aside_utc"]) == (
        "'=HYPERLINK(1)",
        "Jörg",
        "2025-11-29T18:13:20.000Z",
    )
    assert first["time_utc"] == "2025-11-29T18:13:10.000Z"
    assert first["time_local"] == "2025-11-29T18:13:10.000+00:00"
    assert first["value"] == repr(rows[0].value)
    assert found[1]["words"] == "Command · Speed setpoint · done"
    qtbot.mouseClick(view.export.stop, Qt.MouseButton.LeftButton)
    assert not view.export.progress.isVisible()
    export(desk, view, qtbot, path)
    desk.settle()
    assert view.export.words == f"The export failed: {path}: File exists"


@pytest.mark.parametrize("fault", ["locked", "audit", "folder", "cancelled", "part"])
def test_an_export_that_ends_early_leaves_nothing(
    desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    view = opened(desk, rows_of(desk, 10))
    path = tmp_path / "sub" / "journal.csv"
    if fault != "folder":
        path.parent.mkdir()
    if fault == "part":
        (path.parent / ".journal.csv.part").mkdir()
    if fault == "locked":
        desk.station.journal_error = DatabaseError("it is locked")
    if fault == "audit":
        answer = desk.station.journal

        async def without(query: JournalQuery) -> object:
            return replace(await answer(query), problem="the audit is away")

        monkeypatch.setattr(desk.station, "journal", without)
    export(desk, view, qtbot, path)
    if fault == "cancelled":
        desk.station.delay_s = 30.0
        assert view.export.stop.text() == "Cancel"
        view.export.stop.click()
    desk.settle()
    words = {
        "locked": "it is locked", "audit": "the audit is away", "folder": "No such file or directory",
        "cancelled": "The export was cancelled; there is no file", "part": "Is a directory",
    }  # fmt: skip
    assert view.export.words.endswith(words[fault])
    assert not path.exists()
    assert view.export.action.isEnabled()


def test_the_rows_in_the_list_are_printed_sheet_by_sheet(desk: Desk, tmp_path: Path) -> None:
    rows = rows_of(desk, 150)
    writer = QPdfWriter(str(tmp_path / "journal.pdf"))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    prepare(writer)
    assert print_rows(writer, desk.window.context, rows) in range(3, 7)
    assert (tmp_path / "journal.pdf").read_bytes().startswith(b"%PDF")


def test_printing_asks_for_a_printer_and_waits_for_nobody(desk: Desk, tmp_path: Path) -> None:
    view = opened(desk, rows_of(desk, 5))
    view.print_action.trigger()
    (dialog,) = view.findChildren(QPrintDialog)
    printer = dialog.printer()
    assert isinstance(printer, QPrinter)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "journal.pdf"))
    dialog.accepted.emit(printer)
    dialog.close()
    desk.tick(2)
    assert (tmp_path / "journal.pdf").stat().st_size > 1_000


def test_an_empty_list_can_not_be_printed() -> None:
    with open_desk(plant=replace(demo_plant(), alarms=())) as desk:
        view = opened(desk, [])
        assert not view.print_action.isEnabled()
        assert view.grab().size() != QSize(0, 0)
        assert "No event so far." in [label.text() for label in visible(view, QLabel)]


def test_time_texts_are_those_of_the_plant(desk: Desk) -> None:
    (row,) = rows_of(desk, 1)
    assert cell_text(desk.window.context, row, 0) == "2025-11-29 18:13:10.000"
