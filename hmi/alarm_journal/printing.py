"""The rows of the journal list on paper, landscape, with what they are and the page on each sheet. GUI thread."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPagedPaintDevice, QPageLayout, QPainter, QPen
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from alarms.journal_query import JournalRow
from hmi.alarm_journal.cells import (
    AREA,
    COLUMNS,
    COMMENT,
    EVENT,
    OPERATOR,
    TAG,
    TEXT,
    TIME,
    VALUE,
    cell_text,
    full_time,
)
from hmi.alarm_journal.table import JournalTable
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.theme.fonts import font

_SHARES: Final = {TIME: 15, EVENT: 10, AREA: 10, TAG: 13, TEXT: 26, VALUE: 8, OPERATOR: 8, COMMENT: 10}
"""Columns on paper, with their share of its width (%)."""
_MARGIN_MM: Final = 12.0
_POINTS: Final = 8
_LINE: Final = 1.5
"""The height of a row, in heights of the letters."""


def print_shown(parent: QWidget, context: Context, table: JournalTable) -> None:
    """Ask for a printer and print the rows in the list; doesn't wait for the answer."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    prepare(printer)
    dialog = QPrintDialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    rows = list(table.rows)
    dialog.accepted.connect(lambda *_: print_rows(printer, context, rows))
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.show()


def prepare(device: QPagedPaintDevice) -> None:
    """Set the sheet up: landscape, with margins."""
    device.setPageOrientation(QPageLayout.Orientation.Landscape)
    device.setPageMargins(QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM), QPageLayout.Unit.Millimeter)


def print_rows(device: QPagedPaintDevice, context: Context, rows: Sequence[JournalRow]) -> int:
    """Print rows; return the number of sheets."""
    with QPainter(device) as painter:
        return _Paper(device, painter, context, rows).draw()


class _Paper:
    """Draws sheet after sheet: a head, the titles of the columns, rows, and its number."""

    def __init__(
        self, device: QPagedPaintDevice, painter: QPainter, context: Context, rows: Sequence[JournalRow]
    ) -> None:
        self._device, self._painter, self._context, self._rows = device, painter, context, rows
        self._font = QFont(font(_POINTS).family())
        self._font.setPointSize(_POINTS)
        painter.setFont(self._font)
        self._metrics = QFontMetricsF(self._font, device)
        self._height = self._metrics.height() * _LINE
        self._on_sheet = max(1, int(device.height() / self._height) - 4)

    def draw(self) -> int:
        sheets = -(-len(self._rows) // self._on_sheet)
        for sheet in range(sheets):
            if sheet:
                self._device.newPage()
            self._draw_head(sheet + 1, sheets)
            for line, row in enumerate(self._rows[sheet * self._on_sheet : (sheet + 1) * self._on_sheet]):
                self._draw_line(line + 3, [cell_text(self._context, row, at) for at in _SHARES])
        return sheets

    def _draw_head(self, sheet: int, sheets: int) -> None:
        now = full_time(self._context, self._context.clock.wall_us())[:16]
        head = tr("{plant}: journal, {rows} events, printed {time}").format(
            plant=self._context.plant.name, rows=number_text(len(self._rows), 0), time=now
        )
        width = self._device.width()
        self._draw_text(QRectF(0, 0, width * 0.8, self._height), head)
        page = tr("Sheet {sheet} of {sheets}").format(sheet=sheet, sheets=sheets)
        self._draw_text(QRectF(width * 0.8, 0, width * 0.2, self._height), page, Qt.AlignmentFlag.AlignRight)
        self._draw_line(2, [tr(COLUMNS[at].title) for at in _SHARES])

    def _draw_line(self, line: int, texts: Sequence[str]) -> None:
        unit, left = self._device.width() / sum(_SHARES.values()), 0.0
        top = line * self._height
        for (at, share), text in zip(_SHARES.items(), texts, strict=True):
            box = QRectF(left, top, share * unit - self._metrics.averageCharWidth(), self._height)
            side = Qt.AlignmentFlag.AlignRight if COLUMNS[at].is_number else Qt.AlignmentFlag.AlignLeft
            self._draw_text(box, text, side)
            left += share * unit
        self._painter.setPen(QPen(Qt.GlobalColor.lightGray, 0))
        self._painter.drawLine(QPointF(0, top + self._height), QPointF(self._device.width(), top + self._height))

    def _draw_text(self, box: QRectF, text: str, side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:
        self._painter.setPen(Qt.GlobalColor.black)
        shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        self._painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
