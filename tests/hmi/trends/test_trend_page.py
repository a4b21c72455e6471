"""The page of trends in a window: pens, cursors, mouse, keyboard, live and history, export."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from hmi.theme.theme import theme
from hmi.trends.draw_cursors import label_places, span_text
from hmi.trends.draw_ground import axis_width, curve_gaps, gap_text
from hmi.trends.draw_labels import end_text, spread, value_text
from hmi.trends.export_sheet import ExportSheet
from hmi.trends.page import TrendPage
from hmi.trends.pens import MOST_PENS, MOST_STRIPS
from hmi.trends.trace import NOT_LOADED, Value
from hmi.trends.view import SECOND_US
from plant_models.quality import Quality
from tests.fakes.desk import open_desk
from tests.fakes.trends import FLOW, GAP_S, HOUR_US, LEVEL, PRESSURE, RUN, Trend, open_trend_desk

NO_KEY = Qt.KeyboardModifier.NoModifier
LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton


def _column(page: TrendPage, title: str) -> list[str]:
    rows = page.table.rows
    titles = [rows.headerData(at, Qt.Orientation.Horizontal) for at in range(rows.columnCount())]
    return [rows.data(rows.index(at, titles.index(title))) for at in range(rows.rowCount())]


def _drag(page: TrendPage, start: QPoint, end: QPoint, button: Qt.MouseButton = LEFT) -> None:
    QTest.mousePress(page.canvas, button, Qt.KeyboardModifier.NoModifier, start)
    middle = (start + end) / 2
    for place in (middle, end):
        event = QPointF(place)
        page.canvas.mouseMoveEvent(_move(page, event, button))
    QTest.mouseRelease(page.canvas, button, Qt.KeyboardModifier.NoModifier, end)


def _move(page: TrendPage, at: QPointF, button: Qt.MouseButton) -> QMouseEvent:
    place = page.canvas.mapToGlobal(at)
    return QMouseEvent(QEvent.Type.MouseMove, at, place, button, button, Qt.KeyboardModifier.NoModifier)


def _wheel(page: TrendPage, at: QPoint, notches: int, keys: Qt.KeyboardModifier = NO_KEY) -> None:
    place = QPointF(page.canvas.mapToGlobal(at))
    turn = QPoint(0, 120 * notches)
    page.canvas.wheelEvent(
        QWheelEvent(QPointF(at), place, QPoint(), turn, LEFT & RIGHT, keys, Qt.ScrollPhase.NoScrollPhase, False)
    )


def test_history_and_live_values_are_one_curve(trend: Trend) -> None:
    desk, page, now_us = trend
    desk.station.put({LEVEL: 47.0})
    desk.tick(2)
    level = page.model.trace(LEVEL)
    assert level.part(*page.model.window).gaps() == ()
    assert level.at(now_us - 4 * HOUR_US).value == pytest.approx(56.0, abs=0.1)
    assert level.at(page.model.now_us).value == 47.0
    assert level.at(now_us - 60 * SECOND_US).value == pytest.approx(50.0, abs=0.1)


def test_a_gap_is_named_with_its_pen_and_reason(trend: Trend) -> None:
    _, page, now_us = trend
    (gap,) = curve_gaps(page.model, page.canvas.frame)
    assert gap_text(gap) == "Out of reach A"
    begin_us = now_us - 8 * HOUR_US
    assert gap.start_us == pytest.approx(begin_us + GAP_S[0] * SECOND_US, abs=2 * SECOND_US)
    assert gap.end_us == pytest.approx(begin_us + GAP_S[1] * SECOND_US, abs=2 * SECOND_US)


@pytest.mark.parametrize("quality", [Quality.BAD_NO_COMMUNICATION, Quality.UNCERTAIN_LAST_USABLE])
def test_a_live_value_that_is_lost_or_stale_begins_a_gap(trend: Trend, quality: Quality) -> None:
    desk, page, _ = trend
    desk.station.put({LEVEL: 50.0}, int(quality))
    desk.tick(2)
    gaps = page.model.trace(LEVEL).part(*page.model.window).gaps()
    assert [gap.quality for gap in gaps] == [quality]
    desk.station.put({LEVEL: 50.0})
    desk.tick(2)
    assert page.model.trace(LEVEL).at(page.model.now_us).value == 50.0


def test_the_table_says_what_pens_are_and_what_they_were(trend: Trend) -> None:
    desk, page, now_us = trend
    assert _column(page, "Pen") == ["A", "B", "C", ""]
    assert _column(page, "Tag") == [FLOW, PRESSURE, LEVEL, RUN]
    assert _column(page, "Now") == ["2\u2009388", "4.80", "50.0", "Running"]
    assert _column(page, "Quality") == ["Good"] * 4
    assert _column(page, "Max")[0] == "3\u2009900"
    assert _column(page, "Max")[2] == "62.0"
    assert _column(page, "Avg")[2] == "56.0"
    page.model.set_cursor(0, now_us - 6 * HOUR_US)
    page.model.set_cursor(1, now_us - 2 * HOUR_US)
    assert _column(page, "Cursor 1")[2:] == ["59.0", "Stopped"]
    assert _column(page, "Cursor 2")[2:] == ["53.0", "Running"]
    assert _column(page, "Δ")[2:] == ["−6.0", ""]
    desk.station.put({LEVEL: 50.0}, int(Quality.BAD_NO_COMMUNICATION))
    desk.tick(6)
    assert _column(page, "Now")[2] == "? 50.0"
    assert _column(page, "Quality")[2] == "No communication"


def test_in_a_gap_the_cursor_says_why_there_is_no_value(trend: Trend) -> None:
    _, page, now_us = trend
    page.model.set_cursor(0, now_us - 8 * HOUR_US + (GAP_S[0] + 300) * SECOND_US)
    assert _column(page, "Cursor 1")[0] == "— no communication"


def test_the_model_of_the_table_keeps_the_rules_of_qt(trend: Trend, qtmodeltester: ModelTester) -> None:
    _, page, _ = trend
    qtmodeltester.check(page.table.rows)
    page.model.remove(PRESSURE)
    assert _column(page, "Tag") == [FLOW, LEVEL, RUN]
    assert _column(page, "Pen") == ["A", "B", ""]


def test_a_click_places_a_cursor_on_the_data_and_the_next_click_moves_it(trend: Trend) -> None:
    _, page, _ = trend
    plot = page.canvas.frame.plot
    for share in (0.25, 0.75):
        at = QPoint(round(plot.left() + share * plot.width()), round(plot.center().y()))
        QTest.mouseClick(page.canvas, LEFT, Qt.KeyboardModifier.NoModifier, at)
        found = page.model.cursors[0]
        assert found is not None
        start, end = page.model.window
        assert (found - start) / (end - start) == pytest.approx(share, abs=0.01)
    assert page.model.cursors[1] is None


def test_a_cursor_can_be_dragged(trend: Trend) -> None:
    _, page, _ = trend
    frame = page.canvas.frame
    page.model.set_cursor(0, (frame.start_us + frame.end_us) // 2)
    y = round(frame.plot.center().y())
    centre = round(frame.x_of(page.model.cursors[0] or 0))
    _drag(page, QPoint(centre, y), QPoint(centre + 100, y))
    assert frame.x_of(page.model.cursors[0] or 0) == pytest.approx(centre + 100, abs=2)
    assert page.model.view.is_live


def test_a_drawn_box_zooms_and_undo_leads_back(trend: Trend) -> None:
    _, page, _ = trend
    before, plot = page.model.view, page.canvas.frame.plot
    start = QPoint(round(plot.left() + plot.width() * 0.2), round(plot.top() + plot.height() * 0.25))
    end = QPoint(round(plot.left() + plot.width() * 0.4), round(plot.top() + plot.height() * 0.75))
    _drag(page, start, end)
    view = page.model.view
    assert not view.is_live
    assert view.span_us == pytest.approx(0.2 * 8 * HOUR_US, rel=0.02)
    assert (view.bottom, view.top) == pytest.approx((0.25, 0.75), abs=0.02)
    page.toolbar.tool("undo").trigger()
    assert page.model.view == before
    page.toolbar.tool("redo").trigger()
    assert page.model.view == view


def test_the_wheel_zooms_time_and_with_control_the_height(trend: Trend) -> None:
    _, page, _ = trend
    centre = page.canvas.frame.plot.center().toPoint()
    _wheel(page, centre, 1)
    assert page.model.view.span_us == pytest.approx(0.8 * 8 * HOUR_US, rel=0.001)
    _wheel(page, centre, 1, Qt.KeyboardModifier.ControlModifier)
    assert page.model.view.top - page.model.view.bottom == pytest.approx(0.8)


@pytest.mark.parametrize("button", [RIGHT, MIDDLE])
def test_the_right_or_middle_button_pans(trend: Trend, button: Qt.MouseButton) -> None:
    _, page, _ = trend
    plot, end_us = page.canvas.frame.plot, page.model.window[1]
    y = round(plot.center().y())
    _drag(page, QPoint(round(plot.left()) + 10, y), QPoint(round(plot.left() + plot.width() / 2) + 10, y), button)
    assert not page.model.view.is_live
    assert page.model.window[1] == pytest.approx(end_us - 4 * HOUR_US, abs=2 * 60 * SECOND_US)


def test_the_buttons_choose_time(trend: Trend) -> None:
    _, page, _ = trend
    page.toolbar.preset(HOUR_US).click()
    assert page.model.view.span_us == HOUR_US
    assert page.toolbar.preset(HOUR_US).isChecked()
    page.toolbar.live_button.click()
    assert not page.model.view.is_live
    end_us = page.model.window[1]
    page.toolbar.tool("back").trigger()
    assert page.model.window[1] == end_us - HOUR_US // 2
    page.toolbar.tool("latest").trigger()
    assert page.model.view.is_live


def test_every_tool_has_a_shortcut_of_its_own_and_says_it(trend: Trend) -> None:
    desk, page, _ = trend
    tools = [page.toolbar.tool(name) for name in ("back", "forward", "latest", "undo", "redo", "zoom_in", "zoom_out")]
    tools += [page.toolbar.tool(name) for name in ("cursor", "cursors", "fit", "export")]
    shortcuts = [tool.shortcut().toString() for tool in tools]
    taken = [action.shortcut().toString() for action in desk.window.actions() if action.shortcut().toString()]
    assert len({*shortcuts, *taken}) == len(shortcuts) + len(taken)
    assert all(tool.shortcut().toString() in tool.toolTip() for tool in tools)


def test_the_keyboard_pauses_zooms_and_moves_cursors(trend: Trend, qtbot: QtBot) -> None:
    _, page, _ = trend
    page.canvas.setFocus()
    QTest.keyClick(page.canvas, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert not page.model.view.is_live
    QTest.keyClick(page.canvas, Qt.Key.Key_Plus)
    assert page.model.view.span_us < 8 * HOUR_US
    QTest.keyClick(page.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.model.view.span_us == 8 * HOUR_US
    QTest.keyClick(page.canvas, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    first = page.model.cursors[0]
    assert first is not None
    QTest.keyClick(page.canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(page.canvas, Qt.Key.Key_Left)
    pixel_us = 8 * HOUR_US / page.canvas.frame.plot.width()
    assert (page.model.cursors[0] or 0) - first == pytest.approx(9 * pixel_us, abs=2)
    QTest.keyClick(page.canvas, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert page.model.cursors == (None, None)


def test_a_pen_is_hidden_by_its_box_and_removed_by_delete(trend: Trend) -> None:
    _, page, _ = trend
    page.table.setFocus()
    page.table.selectRow(1)
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert [pen.tag.name for pen in page.model.shown(is_strip=False)] == [FLOW, LEVEL]
    assert _column(page, "Pen") == ["A", "B", "C", ""]
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    assert [pen.tag.name for pen in page.model.pens] == [FLOW, LEVEL, RUN]
    page.model.undo()
    assert [pen.tag.name for pen in page.model.pens] == [FLOW, PRESSURE, LEVEL, RUN]


def test_the_chosen_row_is_the_chosen_pen(trend: Trend) -> None:
    _, page, _ = trend
    page.table.selectRow(2)
    assert page.model.chosen == LEVEL


def test_a_click_on_an_axis_chooses_its_pen(trend: Trend) -> None:
    _, page, _ = trend
    axis = page.canvas.frame.axes[1]
    QTest.mouseClick(page.canvas, LEFT, NO_KEY, axis.center().toPoint())
    assert page.model.chosen == PRESSURE
    assert page.table.currentIndex().row() == 1
    assert page.model.cursors == (None, None)


def test_pens_are_found_by_parts_of_names_and_added_with_enter(trend: Trend) -> None:
    desk, page, _ = trend
    QTest.mouseClick(page.toolbar._add, LEFT)
    assert page.picker.isVisible()
    assert page.window().focusWidget() is page.picker.field
    QTest.keyClicks(page.picker.field, "rps.p2 flow")
    assert page.picker.hits.count() == 1
    QTest.keyClick(page.picker.field, Qt.Key.Key_Return)
    assert page.model.chosen == "RPS.P2.FLOW"
    assert page.picker.isVisible()
    QTest.keyClick(page.picker.field, Qt.Key.Key_Escape)
    assert not page.picker.isVisible()
    desk.settle()


def test_a_text_is_no_pen_and_a_full_trend_loses_its_oldest(trend: Trend) -> None:
    desk, page, _ = trend
    tags = desk.station.plant.tags
    texts = [tag.name for tag in tags if tag.is_text]
    assert texts
    page.model.add(texts)
    assert len(page.model.pens) == 4
    curves = [tag.name for tag in tags if not tag.is_text and not tag.states and tag.type.value.startswith("f")]
    strips = [tag.name for tag in tags if tag.states]
    page.model.add(curves[:MOST_PENS])
    page.model.add(strips[: MOST_STRIPS + 3])
    assert len(page.model.shown(is_strip=False)) == MOST_PENS
    assert len(page.model.shown(is_strip=True)) == MOST_STRIPS
    assert page.model.pen(FLOW) is None or FLOW in curves[:MOST_PENS]
    desk.settle()
    desk.tick(2)
    assert not page.canvas.grab().isNull()


def test_scales_fit_the_values_on_request(trend: Trend) -> None:
    _, page, _ = trend
    pen = page.model.pen(LEVEL)
    assert pen is not None
    assert (page.model.scale(pen).low, page.model.scale(pen).high) == (0, 100)
    page.toolbar.tool("fit").trigger()
    fitted = page.model.scale(pen)
    assert 40 <= fitted.low <= 50
    assert 62 <= fitted.high <= 75


def test_beside_a_window_of_the_past_stand_the_values_at_its_end(trend: Trend) -> None:
    desk, page, now_us = trend
    level, run = page.model.pen(LEVEL), page.model.pen(RUN)
    assert level is not None
    assert run is not None
    assert (end_text(page.model, level), end_text(page.model, run)) == ("50.0 %", "Running")
    page.model.change(lambda view: view.with_span(HOUR_US).paused(now_us).panned(-6 * HOUR_US, now_us))
    desk.settle()
    assert (end_text(page.model, level), end_text(page.model, run)) == ("59.0\u00a0%", "Stopped")


def test_a_trend_can_be_opened_at_a_time_of_the_past(trend: Trend) -> None:
    desk, page, now_us = trend
    at_us = now_us - 20 * HOUR_US
    desk.window.open_trend([LEVEL], at_us)
    start, end = page.model.window
    assert start < at_us < end
    assert page.model.cursors[0] == at_us
    desk.settle()


def test_an_empty_trend_says_what_to_do(qtbot: QtBot) -> None:
    with open_desk() as desk:
        desk.window.show_trends()
        desk.tick(2)
        page = desk.window.area.trend_page
        assert page is not None
        assert not page.table.isVisible()
        assert not page.toolbar.tool("export").isEnabled()
        assert not page.canvas.grab().isNull()


def test_the_visible_range_is_exported(trend: Trend, tmp_path: Path) -> None:
    desk, page, _ = trend
    page.model.change(lambda view: view.with_span(600 * SECOND_US))
    desk.settle()
    desk.run(page.export(tmp_path / "trend.csv"))
    lines = (tmp_path / "trend.csv").read_text(encoding="utf-8-sig").splitlines()
    assert 4 * 600 <= len(lines) <= 4 * 600 + 20
    assert page.problem == ""


def test_an_export_that_fails_is_told(trend: Trend, tmp_path: Path) -> None:
    desk, page, _ = trend
    path = tmp_path / "nowhere" / "trend.csv"
    desk.run(page.export(path))
    told = f"Nothing was exported: {path}: No such file or directory"
    assert told in desk.texts()
    page.model.data_changed.emit()
    assert told in desk.texts(), "it stays until somebody closes it"
    desk.run(page.export(tmp_path / "trend.csv"))
    assert told not in desk.texts()


def test_what_was_exported_stands_there_until_the_view_changes(trend: Trend, tmp_path: Path) -> None:
    desk, page, _ = trend
    desk.run(page.export(tmp_path / "trend.csv"))
    page.model.data_changed.emit()
    assert any(text.endswith("rows in trend.csv") for text in desk.texts())
    page.model.change(lambda view: view.with_span(600 * SECOND_US))
    assert not any(text.endswith("rows in trend.csv") for text in desk.texts())


def test_a_file_that_is_there_is_never_replaced(trend: Trend, tmp_path: Path) -> None:
    desk, page, _ = trend
    path = tmp_path / "trend.csv"
    path.write_text("mine")
    desk.run(page.export(path))
    assert f"Nothing was exported: {path}: File exists" in desk.texts()
    assert path.read_text() == "mine"


def test_the_file_is_asked_for_without_looking_at_the_disk(
    trend: Trend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, page, _ = trend
    monkeypatch.setenv("HOME", str(tmp_path))
    page.toolbar.tool("export").trigger()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, ExportSheet)
    assert sheet.field.text().endswith(".csv")
    for no_file in ("", ".", "/", "..", "~", "a/.."):
        sheet.field.setText(no_file)
        assert not sheet.export_button.isEnabled(), no_file
    sheet.field.setText(str(tmp_path / "curve"))
    sheet.export_button.click()
    desk.run(asyncio.sleep(0.1))
    desk.settle()
    assert desk.window.area.dialogs.sheet is None
    assert (tmp_path / "curve.csv").exists()


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (1024, 640)])
def test_both_themes_and_all_sizes_can_be_drawn(qtbot: QtBot, size: tuple[int, int]) -> None:
    with open_trend_desk(size=size) as (desk, page, now_us):
        page.model.set_cursor(0, now_us - 6 * HOUR_US)
        page.model.set_cursor(1, now_us - HOUR_US)
        for name in ("dark", "light"):
            theme().set_name(name)
            desk.tick(5)
            picture = page.canvas.grab().toImage()
            corner = page.canvas.frame.plot.topLeft().toPoint()
            places = [corner + QPoint(x, 3) for x in (3, 7)]  # a line of the grid stands at one of them at most
            seen = [picture.pixelColor(place * picture.devicePixelRatio()) for place in places]
            assert theme().color("panel") in seen
        assert page.canvas.frame.plot.height() > 100


def test_no_button_moves_when_the_trend_is_stopped(trend: Trend) -> None:
    desk, page, _ = trend
    width = page.toolbar.live_button.width()
    page.toolbar.live_button.click()
    desk.tick(2)
    assert page.toolbar.live_button.text().strip() == "Paused"
    assert page.toolbar.live_button.width() == width


def test_labels_of_close_cursors_stand_on_either_side_of_them(trend: Trend) -> None:
    _, page, _ = trend
    frame = page.canvas.frame
    for left in (frame.plot.left(), frame.plot.center().x(), frame.plot.right() - 30):
        places = label_places({0: left + 30, 1: left}, {0: 110.0, 1: 110.0}, frame)
        (first_edge, first_is_left), (second_edge, second_is_left) = places[1], places[0]
        assert (first_is_left, second_is_left) == (True, False)
        assert first_edge < second_edge
        assert frame.plot.left() <= first_edge - 110 < second_edge + 110 <= frame.plot.right() + 1


def test_a_long_number_gets_the_room_it_needs(qtbot: QtBot) -> None:
    del qtbot
    with open_trend_desk() as (desk, page, _):
        usual = page.canvas.frame.axes[0].width()
        page.model.change(lambda view: view.stretched(0.01, 0.5))
        desk.tick(6)
        for pen, axis in zip(page.model.shown(is_strip=False), page.canvas.frame.axes, strict=True):
            assert axis.width() >= max(usual, axis_width(page.model, pen))
        assert page.canvas.frame.axes[-1].left() >= 0


def test_labels_do_not_cover_one_another() -> None:
    assert spread([50.0, 52.0, 51.0], 20, 0, 200) == [50.0, 90.0, 70.0]
    assert spread([195.0, 199.0], 20, 0, 200) == [180.0, 200.0]
    assert spread([], 20, 0, 200) == []


def test_the_time_between_cursors_is_written_out() -> None:
    assert span_text(3 * HOUR_US + 5 * SECOND_US) == "Δ\u20023:00:05"
    assert span_text(-26 * HOUR_US) == "Δ\u2002−1 d 2:00:00"


def test_a_time_that_history_has_not_answered_for_is_a_dash_and_not_called_bad(trend: Trend) -> None:
    _, page, _ = trend
    pen = page.model.pens[0]
    assert value_text(pen, Value(float("nan"), NOT_LOADED)) == "—"
    assert value_text(pen, Value(float("nan"), Quality.BAD_NO_DATA)) == "— nothing recorded"
