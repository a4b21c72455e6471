"""What lies under and beside the curves: plot, grid, axes, gaps, times. Draws on a QPainter, GUI thread."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from hmi.drawing.hatch import hatch_brush
from hmi.drawing.text import TextStyle, draw_text, text_width
from hmi.i18n import tr
from hmi.numbers import local_time, number_text
from hmi.theme.theme import theme
from hmi.trends.draw_curves import pen_colour
from hmi.trends.frame import AXIS, Frame
from hmi.trends.gaps import NamedGap, named_gaps
from hmi.trends.model import TrendModel
from hmi.trends.pens import Pen
from hmi.trends.scale import grid
from hmi.trends.time_axis import Mark, time_marks
from plant_models.quality import Quality, describe

CHIP: Final = 22.0
_NUMBER: Final = TextStyle(13, role="text2", align="right")
_NARROW_NUMBER: Final = TextStyle(13, role="text2", align="right", condensed=True)
_BESIDE_NUMBER: Final = 7.0
_TIME: Final = TextStyle(15, role="text2", align="centre")
_DAY: Final = TextStyle(13, role="text2")
_GAP: Final = TextStyle(13, 600, role="text2", align="centre")
_LETTER: Final = TextStyle(13, 700, align="centre")
_MARK_ROOM: Final = 130.0
_GAP_STRENGTH: Final = 0.45
_LEAST_GAP: Final = 2.0
_OUT_OF_REACH: Final = frozenset({int(Quality.BAD_NO_COMMUNICATION), int(Quality.BAD_COMMUNICATION_ERROR)})


def draw_ground(painter: QPainter, model: TrendModel, frame: Frame) -> None:
    """Draw the plot and its grid."""
    zone = model.context.zone
    painter.fillRect(frame.plot, theme().color("panel"))
    line = QPen(theme().color("line"), 1)
    painter.setPen(line)
    _, lines = grid(frame.bottom, frame.top)
    for fraction in lines:
        y = round(frame.y_of(fraction))
        painter.drawLine(round(frame.plot.left()), y, round(frame.plot.right()), y)
    for mark in time_marks(frame.start_us, frame.end_us, _most_marks(frame), zone):
        x = round(frame.x_of(mark.at_us))
        painter.setPen(QPen(theme().color("outline"), 1) if mark.is_day else line)
        painter.drawLine(x, round(frame.plot.top()), x, round(frame.plot.bottom()))
    painter.setPen(line)
    painter.drawRect(frame.plot)


def draw_axes(painter: QPainter, model: TrendModel, frame: Frame) -> None:
    """Draw the axis of each visible curve: its letter, a line in its colour, numbers."""
    step, lines = grid(frame.bottom, frame.top)
    for pen, box in zip(model.shown(is_strip=False), frame.axes, strict=False):
        scale, is_chosen = model.scale(pen), pen.tag.name == model.chosen
        x = box.right() - 4
        painter.setPen(QPen(pen_colour(pen), 3 if is_chosen else 2))
        painter.drawLine(QPointF(x, frame.plot.top()), QPointF(x, frame.plot.bottom()))
        draw_chip(painter, QRectF(x - CHIP - 3, 4, CHIP, CHIP), pen)
        texts = [number_text(scale.value(fraction), scale.decimals(step)) for fraction in lines]
        room = box.width() - _BESIDE_NUMBER
        style = _NUMBER if max((text_width(text, _NUMBER) for text in texts), default=0) <= room else _NARROW_NUMBER
        for fraction, text in zip(lines, texts, strict=True):
            y = min(max(frame.y_of(fraction), frame.plot.top() + 7), frame.plot.bottom() - 7)
            draw_text(painter, QRectF(box.left() - 2, y - 9, room, 18), text, style)


def axis_width(model: TrendModel, pen: Pen) -> float:
    """Return the room that the axis of a curve needs: the usual one, or as much as its longest number."""
    scale, view = model.scale(pen), model.view
    step, lines = grid(view.bottom, view.top)
    texts = (number_text(scale.value(fraction), scale.decimals(step)) for fraction in lines)
    return max(AXIS, max((text_width(text, _NARROW_NUMBER) for text in texts), default=0.0) + _BESIDE_NUMBER + 1)


def draw_times(painter: QPainter, frame: Frame, zone: tzinfo) -> None:
    """Draw the times below the plot, in the plant's zone, with the day and the zone at the left."""
    row = QRectF(frame.times.left(), frame.times.top() + 4, frame.times.width(), 22)
    start = local_time(frame.start_us, zone)
    day = f"{start:%Y-%m-%d} {start.tzname()}"
    day_width = text_width(day, _DAY)
    day_left = max(0.0, frame.plot.left() - day_width - 8)
    draw_text(painter, QRectF(day_left, row.top(), 200, row.height()), day, _DAY)
    for mark, box in time_places(frame, zone):
        draw_text(painter, box, mark.text, TextStyle(15, 600, align="centre") if mark.is_day else _TIME)


