"""The report on paper: A4 pages as a PDF file, drawn by the functions that draw the page on screen. GUI thread.

What is drawn goes into memory, block by block so that the screens go on; the page writes it to the disk.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QBuffer, QMarginsF, QRectF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from alarms.kpi.report import AlarmReport
from hmi.alarm_kpis.draw_days import DAYS_HEIGHT, draw_days
from hmi.alarm_kpis.draw_figures import draw_figures, figures_height
from hmi.alarm_kpis.draw_map import draw_map, map_height
from hmi.alarm_kpis.draw_shares import (
    answers_height,
    draw_answers,
    draw_mix,
    draw_top,
    mix_height,
    top_height,
)
from hmi.alarm_kpis.ink import Ink, paper_ink
from hmi.alarm_kpis.lists import (
    ASIDE_COLUMNS,
    CHATTER_COLUMNS,
    FLEETING_COLUMNS,
    FLOOD_COLUMNS,
    STALE_COLUMNS,
    aside_lines,
    chatter_lines,
    fleeting_lines,
    flood_rows,
    stale_lines,
)
from hmi.alarm_kpis.rows_table import Line
from hmi.alarm_kpis.words import coverage_text, day_and_time, span_text, summary
from hmi.context import Context
from hmi.drawing.text import TextStyle
from hmi.i18n import tr
from hmi.table_column import Column

WIDTH: Final = 794.0
HEIGHT: Final = 1123.0
"""A4 in px of 1/96 inch."""
_MARGIN: Final = 52.0
_DPI: Final = 96
_FINE: Final = 8
"""Dots of the file in one px."""
_HEAD: Final = 34.0
_LINE: Final = 22.0
_GAP: Final = 20.0
_MOST: Final = 20
_TITLE: Final = TextStyle(24, 600)
_CARD: Final = TextStyle(17, 600)
_TEXT: Final = TextStyle(13)
_QUIET: Final = TextStyle(13, 400, "text2")
_FOOT: Final = TextStyle(13, 400, "text2", "right")

Draw = Callable[[QPainter, Ink, QRectF], None]


async def report_pdf(context: Context, title: str, report: AlarmReport, before: AlarmReport | None) -> bytes:
    """Return the file; `title` names the plant and the operator position."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setResolution(_DPI * _FINE)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    with QPainter(writer) as painter:
        painter.scale(_FINE, _FINE)
        pages = _Pages(writer, painter, context, title)
        pages.put(tr("Alarm performance"), 24.0 + 3 * _LINE, _head(context, title, report), _TITLE)
        for words, height, draw in _pictures(context, report, before):
            await asyncio.sleep(0)
            pages.put(words, height, draw)
        for words, columns, lines in _lists(context, report):
            await asyncio.sleep(0)
            pages.put(words, _list_height(lines), _list(columns, lines))
        pages.end()
    return buffer.data().data()


class _Pages:
    """Puts one block below the other, and begins a new page where one finds no room."""

    def __init__(self, writer: QPdfWriter, painter: QPainter, context: Context, title: str) -> None:
        self._writer, self._painter, self._ink, self._title = writer, painter, paper_ink(), title
        self._made = day_and_time(context.clock.wall_us(), context.zone)
        self._y, self._page = _MARGIN, 1

    def put(self, words: str, height: float, draw: Draw, style: TextStyle = _CARD) -> None:
        """Draw a block of this height below its heading."""
        if self._y + _HEAD + height > HEIGHT - _MARGIN - _LINE:
            self.end()
            self._writer.newPage()
            self._y, self._page = _MARGIN, self._page + 1
        self._ink.write(self._painter, QRectF(_MARGIN, self._y, WIDTH - 2 * _MARGIN, _HEAD), words, style)
        self._painter.save()
        draw(self._painter, self._ink, QRectF(_MARGIN, self._y + _HEAD, WIDTH - 2 * _MARGIN, height))
        self._painter.restore()
        self._y += _HEAD + height + _GAP

    def end(self) -> None:
        """Write the foot of a page."""
        line = QRectF(_MARGIN, HEIGHT - _MARGIN, WIDTH - 2 * _MARGIN, _LINE)
        words = tr("Made {time} by Clearwell").format(time=self._made)
        self._ink.write(self._painter, line, f"{self._title} · {words}", _QUIET)
        self._ink.write(self._painter, line, tr("Page {number}").format(number=self._page), _FOOT)


