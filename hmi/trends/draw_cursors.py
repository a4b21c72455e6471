"""The cursors over the curves, each with its time and the values of the curves there. GUI thread."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from hmi.drawing.text import TextStyle, draw_text, text_width
from hmi.i18n import tr
from hmi.theme.theme import theme
from hmi.trends.draw_curves import pen_colour
from hmi.trends.draw_ground import time_places
from hmi.trends.draw_labels import height_of, spread, value_text
from hmi.trends.frame import Frame
from hmi.trends.model import TrendModel
from hmi.trends.time_axis import cursor_text

_LABEL: Final = TextStyle(15, 600, align="right")
_LABEL_HEIGHT: Final = 24.0
_CHIP_TEXT: Final = TextStyle(13, 600, role="primary_text", align="centre")
_CHIP_ROOM: Final = 20.0
_ASIDE: Final = 12.0
"""From a cursor to its labels."""


class _Place(NamedTuple):
    """A cursor at `x`; its labels end (or begin) at `edge`."""

    cursor: int
    x: float
    edge: float
    is_left: bool


def draw_cursors(painter: QPainter, model: TrendModel, frame: Frame) -> None:
    """Draw the cursors: the first dashed, the second solid; each with its time and the values of the curves."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shown = [cursor for cursor, at_us in enumerate(model.cursors) if _is_in(frame, at_us)]
    labels = {cursor: _labels(model, cursor) for cursor in shown}
    places = {cursor: frame.x_of(model.cursors[cursor] or 0) for cursor in shown}
    widths = {cursor: max((width for _, width in labels[cursor]), default=0.0) for cursor in shown}
    sides = label_places(places, widths, frame)
    for cursor, x in places.items():
        pen = QPen(theme().color("text"), 1.5)
        if cursor == 0:
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QLineF(x, frame.plot.top() - 4, x, frame.foot + 4))
    _draw_times(painter, model, frame, places)
    for cursor, x in places.items():
        _draw_values(painter, model, frame, _Place(cursor, x, *sides[cursor]), labels[cursor])
    first, second = model.cursors
    if first is not None and second is not None:
        x = (frame.x_of(first) + frame.x_of(second)) / 2
        span = span_text(second - first)
        _draw_time(painter, span, _chip_box(span, x, frame, frame.plot.top() + 8))


def label_places(xs: Mapping[int, float], widths: Mapping[int, float], frame: Frame) -> dict[int, tuple[float, bool]]:
    """Return by cursor where its labels end (True: they end there, to the right of it they begin).

    Labels stand left of their cursor where there is room; those of two close cursors stand on either side of the pair.
    """
    if len(xs) == 2:
        left, right = sorted(xs, key=lambda cursor: xs[cursor])
        if xs[right] - xs[left] < widths[right] + 2 * _ASIDE:
            begin = min(xs[right] + _ASIDE, frame.plot.right() - widths[right])
            end = max(min(xs[left] - _ASIDE, begin - _ASIDE), frame.plot.left() + widths[left])
            return {left: (end, True), right: (max(begin, end + _ASIDE), False)}
    return {
        cursor: (x - _ASIDE, True) if x - _ASIDE - widths[cursor] >= frame.plot.left() else (x + _ASIDE, False)
        for cursor, x in xs.items()
    }


def span_text(span_us: int) -> str:
    """Return the time from the first cursor to the second, "Δ 3:45:00"; before a day has passed without days."""
    seconds = round(abs(span_us) / 1e6)
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    sign = "−" if span_us < 0 else ""
    text = f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
    return f"Δ\u2002{sign}{tr('{days} d {time}').format(days=days, time=text) if days else text}"


def _draw_times(painter: QPainter, model: TrendModel, frame: Frame, xs: Mapping[int, float]) -> None:
    """Draw the times of the cursors; the times of the axis that they would half cover are taken away."""
    zone = model.context.zone
    times = {cursor: cursor_text(model.cursors[cursor] or 0, model.view.span_us, zone) for cursor in xs}
    texts = {cursor: f"{cursor + 1}\u2002{text}" for cursor, text in times.items()}
    middles = _times_apart(xs, max((text_width(text, _CHIP_TEXT) for text in texts.values()), default=0.0))
    chips = {cursor: _chip_box(texts[cursor], x, frame, frame.foot + 4) for cursor, x in middles}
    for _, box in time_places(frame, zone):
        if any(box.intersects(chip) for chip in chips.values()):
            painter.fillRect(box, theme().color("canvas"))
    for cursor, chip in chips.items():
        _draw_time(painter, texts[cursor], chip)


def _times_apart(xs: Mapping[int, float], width: float) -> list[tuple[int, float]]:
    """Return by cursor the middle of its time; those of two close cursors stand beside each other."""
    places = sorted(xs.items(), key=lambda item: item[1])
    pitch = width + _CHIP_ROOM + 4
    if len(places) == 2 and places[1][1] - places[0][1] < pitch:
        middle = (places[0][1] + places[1][1]) / 2
        return [(places[0][0], middle - pitch / 2), (places[1][0], middle + pitch / 2)]
    return places


def _is_in(frame: Frame, at_us: int | None) -> bool:
    return at_us is not None and frame.start_us <= at_us <= frame.end_us


def _labels(model: TrendModel, cursor: int) -> list[tuple[str, float]]:
    """Return text and width of the label of each curve at a cursor."""
    pens = model.shown(is_strip=False)
    texts = [value_text(pen, model.value_at(pen.tag.name, cursor)) for pen in pens]
    return [(text, text_width(text, _LABEL) + 50) for text in texts]


def _draw_values(
    painter: QPainter, model: TrendModel, frame: Frame, place: _Place, labels: Sequence[tuple[str, float]]
) -> None:
    pens = model.shown(is_strip=False)
    values = [model.value_at(pen.tag.name, place.cursor) for pen in pens]
    heights = [
        height_of(model, pen, frame, value.value if value else float("nan"))
        for pen, value in zip(pens, values, strict=True)
    ]
    middles = spread(heights, _LABEL_HEIGHT + 2, frame.plot.top() + 46, frame.plot.bottom() - 14)
    for pen, value, height, y, (text, width) in zip(pens, values, heights, middles, labels, strict=True):
        painter.setPen(QPen(pen_colour(pen), 1.5))
        painter.setBrush(theme().color("field"))
        if value is not None and np.isfinite(value.value) and frame.plot.top() <= height <= frame.plot.bottom():
            painter.drawEllipse(QPointF(place.x, height), 4, 4)
        left = place.edge - width if place.is_left else place.edge
        box = QRectF(left, y - _LABEL_HEIGHT / 2, width, _LABEL_HEIGHT)
        painter.drawRoundedRect(box, 4, 4)
        draw_text(painter, box.adjusted(10, 0, 0, 0), pen.letter, TextStyle(15, 700))
        draw_text(painter, box.adjusted(30, 0, -10, 0), text, _LABEL)


def _chip_box(text: str, x: float, frame: Frame, top: float) -> QRectF:
    width = text_width(text, _CHIP_TEXT) + _CHIP_ROOM
    left = min(max(x - width / 2, frame.plot.left() - 40), frame.times.width() - width)
    return QRectF(left, top, width, 22)


def _draw_time(painter: QPainter, text: str, box: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("primary"))
    painter.drawRoundedRect(box, 4, 4)
    draw_text(painter, box, text, _CHIP_TEXT)
