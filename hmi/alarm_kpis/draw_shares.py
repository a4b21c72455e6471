"""Charts of shares: the ten most frequent alarms, the mix of priorities, the time to acknowledge. Pure, GUI thread."""

from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from alarms.kpi.figures import FigureKey
from alarms.kpi.report import AlarmReport
from hmi.alarm_kpis.ink import Ink
from hmi.alarm_kpis.words import share_text, target_text, wait_text
from hmi.alarms.words import priority_word
from hmi.drawing.text import TextStyle, text_width
from hmi.i18n import tr
from hmi.numbers import DASH, number_text

TOP_ROW: Final = 30.0
MIX_ROW: Final = 34.0
HEAD: Final = 24.0
_LEGEND: Final = 30.0
_SWATCH: Final = 24.0
_URGENT: Final = 1
_BAR: Final = 12.0
_NAME: Final = TextStyle(15)
_TAG: Final = TextStyle(15, 500, condensed=True)
_NUMBER: Final = TextStyle(15, 600, "text", "right")
_QUIET: Final = TextStyle(15, 400, "text2", "right")
_SMALL: Final = TextStyle(13, 400, "text2")
_SMALL_RIGHT: Final = TextStyle(13, 500, "text2", "right")


def top_height(report: AlarmReport) -> float:
    """Return the height of the bars of the most frequent alarms in px."""
    return HEAD + TOP_ROW * len(report.top)


def draw_top(painter: QPainter, ink: Ink, box: QRectF, report: AlarmReport) -> None:
    """Draw the most frequent alarms as bars, with the share of all that they and those above make as a line."""
    numbers, shares = 64.0, 76.0
    names = min(300.0, box.width() * 0.42)
    plot = QRectF(box.left() + names, box.top() + HEAD, box.width() - names - numbers - shares, 0)
    plot.setBottom(box.bottom())
    for words, right in ((tr("Count"), plot.right() + numbers), (tr("So far"), box.right())):
        ink.write(painter, QRectF(right - 70, box.top(), 70, HEAD), words, _SMALL_RIGHT)
    most = max((actor.count for actor in report.top), default=1)
    so_far, points = 0.0, []
    for at, actor in enumerate(report.top):
        line = QRectF(box.left(), plot.top() + at * TOP_ROW, box.width(), TOP_ROW)
        ink.write(painter, QRectF(line.left(), line.top(), names - 12, TOP_ROW), actor.alarm, _TAG)
        width = max(2.0, actor.count / most * plot.width())
        ink.box(painter, QRectF(plot.left(), line.center().y() - _BAR / 2, width, _BAR))
        so_far += actor.share
        points.append(QPointF(plot.left() + so_far * plot.width(), line.center().y()))
        number = QRectF(plot.right(), line.top(), numbers, TOP_ROW)
        ink.write(painter, number, number_text(actor.count, 0), _NUMBER)
        ink.write(painter, QRectF(number.right(), line.top(), shares, TOP_ROW), share_text(so_far), _QUIET)
    ink.line(painter, points, "text", 1.5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.color("text"))
    for point in points:
        painter.drawEllipse(point, 2.5, 2.5)


def mix_height() -> float:
    """Return the height of the mix of priorities in px."""
    return 3 * MIX_ROW


def draw_mix(painter: QPainter, ink: Ink, box: QRectF, report: AlarmReport) -> None:
    """Draw the shares of priorities as bars, and a mark where each ought to be."""
    total = max(1, report.annunciated)
    low = report.by_priority[3] + report.by_priority[4]
    lines = (
        (priority_word(1), report.by_priority[1], FigureKey.URGENT_SHARE),
        (priority_word(2), report.by_priority[2], FigureKey.HIGH_SHARE),
        (tr("3 and 4, the rest"), low, FigureKey.LOW_SHARE),
    )
    plot = QRectF(box.left() + 150, box.top(), box.width() - 150 - 170, box.height())
    for at, (words, count, key) in enumerate(lines):
        line = QRectF(box.left(), box.top() + at * MIX_ROW, box.width(), MIX_ROW)
        ink.write(painter, QRectF(line.left(), line.top(), 146, MIX_ROW), words, _NAME)
        painter.fillRect(QRectF(plot.left(), line.center().y() - 1, plot.width(), 2), ink.color("line"))
        share = count / total
        if count:
            ink.box(painter, QRectF(plot.left(), line.center().y() - _BAR / 2, max(2.0, share * plot.width()), _BAR))
        figure = report.figure(key)
        x = plot.left() + figure.target * plot.width()
        _tick(painter, ink, QPointF(x, line.center().y()))
        value = share_text(share) if report.annunciated else DASH
        ink.write(painter, QRectF(plot.right(), line.top(), 64, MIX_ROW), value, _NUMBER)
        aim = tr("target {share}").format(share=target_text(figure))
        ink.write(painter, QRectF(plot.right() + 64, line.top(), 106, MIX_ROW), aim, _QUIET)


