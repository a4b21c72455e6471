"""What stands in the narrow columns of the alarm list and the journal is never cut."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hmi.alarm_journal.cells import COLUMNS as JOURNAL_COLUMNS
from hmi.alarm_journal.cells import cell_text
from hmi.alarm_journal.delegate import journal_style
from hmi.alarm_list.columns import COLUMNS, Column, cell_of
from hmi.alarm_list.delegate import cell_style
from hmi.drawing.text import TextStyle, text_width
from tests.fakes.alarms import alarm, journal
from tests.fakes.desk import Desk

LEVEL = "TK1.LEVEL.LL"
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
