"""What an operator reads in lists and in the trend: the texts of the cells, never what is behind them. GUI thread."""

import math
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView

from hmi.alarm_journal.page import JournalView
from hmi.numbers import DASH
from hmi.trends.page import TrendPage
from tests.end_to_end.operator import Operator

Row = dict[str, str]
CURSOR = "Cursor 1"


def rows_of(view: QTableView) -> list[Row]:
    """Return the rows of a table that is shown, each cell under the title of its column."""
    model = view.model()
    assert view.isVisible()
    titles = [str(model.headerData(at, Qt.Orientation.Horizontal) or at) for at in range(model.columnCount())]
    shown = [at for at in range(model.columnCount()) if not view.isColumnHidden(at)]
    return [{titles[at]: str(model.index(row, at).data() or "") for at in shown} for row in range(model.rowCount())]


def alarm_rows(operator: Operator) -> list[Row]:
    """Return what the alarm list shows; an empty list says so in words instead."""
    page = operator.window.area.alarms_page
    assert page is not None
    return rows_of(page.view) if page.view.isVisible() else []


def journal_rows(operator: Operator) -> list[Row]:
    """Return what the journal shows, newest first; an empty one says so in words instead."""
    page = next(each for each in operator.window.findChildren(JournalView) if each.isVisible())
    return rows_of(page.view) if page.view.isVisible() else []


def has_read_alarms(operator: Operator) -> bool:
    """Tell whether every alarm on screen has stood there long enough to be read, and so to be acknowledged."""
    page = operator.window.area.alarms_page
    return page is not None and all(page.view.seen.stands(row) for row in page.view.on_screen())


def time_of(row: Row, zone: str) -> int:
    """Return the time of a row of the journal, µs UTC, to the millisecond that stands there."""
    local = datetime.strptime(row["Time"], "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=ZoneInfo(zone))
    return round(local.timestamp() * 1e6)


class TrendReader:
    """The trend page as the operator has it in front of them."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator
        page = operator.window.area.trend_page
        assert page is not None
        self._page: TrendPage = page

    async def add(self, tag: str) -> None:
        """Add a pen by typing its name."""
        await self._operator.click("Add pens", self._page)
        field = self._page.picker.field
        QTest.keyClicks(field, tag)
        QTest.keyClick(field, Qt.Key.Key_Return)
        QTest.keyClick(field, Qt.Key.Key_Escape)
        await self._operator.sees(f"the pen {tag}", lambda: tag in self._tags())

    async def point_at(self, at_us: int) -> int:
        """Click the drawing at a time; return the time at which the cursor stands then, a pixel beside it at most."""
        canvas, frame = self._page.canvas, self._page.canvas.frame
        assert frame.start_us < at_us < frame.end_us, "that time isn't on screen"
        at = QPoint(round(frame.x_of(at_us)), round(frame.plot.center().y()))
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
        placed = self._page.model.cursors[0]
        assert placed is not None
        return placed

    def now(self, tag: str) -> float:
        """Return the present value of a pen, NaN if none stands there."""
        text = next(row["Now"] for row in rows_of(self._page.table) if row["Tag"] == tag)
        return math.nan if _is_empty(text) else float(text.split()[0])

    async def under_cursor(self) -> dict[str, str]:
        """Return what stands under the cursor for each pen, once all of it is there."""
        await self._operator.sees("values under the cursor", lambda: not any(map(_is_empty, self.cells().values())))
        return self.cells()

    def is_gap(self, tag: str) -> bool:
        """Tell whether the cursor stands in a gap of a pen: a dash and the reason, no value."""
        return self.cells()[tag] == f"{DASH} nothing recorded"

    def _tags(self) -> list[str]:
        return [row["Tag"] for row in rows_of(self._page.table)] if self._page.table.isVisible() else []

    def cells(self) -> dict[str, str]:
        """Return what stands under the cursor for each pen now, "" where no cursor stands."""
        return {row["Tag"]: row.get(CURSOR, "") for row in rows_of(self._page.table)}


def _is_empty(cell: str) -> bool:
    return not cell or cell.startswith(DASH)
