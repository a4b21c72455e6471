"""The alarm list on paper, or as a PDF file: black on white, so that any printer will do. Any thread.

The page runs it beside the GUI thread: 10,000 rows are hundreds of pages.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter

from hmi.alarm_list.sheet import ListSheet
from hmi.i18n import tr
from hmi.theme.fonts import font

_MARGIN_MM: Final = 12.0
_DPI: Final = 96
"""A point of the drawing, like a pixel on screen; the device draws as fine as it can."""
_LINE: Final = 18.0
_GAP: Final = 6.0
_BLACK: Final = QColor(0, 0, 0)
_GREY: Final = QColor(120, 120, 120)


def pdf_file(path: Path) -> QPdfWriter:
    """Return a PDF file to print to; it must not be there yet.

    Raises:
        OSError: it can't be written, or there is one already: nothing is replaced.
    """
    with path.open("x"):
        pass
    return QPdfWriter(str(path))


def printer(name: str) -> QPrinter:
    """Return a printer by the name that the computer knows it by."""
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setPrinterName(name)
    return made


def print_list(device: QPagedPaintDevice, sheet: ListSheet) -> int:
    """Print a list, on as many pages as it takes; return how many.

    Raises:
        OSError: the device takes nothing.
    """
    device.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Landscape,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    with QPainter(device) as painter:
        if not painter.isActive():
            raise OSError(tr("the printer takes nothing"))
        scale = device.logicalDpiX() / _DPI
        painter.scale(scale, scale)
        room = QRectF(0, 0, device.width() / scale, device.height() / scale)
        return _Pages(device, painter, room, sheet).draw()


class _Pages:
    """Draws one page after the other."""

    def __init__(self, device: QPagedPaintDevice, painter: QPainter, room: QRectF, sheet: ListSheet) -> None:
        self._device, self._painter, self._room, self._sheet = device, painter, room, sheet
        total = sum(sheet.widths) or 1
        self._widths = [width * room.width() / total for width in sheet.widths]
        self._top = (len(sheet.head) + 2) * _LINE
        self._per_page = max(1, math.floor((room.height() - self._top - 2 * _LINE) / _LINE))
        self._count = max(1, math.ceil(len(sheet.rows) / self._per_page))

    def draw(self) -> int:
        for page in range(self._count):
            if page:
                self._device.newPage()
            self._draw_page(page)
        return self._count

    def _draw_page(self, page: int) -> None:
        sheet = self._sheet
        for at, words in enumerate(sheet.head):
            box = QRectF(0, at * _LINE, self._room.width(), _LINE)
            self._write(box, words, font(14, 600) if at == 0 else font(11), is_number=False)
        self._draw_row(self._top - _LINE, sheet.titles, font(11, 600))
        self._rule(self._top, _BLACK)
        first = page * self._per_page
        for at, row in enumerate(sheet.rows[first : first + self._per_page]):
            self._draw_row(self._top + at * _LINE, row, font(11))
        words = tr("Page {page} of {count}").format(page=page + 1, count=self._count)
        foot = QRectF(0, self._room.height() - _LINE, self._room.width(), _LINE)
        self._write(foot, words, font(11), is_number=True)

    def _draw_row(self, top: float, texts: Sequence[str], used: QFont) -> None:
        left = 0.0
        for width, text in zip(self._widths, texts, strict=True):
            self._write(QRectF(left, top, max(0.0, width - _GAP), _LINE), text, used, is_number=False)
            left += width
        self._rule(top + _LINE, _GREY)

    def _rule(self, y: float, colour: QColor) -> None:
        self._painter.setPen(colour)
        self._painter.drawLine(QPointF(0, y), QPointF(self._room.width(), y))

    def _write(self, box: QRectF, text: str, used: QFont, is_number: bool) -> None:
        shown = QFontMetricsF(used).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
        self._painter.setFont(used)
        self._painter.setPen(_BLACK)
        self._painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown)
