"""Charts over time: annunciations a day, and of each ten minutes as a map of days and hours. Pure, GUI thread."""

import math
from datetime import tzinfo
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from alarms.kpi.report import AlarmReport
from alarms.kpi.window import HOUR_US, PERIOD_US
from hmi.alarm_kpis.ink import Ink
from hmi.drawing.text import TextStyle, text_width
from hmi.i18n import tr
from hmi.numbers import local_time, number_text
from plant_models.alarm_philosophy import KpiTargets

DAYS_HEIGHT: Final = 190.0
LEVELS: Final = ((1, 0.14), (3, 0.36), (11, 1.0))
"""From how many in ten minutes on a cell of the map is how dark; the last one is more than can be followed."""
_LEGEND: Final = 24.0
_AXIS: Final = 22.0
_LEFT: Final = 52.0
_LABEL: Final = TextStyle(13, 400, "text2")
_RIGHT_LABEL: Final = TextStyle(13, 400, "text2", "right")
_CENTRE_LABEL: Final = TextStyle(13, 400, "text2", "centre")
_LEAST_ROW: Final = 9.0
_MOST_ROW: Final = 26.0


def draw_days(painter: QPainter, ink: Ink, box: QRectF, report: AlarmReport, targets: KpiTargets, zone: tzinfo) -> None:
    """Draw annunciations of each day as bars, with the target as a dashed line; what isn't known is hatched."""
    plot = box.adjusted(_LEFT, 10, 0, -_AXIS)
    top = _nice(max(targets.per_day * 1.2, *(day.count for day in report.days)))
    for share in (0.0, 0.5, 1.0):
        y = round(plot.bottom() - share * plot.height())
        painter.fillRect(QRectF(plot.left(), y, plot.width(), 1), ink.color("line"))
        label = QRectF(box.left(), y - 10, _LEFT - 8, 20)
        ink.write(painter, label, number_text(share * top, 0), _RIGHT_LABEL)
    step = plot.width() / len(report.days)
    every = max(1, math.ceil(52 / step))
    for at, day in enumerate(report.days):
        slot = QRectF(plot.left() + at * step, plot.top(), step, plot.height())
        bar = slot.adjusted(step * 0.16, 0, -step * 0.16, 0)
        if day.known < 0.995:
            unknown = QRectF(bar)
            unknown.setTop(plot.bottom() - (1 - day.known) * plot.height())
            ink.hatch(painter, unknown)
        if day.count:
            bar.setTop(plot.bottom() - day.count / top * plot.height())
            ink.box(painter, bar)
        if at % every == 0:
            when = local_time(day.start_us + HOUR_US, zone)
            _write_day(painter, ink, plot, slot.center().x(), f"{when:%m-%d}")
    _draw_target(painter, ink, plot, targets.per_day / top, number_text(targets.per_day, 0))


def _write_day(painter: QPainter, ink: Ink, plot: QRectF, x: float, day: str) -> None:
    """Write a day below its bar, within the plot."""
    width = text_width(day, _LABEL) + 2
    left = min(x - width / 2, plot.right() - width)
    ink.write(painter, QRectF(left, plot.bottom() + 3, width, 18), day, _LABEL)


def _draw_target(painter: QPainter, ink: Ink, plot: QRectF, share: float, number: str) -> None:
    y = plot.bottom() - share * plot.height()
    painter.setPen(QPen(ink.color("text"), 1.5, Qt.PenStyle.DashLine))
    painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
    words = tr("Target {number}").format(number=number)
    width = text_width(words, _LABEL) + 10
    plate = QRectF(plot.right() - width, y - 19, width, 17)
    painter.fillRect(plate, ink.color("panel"))
    ink.write(painter, plate.adjusted(4, 0, 0, 0), words, _LABEL)


def map_height(report: AlarmReport) -> float:
    """Return the height of the map of ten minutes in px."""
    return _LEGEND + _AXIS + len(report.days) * _row_height(report)