def answers_height() -> float:
    """Return the height of the times to acknowledge in px."""
    return HEAD + 4 * MIX_ROW + _LEGEND


def draw_answers(painter: QPainter, ink: Ink, box: QRectF, report: AlarmReport) -> None:
    """Draw for each priority the time within which half (tick) and 95 % (bar) were acknowledged.

    Priority 1 has a target for the bar, a dashed mark.
    """
    columns = ((tr("Half within"), 94.0), (tr("95 % within"), 98.0), (tr("Late"), 56.0), (tr("Never"), 62.0))
    right = sum(width for _, width in columns)
    plot = QRectF(box.left() + 110, box.top(), box.width() - 110 - right - 8, box.height())
    x = box.right() - right
    for words, width in columns:
        ink.write(painter, QRectF(x, box.top(), width, HEAD), words, _SMALL_RIGHT)
        x += width
    target = report.figure(FigureKey.URGENT_ANSWER)
    longest = max([target.target, *(each.most_s or 0.0 for each in report.answers)]) or 1.0
    for at, each in enumerate(report.answers):
        line = QRectF(box.left(), box.top() + HEAD + at * MIX_ROW, box.width(), MIX_ROW)
        ink.write(painter, QRectF(line.left(), line.top(), 106, MIX_ROW), priority_word(each.priority), _NAME)
        middle = line.center().y()
        if each.half_s is not None and each.most_s is not None:
            ink.box(
                painter, QRectF(plot.left(), middle - _BAR / 2, max(2.0, each.most_s / longest * plot.width()), _BAR)
            )
            half = plot.left() + each.half_s / longest * plot.width()
            _tick(painter, ink, QPointF(half, middle))
        if each.priority == _URGENT:
            _tick(painter, ink, QPointF(plot.left() + target.target / longest * plot.width(), middle), is_dashed=True)
        cells = (
            DASH if each.half_s is None else wait_text(each.half_s),
            DASH if each.most_s is None else wait_text(each.most_s),
            number_text(each.late, 0),
            number_text(each.never, 0),
        )
        x = box.right() - right
        for text, (_, width) in zip(cells, columns, strict=True):
            ink.write(painter, QRectF(x, line.top(), width, MIX_ROW), text, _QUIET)
            x += width
    legend = QRectF(box.left(), box.top() + HEAD + 4 * MIX_ROW, box.width(), _LEGEND)
    _draw_answers_legend(painter, ink, legend, target_text(target))


def _draw_answers_legend(painter: QPainter, ink: Ink, line: QRectF, target: str) -> None:
    """Say what bar, tick and dashed mark mean."""
    words = (tr("95 % within"), tr("Half within"), tr("Target of priority 1: {target}").format(target=target))
    left, middle = line.left(), line.center().y()
    for at, text in enumerate(words):
        if at == 0:
            ink.box(painter, QRectF(left, middle - _BAR / 2, _SWATCH - 8, _BAR))
        else:
            _tick(painter, ink, QPointF(left + (_SWATCH - 8) / 2, middle), is_dashed=at > 1)
        width = text_width(text, _SMALL) + 2
        ink.write(painter, QRectF(left + _SWATCH, line.top(), width, line.height()), text, _SMALL)
        left += _SWATCH + width + 18


def _tick(painter: QPainter, ink: Ink, middle: QPointF, is_dashed: bool = False) -> None:
    painter.setPen(QPen(ink.color("text"), 2, Qt.PenStyle.DotLine if is_dashed else Qt.PenStyle.SolidLine))
    painter.drawLine(QLineF(middle.x(), middle.y() - 10, middle.x(), middle.y() + 10))
