"""A row of the journal stands where it was recorded; where its source says another time, that is shown."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from alarms.journal_query import JournalRow
from hmi.alarm_journal.cells import COLUMNS, COMMENT, TIME, cell_text, is_apart
from hmi.alarm_journal.delegate import journal_style
from hmi.alarm_journal.page import JournalView
from hmi.alarm_list.columns import PADDING
from hmi.drawing.text import text_width
from tests.fakes.alarms import alarm, journal
from tests.fakes.desk import Desk, visible

TRIP = "RPS.P1.FLT.state"
AT_US = 1_732_806_070_000_000
LATER_US = 131_000_000


def _row(desk: Desk, recorded_us: int) -> JournalRow:
    (row,) = journal([alarm(desk.station.plant, TRIP, active_us=AT_US)])
    return replace(row, recorded_us=recorded_us)


def _view(desk: Desk, row: JournalRow) -> JournalView:
    desk.station.journal_rows = [row]
    desk.window.show_journal()
    (view,) = visible(desk.window, JournalView)
    view.bar.spans.buttons()[-1].click()
    desk.tick(6)
    desk.settle()
    return view


def _time_cell(view: JournalView) -> QImage:
    rect = view.view.visualRect(view.table.index(0, TIME))
    return view.view.viewport().grab(rect).toImage()


@pytest.mark.parametrize(("by_us", "apart"), [(0, False), (2_000_000, False), (2_000_001, True), (-LATER_US, True)])
def test_two_seconds_apart_are_still_one_time(desk: Desk, by_us: int, apart: bool) -> None:
    assert is_apart(_row(desk, AT_US + by_us)) is apart


def test_a_time_that_is_not_that_of_the_recording_tells_both(desk: Desk) -> None:
    view = _view(desk, _row(desk, AT_US + LATER_US))
    words = view.table.index(0, TIME).data(Qt.ItemDataRole.ToolTipRole)
    assert words.startswith("recorded ")
    assert "source time" in words
    source, recorded = (cell_text(desk.window.context, _row(desk, 0), TIME), words.split(",")[0])
    assert source[11:19] in words.split("source time")[1]
    assert source[11:19] not in recorded


def test_its_mark_is_drawn_beside_the_time_and_only_then(desk: Desk) -> None:
    plain = _time_cell(_view(desk, _row(desk, AT_US)))
    marked = _time_cell(_view(desk, _row(desk, AT_US + LATER_US)))
    assert plain != marked


def test_a_comment_that_has_no_room_is_its_tool_tip(desk: Desk) -> None:
    view = _view(desk, replace(_row(desk, AT_US), comment="Vent cleaned, filter ordered for Tuesday"))
    assert view.table.index(0, COMMENT).data(Qt.ItemDataRole.ToolTipRole) == "Vent cleaned, filter ordered for Tuesday"


def test_a_time_without_a_difference_has_no_tool_tip(desk: Desk) -> None:
    view = _view(desk, _row(desk, AT_US))
    assert not view.table.index(0, TIME).data(Qt.ItemDataRole.ToolTipRole)


def test_mark_and_time_do_not_overlap(desk: Desk) -> None:
    widest = cell_text(desk.window.context, _row(desk, AT_US), TIME)
    assert text_width(widest, journal_style(TIME)) + 2 * PADDING + 16 + 4 <= COLUMNS[TIME].width
