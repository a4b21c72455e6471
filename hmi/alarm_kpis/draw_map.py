"""Annunciations of each ten minutes, as a map: a row for each day, floods framed, hatched what isn't known. Pure.

GUI thread. Cells that are equally dark are drawn as one: a month has more than four thousand.
"""

import math
from dataclasses import dataclass
from datetime import tzinfo
from itertools import groupby
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from alarms.kpi.report import AlarmReport, DayLoad
from alarms.kpi.window import HOUR_US, PERIOD_US
from hmi.alarm_kpis.ink import Ink
from hmi.drawing.text import TextStyle, text_width
from hmi.i18n import tr
from hmi.numbers import local_time
from plant_models.alarm_philosophy import KpiTargets

SHADES: Final = (0.0, 0.14, 0.36, 1.0)
"""How dark a cell is: without annunciations, with one or two, with some, with more than can be followed."""
_SOME: Final = 3
_LEGEND: Final = 24.0
_AXIS: Final = 22.0
_LEFT: Final = 52.0
_LEAST_ROW: Final = 9.0
_MOST_ROW: Final = 26.0
_ROWS: Final = 290.0
_FRAME: Final = 2.0
_LABEL: Final = TextStyle(13, 400, "text2")
_RIGHT_LABEL: Final = TextStyle(13, 400, "text2", "right")
_CENTRE_LABEL: Final = TextStyle(13, 400, "text2", "centre")


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where days and times of day lie."""

    plot: QRectF
    row: float
    longest_us: int

    def x(self, since_us: float) -> float:
        """Return where a time after the beginning of its day lies."""
        return self.plot.left() + since_us / self.longest_us * self.plot.width()

    def cell(self, at: int, day: DayLoad, start_us: int, end_us: int) -> QRectF:
        """Return what of a span lies on a day; invalid if nothing does."""
        left = self.x(max(start_us, day.start_us) - day.start_us)
        right = self.x(min(end_us, day.end_us) - day.start_us)
        return QRectF(left, self.plot.top() + at * self.row + 1, right - left, self.row - 1)


def map_height(report: AlarmReport) -> float:
    """Return the height of the map in px."""
    return _LEGEND + _AXIS + len(report.days) * _row_height(report)


def draw_map(painter: QPainter, ink: Ink, box: QRectF, report: AlarmReport, targets: KpiTargets, zone: tzinfo) -> None:
    """Draw the map of a report."""
    _draw_legend(painter, ink, QRectF(box.left() + _LEFT, box.top(), box.width() - _LEFT, _LEGEND), targets)
    plot = box.adjusted(_LEFT, _LEGEND, 0, 0)
    plot.setHeight(len(report.days) * _row_height(report))
    grid = _Grid(plot, _row_height(report), max(day.end_us - day.start_us for day in report.days))
    levels = [_level(count, targets) for count in report.per_10_min]
    shades = [ink.shade(share) for share in SHADES]
    every = math.ceil(18 / grid.row)
    for at, day in enumerate(report.days):
        ink.hatch(painter, grid.cell(at, day, day.start_us, day.end_us))
        for start, end in report.known:
            if (cell := grid.cell(at, day, start, end)).isValid():
                painter.fillRect(cell, ink.color("panel"))
        if at % every == 0:
            y = grid.plot.top() + (at + 0.5) * grid.row
            words = f"{local_time(day.start_us + HOUR_US, zone):%m-%d}"
            ink.write(painter, QRectF(box.left(), y - 9, _LEFT - 8, 18), words, _RIGHT_LABEL)
        for level, group in groupby(_periods_of(report, day), lambda number: levels[number]):
            if level:
                numbers = list(group)
                start, end = (report.query.start_us + number * PERIOD_US for number in (numbers[0], numbers[-1] + 1))
                painter.fillRect(grid.cell(at, day, start, end), shades[level])
    _draw_floods(painter, ink, grid, report)
    _draw_hours(painter, ink, grid)


def _draw_floods(painter: QPainter, ink: Ink, grid: _Grid, report: AlarmReport) -> None:
    painter.setPen(QPen(ink.color("text"), _FRAME))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for flood in report.floods:
        for at, day in enumerate(report.days):
            if (cell := grid.cell(at, day, flood.start_us, flood.end_us)).isValid():
                painter.drawRect(cell.adjusted(-2, -2, 2, 1))


def _draw_hours(painter: QPainter, ink: Ink, grid: _Grid) -> None:
    plot, width = grid.plot, 60.0
    for hour in range(0, round(grid.longest_us / HOUR_US) + 1, 6):
        place = grid.x(hour * HOUR_US)
        left = min(max(plot.left() - 4, place - width / 2), plot.right() - width)
        style = _CENTRE_LABEL if plot.left() < place < plot.right() - 30 else _LABEL if hour == 0 else _RIGHT_LABEL
        ink.write(painter, QRectF(left, plot.bottom() + 3, width, 18), f"{hour:02d}:00", style)
        ink.line(painter, [QPointF(place, plot.top()), QPointF(place, plot.bottom())], "line")


def _draw_legend(painter: QPainter, ink: Ink, line: QRectF, targets: KpiTargets) -> None:
    most = targets.flood_begins
    words = (
        tr("1 to {most}").format(most=_SOME - 1),
        tr("{least} to {most}").format(least=_SOME, most=most),
        tr("more than {most} in 10 min").format(most=most),
    )
    left = line.left()
    for share, text in zip(SHADES[1:], words, strict=True):
        painter.setPen(QPen(ink.color("outline"), 1))
        painter.setBrush(ink.shade(share))
        left = _write_sample(painter, ink, line, left, text, is_hatched=False)
    _write_sample(painter, ink, line, left, tr("Not known"), is_hatched=True)


def _write_sample(painter: QPainter, ink: Ink, line: QRectF, left: float, text: str, is_hatched: bool) -> float:
    """Draw a cell and what it means; return where the next one begins."""
    box = QRectF(left, line.center().y() - 7, 12, 12)
    if is_hatched:
        ink.hatch(painter, box)
    else:
        painter.drawRect(box)
    width = text_width(text, _LABEL) + 2
    ink.write(painter, QRectF(left + 18, line.top() - 1, width, line.height()), text, _LABEL)
    return left + 18 + width + 16


def _periods_of(report: AlarmReport, day: DayLoad) -> range:
    """Return the numbers of the ten minutes that begin on a day."""
    begin = max(0, -(-(day.start_us - report.query.start_us) // PERIOD_US))
    return range(begin, min(len(report.per_10_min), -(-(day.end_us - report.query.start_us) // PERIOD_US)))


def _level(count: int, targets: KpiTargets) -> int:
    if count > targets.flood_begins:
        return 3
    return 2 if count >= _SOME else min(count, 1)


def _row_height(report: AlarmReport) -> float:
    return min(_MOST_ROW, max(_LEAST_ROW, _ROWS / len(report.days)))
