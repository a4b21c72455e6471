"""The table of figures: mark, name, value, what it was before, target and verdict. Pure, GUI thread."""

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from alarms.kpi.figures import Verdict
from alarms.kpi.report import AlarmReport
from hmi.alarm_kpis.ink import Ink
from hmi.alarm_kpis.marks import draw_change, draw_verdict
from hmi.alarm_kpis.words import GROUPS, VERDICTS, change_of, target_text, title_of, value_text
from hmi.drawing.text import TextStyle, text_width
from hmi.i18n import tr
from plant_models.alarm_philosophy import KpiTargets

ROW: Final = 29.0
HEAD: Final = 26.0
_MARK: Final = 28.0
_NUMBER: Final = 76.0
_BEFORE: Final = 88.0
_TARGET: Final = 72.0
_VERDICT: Final = 118.0
_NARROW: Final = 620.0
"""In less room the verdicts are told by their marks alone; a line below says what those mean."""
_NAME: Final = TextStyle(15)
_STRONG: Final = TextStyle(15, 600)
_VALUE: Final = TextStyle(15, 600, "text", "right")
_QUIET: Final = TextStyle(15, 400, "text2", "right")
_SMALL: Final = TextStyle(13, 500, "text2")
_SMALL_RIGHT: Final = TextStyle(13, 500, "text2", "right")


def figures_height() -> float:
    """Return the height of the table in px."""
    return sum(HEAD + ROW * len(keys) for _, keys in GROUPS) + ROW


def draw_figures(
    painter: QPainter, ink: Ink, box: QRectF, reports: tuple[AlarmReport, AlarmReport | None], targets: KpiTargets
) -> None:
    """Draw all figures of a report beside those of the time before, if they are known."""
    report, before = reports
    y = box.top()
    for at, (title, keys) in enumerate(GROUPS):
        _heads(painter, ink, QRectF(box.left(), y, box.width(), HEAD), tr(title), is_first=at == 0)
        y += HEAD
        for key in keys:
            figure = report.figure(key)
            past = None if before is None else before.figure(key)
            line = QRectF(box.left(), y, box.width(), ROW)
            painter.fillRect(QRectF(line.left(), line.top(), line.width(), 1), ink.color("line"))
            draw_verdict(painter, ink, QRectF(line.left(), line.top(), _MARK - 8, ROW), figure.verdict)
            is_loud = figure.verdict is Verdict.ACTION
            name, value, was, target, verdict = _cells(line)
            ink.write(painter, name, title_of(key, targets), _STRONG if is_loud else _NAME)
            ink.write(painter, value, value_text(key, figure.value), _VALUE)
            if past is not None:
                draw_change(painter, ink, QRectF(was.left(), was.top(), 18, ROW), change_of(figure, past))
                ink.write(painter, was.adjusted(18, 0, 0, 0), value_text(key, past.value), _QUIET)
            ink.write(painter, target, target_text(figure), _QUIET)
            if verdict.width() > 0:
                ink.write(painter, verdict, tr(VERDICTS[figure.verdict]), _STRONG if is_loud else _NAME)
            y += ROW
    _legend(painter, ink, QRectF(box.left(), y, box.width(), ROW))


def _heads(painter: QPainter, ink: Ink, line: QRectF, title: str, is_first: bool) -> None:
    name, value, was, target, _ = _cells(line)
    ink.write(painter, name.adjusted(-_MARK, 0, 0, 0), title, _SMALL)
    if is_first:
        ink.write(painter, value, tr("Value"), _SMALL_RIGHT)
        ink.write(painter, was, tr("Before"), _SMALL_RIGHT)
        ink.write(painter, target, tr("Target"), _SMALL_RIGHT)


def _cells(line: QRectF) -> tuple[QRectF, QRectF, QRectF, QRectF, QRectF]:
    """Return where name, value, value before, target and verdict stand in a line."""
    word = _VERDICT if line.width() >= _NARROW else 0.0
    edges = [line.right() - word]
    for width in (_TARGET, _BEFORE, _NUMBER):
        edges.insert(0, edges[0] - width)
    value, was, target, verdict = edges
    top, height = line.top(), line.height()
    return (
        QRectF(line.left() + _MARK, top, value - line.left() - _MARK - 8, height),
        QRectF(value, top, _NUMBER, height),
        QRectF(was, top, _BEFORE, height),
        QRectF(target, top, _TARGET, height),
        QRectF(verdict + 16, top, max(0.0, word - 16), height),
    )


def _legend(painter: QPainter, ink: Ink, line: QRectF) -> None:
    """Say what the marks mean."""
    painter.fillRect(QRectF(line.left(), line.top(), line.width(), 1), ink.color("line"))
    left = line.left()
    for verdict, words in VERDICTS.items():
        draw_verdict(painter, ink, QRectF(left, line.top() + 3, 20, ROW), verdict)
        width = text_width(tr(words), _SMALL) + 2
        ink.write(painter, QRectF(left + 26, line.top() + 3, width, ROW), tr(words), _SMALL)
        left += 26 + width + 18