def draw_map(painter: QPainter, ink: Ink, box: QRectF, report: AlarmReport, zone: tzinfo) -> None:
    """Draw a row for each day and a cell for each ten minutes of it; floods are framed, what isn't known is hatched."""
    _draw_legend(painter, ink, QRectF(box.left() + _LEFT, box.top(), box.width() - _LEFT, _LEGEND))
    longest = max(day.end_us - day.start_us for day in report.days)
    row = _row_height(report)
    plot = box.adjusted(_LEFT, _LEGEND, 0, 0)
    plot.setHeight(len(report.days) * row)
    every = math.ceil(18 / row)

    def x(at_us: int, start_us: int) -> float:
        return plot.left() + (at_us - start_us) / longest * plot.width()

    for at, day in enumerate(report.days):
        line = QRectF(plot.left(), plot.top() + at * row, x(day.end_us, day.start_us) - plot.left(), row)
        ink.hatch(painter, line.adjusted(0, 1, 0, 0))
        for start, end in report.known:
            begin, until = max(start, day.start_us), min(end, day.end_us)
            if begin < until:
                left = x(begin, day.start_us)
                cell = QRectF(left, line.top() + 1, x(until, day.start_us) - left, row - 1)
                painter.fillRect(cell, ink.color("panel"))
        if at % every == 0:
            when = local_time(day.start_us + HOUR_US, zone)
            ink.write(painter, QRectF(box.left(), line.center().y() - 9, _LEFT - 8, 18), f"{when:%m-%d}", _RIGHT_LABEL)
        for number in _periods_of(report, day.start_us, day.end_us):
            share = _level(report.per_10_min[number])
            if share:
                left = x(max(report.query.start_us + number * PERIOD_US, day.start_us), day.start_us)
                width = max(1.0, PERIOD_US / longest * plot.width())
                painter.fillRect(QRectF(left, line.top() + 1, width, row - 1), ink.shade(share))
    for hour in range(0, round(longest / HOUR_US) + 1, 6):
        place = plot.left() + hour * HOUR_US / longest * plot.width()
        width = 60.0
        left = min(max(plot.left() - 4, place - width / 2), plot.right() - width)
        style = _CENTRE_LABEL if plot.left() < place < plot.right() - 30 else _LABEL if hour == 0 else _RIGHT_LABEL
        ink.write(painter, QRectF(left, plot.bottom() + 3, width, 18), f"{hour:02d}:00", style)
        if 0 < hour * HOUR_US < longest:
            ink.line(painter, [QPointF(place, plot.top()), QPointF(place, plot.bottom())], "line")


def _draw_legend(painter: QPainter, ink: Ink, line: QRectF) -> None:
    words = (tr("1 to 2"), tr("3 to 10"), tr("more than 10 in 10 min"))
    left = line.left()
    for (_, share), text in zip(LEVELS, words, strict=True):
        painter.setPen(QPen(ink.color("outline"), 1))
        painter.setBrush(ink.shade(share))
        painter.drawRect(QRectF(left, line.center().y() - 7, 12, 12))
        width = text_width(text, _LABEL) + 2
        ink.write(painter, QRectF(left + 18, line.top() - 1, width, line.height()), text, _LABEL)
        left += 18 + width + 16
    unknown = QRectF(left, line.center().y() - 7, 12, 12)
    ink.hatch(painter, unknown)
    ink.write(
        painter, QRectF(left + 18, line.top() - 1, line.right() - left - 18, line.height()), tr("Not known"), _LABEL
    )


def _periods_of(report: AlarmReport, start_us: int, end_us: int) -> range:
    """Return the numbers of the ten minutes that begin on a day, the first of a window with its day."""
    begin = max(0, -(-(start_us - report.query.start_us) // PERIOD_US))
    return range(begin, min(len(report.per_10_min), -(-(end_us - report.query.start_us) // PERIOD_US)))


def _level(count: int) -> float:
    return max((share for least, share in LEVELS if count >= least), default=0.0)


def _row_height(report: AlarmReport) -> float:
    return min(_MOST_ROW, max(_LEAST_ROW, 290.0 / len(report.days)))


def _nice(top: float) -> float:
    """Return a round number that is not less."""
    unit = 10.0 ** math.floor(math.log10(top))
    return next(unit * step for step in (1, 2, 3, 4, 5, 6, 8, 10) if unit * step >= top)
