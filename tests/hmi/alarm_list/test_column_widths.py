"""What stands in the narrow columns of the alarm list and the journal is never cut."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from hmi.alarm_journal.cells import COLUMNS as JOURNAL_COLUMNS
from hmi.alarm_journal.cells import cell_text
from hmi.alarm_journal.delegate import journal_style
from hmi.alarm_list.columns import (
    AGE,
    AREA,
    COLUMNS,
    CONDITION,
    CONSEQUENCE,
    COUNT,
    LIMIT,
    PADDING,
    STATE,
    TAG,
    TEXT,
    TIME,
    USUAL,
    VALUE,
    Column,
    cell_of,
    widths_within,
)  # fmt: skip
from hmi.alarm_list.delegate import cell_style
from hmi.drawing.text import TextStyle, text_width
from tests.fakes.alarms import alarm, journal
from tests.fakes.desk import Desk

LEVEL = "TK1.LEVEL.LL"
SMALL, LARGE_WITH_DETAILS = 1172, 1234
"""Widths of the list in windows of 1280 px, and of 1920 px with the details beside it."""
NEEDED = (TIME, AGE, TAG, TEXT, CONDITION, VALUE, LIMIT, CONSEQUENCE, STATE, COUNT)
WIDEST_US = 1_732_802_888_888_000
_PADDING = 16


def _at(columns: Sequence[Column], title: str) -> int:
    return next(at for at, column in enumerate(columns) if column.title == title)


def _fits(text: str, style: TextStyle, column: Column) -> bool:
    return text_width(text, style) <= column.width - _PADDING


@pytest.mark.parametrize("title", ["Time", "Cond."])
def test_no_cell_of_the_alarm_list_is_cut(desk: Desk, title: str) -> None:
    row = alarm(desk.station.plant, _link(desk))
    at = _at(COLUMNS, title)
    assert _fits(cell_of(desk.window.context, row, at), cell_style(COLUMNS[at], row), COLUMNS[at])


def test_the_time_in_the_journal_keeps_its_milliseconds(desk: Desk) -> None:
    (row,) = journal([alarm(desk.station.plant, LEVEL)])
    row = replace(row, at_us=WIDEST_US)
    at = _at(JOURNAL_COLUMNS, "Time")
    assert _fits(cell_text(desk.window.context, row, at), journal_style(at), JOURNAL_COLUMNS[at])


def _link(desk: Desk) -> str:
    return next(each.name for each in desk.station.plant.alarms if each.name.endswith(".comm"))


@pytest.mark.parametrize(("room", "more"), [(SMALL, set()), (LARGE_WITH_DETAILS, {AREA})])
def test_what_an_operator_decides_by_is_there_in_every_window(room: int, more: set[int]) -> None:
    widths = widths_within(room, USUAL)
    assert {*NEEDED, *more} <= widths.keys()
    assert sum(widths.values()) == room


@pytest.mark.parametrize(
    ("column", "text", "weight"),
    [
        (TIME, "20:48:08", 600),
        (AGE, "23 h 59 min", 400),
        (AREA, "River pump station", 600),
        (TAG, "DOS.CL2.RESIDUAL", 600),
        (TEXT, "Valve does not open as told", 600),
        (CONDITION, "Discrepancy", 600),
        (VALUE, "?\u00a03600.0\u00a0mg/L", 600),
        (LIMIT, "1000.00", 600),
        (CONSEQUENCE, "23 h 59 min", 600),
        (STATE, "Unack, active, input bad", 600),
        (STATE, "Latched, reset needed", 400),
        (COUNT, "999", 600),
    ],
)
def test_the_narrowest_column_cuts_none_of_its_usual_words(
    qapp: QApplication, column: int, text: str, weight: int
) -> None:
    assert text_width(text, TextStyle(15, weight, condensed=True)) <= COLUMNS[column].least - 2 * PADDING


def test_the_columns_that_somebody_chose_get_the_room_of_those_left_out() -> None:
    chosen = {"time", "area", "value", "limit", "consequence", "acked_by"}
    widths = widths_within(SMALL, chosen)
    assert {COLUMNS[at].name for at in widths} - {""} == chosen
    assert widths[AREA] > COLUMNS[AREA].least
    assert sum(widths.values()) == SMALL


def test_with_larger_letters_less_fits_and_columns_grow(qapp: QApplication) -> None:
    widths = widths_within(SMALL, USUAL, 20)
    assert widths[TIME] > COLUMNS[TIME].width
    assert len(widths) < len(widths_within(SMALL))
    assert sum(widths.values()) == SMALL