def _head(context: Context, title: str, report: AlarmReport) -> Draw:
    span = span_text(report.query.start_us, report.query.end_us, context.zone)
    lines = (title, f"{span} ({context.plant.time_zone})", summary(report.figures), coverage_text(report))

    def draw(painter: QPainter, ink: Ink, box: QRectF) -> None:
        for at, words in enumerate(lines):
            ink.write(painter, QRectF(box.left(), box.top() + at * _LINE, box.width(), _LINE), words, _TEXT)

    return draw


def _pictures(context: Context, report: AlarmReport, before: AlarmReport | None) -> tuple[tuple[str, float, Draw], ...]:
    targets, zone = context.plant.philosophy.targets, context.zone

    def figures(painter: QPainter, ink: Ink, box: QRectF) -> None:
        draw_figures(painter, ink, box, (report, before), targets)

    def days(painter: QPainter, ink: Ink, box: QRectF) -> None:
        draw_days(painter, ink, box, report, targets, zone)

    return (
        (tr("Figures and targets"), figures_height(), figures),
        (tr("Annunciated a day"), DAYS_HEIGHT, days),
        (
            tr("Annunciated in 10 min"),
            map_height(report),
            lambda painter, ink, box: draw_map(painter, ink, box, report, targets, zone),
        ),
        (
            tr("Most frequent alarms"),
            top_height(report),
            lambda painter, ink, box: draw_top(painter, ink, box, report),
        ),
        (tr("Mix of priorities"), mix_height(), lambda painter, ink, box: draw_mix(painter, ink, box, report)),
        (
            tr("Time to acknowledge"),
            answers_height(),
            lambda painter, ink, box: draw_answers(painter, ink, box, report),
        ),
    )


def _lists(context: Context, report: AlarmReport) -> tuple[tuple[str, tuple[Column, ...], list[Line]], ...]:
    lists = (
        (tr("Floods"), FLOOD_COLUMNS, flood_rows(context, report)),
        (tr("Chattering alarms"), CHATTER_COLUMNS, chatter_lines(context, report)),
        (tr("Fleeting alarms"), FLEETING_COLUMNS, fleeting_lines(report)),
        (tr("Stale alarms"), STALE_COLUMNS, stale_lines(context, report)),
        (tr("Aside at the end"), ASIDE_COLUMNS, aside_lines(context, report)),
    )
    return tuple(each for each in lists if each[2])


def _list_height(lines: list[Line]) -> float:
    details = sum(bool(line.detail) for line in lines[:_MOST])
    return _LINE * (1 + min(len(lines), _MOST + 1) + details)


def _list(columns: Sequence[Column], lines: list[Line]) -> Draw:
    """Return what draws the first rows of a list under its heads; of the others it says how many there are."""

    def draw(painter: QPainter, ink: Ink, box: QRectF) -> None:
        line = QRectF(box.left(), box.top(), box.width(), _LINE)
        _write_cells(painter, ink, line, columns, tuple(tr(column.title) for column in columns), is_head=True)
        for row in lines[:_MOST]:
            line.translate(0, _LINE)
            painter.fillRect(QRectF(line.left(), line.top(), line.width(), 1), ink.color("line"))
            _write_cells(painter, ink, line, columns, row.cells)
            if row.detail:
                line.translate(0, _LINE)
                ink.write(painter, line.adjusted(columns[0].width, 0, 0, 0), row.detail, _QUIET)
        if len(lines) > _MOST:
            line.translate(0, _LINE)
            ink.write(painter, line, tr("and {count} more").format(count=len(lines) - _MOST), _QUIET)

    return draw


def _write_cells(
    painter: QPainter, ink: Ink, line: QRectF, columns: Sequence[Column], cells: Sequence[str], is_head: bool = False
) -> None:
    room = line.width() - sum(column.width for column in columns)
    left = line.left()
    for column, text in zip(columns, cells, strict=True):
        width = column.width or room
        align = "right" if column.is_number else "left"
        style = TextStyle(13, 500 if is_head else 400, "text2" if is_head else "text", align)
        ink.write(painter, QRectF(left, line.top(), width - 12, line.height()), text, style)
        left += width
