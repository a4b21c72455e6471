"""Annunciations a day, as bars beside the target. Pure, GUI thread."""

import math
from datetime import tzinfo
from typing import Final

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from alarms.kpi.report import AlarmReport
from alarms.kpi.window import HOUR_US
from hmi.alarm_kpis.ink import Ink
from hmi.drawing.text import TextStyle, text_width
from hmi.i18n import tr
from hmi.numbers import local_time, number_text
from plant_models.alarm_philosophy import KpiTargets

DAYS_HEIGHT: Final = 190.0
_AXIS: Final = 22.0
_LEFT: Final = 52.0
_LABEL: Final = TextStyle(13, 400, "text2")
_RIGHT_LABEL: Final = TextStyle(13, 400, "text2", "right")


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


def _nice(top: float) -> float:
    """Return a round number that is not less."""
    unit = 10.0 ** math.floor(math.log10(top))
    return next(unit * step for step in (1, 2, 3, 4, 5, 6, 8, 10) if unit * step >= top)