def time_places(frame: Frame, zone: tzinfo) -> Iterator[tuple[Mark, QRectF]]:
    """Yield the times below the plot that have room beside the day, and where they stand."""
    start = local_time(frame.start_us, zone)
    day_width = text_width(f"{start:%Y-%m-%d} {start.tzname()}", _DAY)
    free = max(frame.plot.left() + 4, max(0.0, frame.plot.left() - day_width - 8) + day_width + 8)
    for mark in time_marks(frame.start_us, frame.end_us, _most_marks(frame), zone):
        width = text_width(mark.text, _TIME) + 4
        left = frame.x_of(mark.at_us) - width / 2
        if left > free and left + width < frame.plot.right() + 30:
            yield mark, QRectF(left, frame.times.top() + 4, width + 2, 22)


def draw_gaps(painter: QPainter, model: TrendModel, frame: Frame) -> None:
    """Hatch and name the times in which a visible curve has no value."""
    for gap in curve_gaps(model, frame):
        left, right = frame.x_of(gap.start_us), frame.x_of(gap.end_us)
        box = QRectF(left, frame.plot.top(), max(_LEAST_GAP, right - left), frame.plot.height())
        painter.fillRect(box, gap_brush())
        text = gap_text(gap)
        width = text_width(text, _GAP) + 20
        x = min(max(box.center().x() - width / 2, frame.plot.left() + 2), frame.plot.right() - width - 2)
        if box.width() >= min(width / 3, 24):
            draw_name(painter, QRectF(x, frame.plot.top() + 10, width, 26), text)


def curve_gaps(model: TrendModel, frame: Frame) -> tuple[NamedGap, ...]:
    """Return the gaps of the visible curves."""
    gaps = (
        (pen.letter, gap)
        for pen in model.shown(is_strip=False)
        for gap in model.trace(pen.tag.name).part(frame.start_us, frame.end_us).gaps()
    )
    return named_gaps(gaps, frame.start_us, frame.end_us)


def gap_text(gap: NamedGap) -> str:
    """Return the name of a gap: "No data A, B: sensor failure"; what nobody could ask is no loss: "Out of reach A"."""
    pens = ", ".join(gap.names)
    if gap.quality in _OUT_OF_REACH:
        return tr("Out of reach {pens}").format(pens=pens)
    return tr("No data {pens}: {reason}").format(pens=pens, reason=tr(describe(gap.quality)))


def gap_brush() -> QBrush:
    """Return the hatching of a time without values: quieter than a bad value's, since it can fill the plot."""
    faint = QColor(theme().color("outline"))
    faint.setAlphaF(_GAP_STRENGTH)
    return hatch_brush(faint)


def draw_chip(painter: QPainter, box: QRectF, pen: Pen) -> None:
    """Draw the letter of a curve in a box of its colour."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(pen_colour(pen), 2))
    painter.setBrush(theme().color("field"))
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
    painter.restore()
    draw_text(painter, box, pen.letter, _LETTER)


def draw_loading(painter: QPainter, frame: Frame) -> None:
    """Say that what is drawn is on its way, or stands for what is."""
    text = tr("Loading…")
    width = text_width(text, _GAP) + 20
    draw_name(painter, QRectF(frame.plot.center().x() - width / 2, frame.plot.bottom() - 36, width, 26), text)


def draw_name(painter: QPainter, box: QRectF, text: str) -> None:
    """Draw words in a small frame on the plot."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().color("line"), 1))
    painter.setBrush(theme().color("raised"))
    painter.drawRoundedRect(box, 4, 4)
    painter.restore()
    draw_text(painter, box, text, _GAP)


def _most_marks(frame: Frame) -> int:
    return max(2, int(frame.plot.width() / _MARK_ROOM))
