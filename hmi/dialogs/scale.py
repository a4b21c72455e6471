"""The indicator of the setpoint dialog: measured value above, present and new setpoint below.

GUI thread.
"""

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hmi.drawing.bar import OVERHANG, BarMarks, BarScale, bar_scale, draw_bar
from hmi.i18n import tr
from hmi.live import Reading
from hmi.numbers import amount_text, figure_text
from hmi.theme.fonts import font
from hmi.theme.theme import theme
from hmi.units.choice import shown_as
from plant_models.plant import Plant
from plant_models.tag import Tag

_TRACK: Final = 14
_LINE: Final = 20
_ABOVE: Final = _LINE + 10
_BELOW: Final = 14
_GAP: Final = 12.0


def setpoint_scale(plant: Plant, tag: Tag, measured: Tag | None) -> BarScale | None:
    """Return the scale of a setpoint with the alarm limits of what it steers, where both are in the same unit."""
    own = bar_scale(plant, tag.name)
    other = None if measured is None or measured.unit != tag.unit else bar_scale(plant, measured.name)
    return own if own is None or other is None else replace(other, low=own.low, high=own.high)


@dataclass(frozen=True, slots=True)
class SetpointMarks:
    """What lies on the scale; None where there is nothing to be drawn."""

    measured: Reading | None
    now: float | None
    new: float | None


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    at: float
    role: str
    weight: int = 400


class SetpointScale(QWidget):
    """The words keep out of each other's way; the ends of the scale stand at the edges."""

    def __init__(self, scale: BarScale, tag: Tag) -> None:
        super().__init__()
        self._scale, self._tag = scale, tag
        self._marks = SetpointMarks(None, None, None)
        self.setFixedHeight(_ABOVE + _TRACK + _BELOW + _LINE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_marks(self, marks: SetpointMarks) -> None:
        if repr(marks) != repr(self._marks):  # by text, since NaN isn't equal to itself
            self._marks = marks
            self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.height())

    def shown_texts(self) -> tuple[str, ...]:
        """Return what is painted, for whoever reads the screen."""
        return tuple(word.text for word in (*self._upper(), *self._lower()))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with QPainter(self) as painter:
            draw_bar(painter, self._track(), self._scale, self._bar_marks())
            for words, top in ((self._upper(), 0), (self._lower(), _ABOVE + _TRACK + _BELOW)):
                _draw_words(painter, words, top, self.width())

    def _track(self) -> QRectF:
        return QRectF(OVERHANG, _ABOVE, self.width() - 2 * OVERHANG, _TRACK)

    def _bar_marks(self) -> BarMarks:
        marks = self._marks
        if marks.measured is None:
            return BarMarks(float("nan"), True, marks.now, marks.new)
        return BarMarks(marks.measured.value, marks.measured.is_usable, marks.now, marks.new)

    def _x(self, value: float) -> float:
        track = self._track()
        return track.left() + track.width() * self._scale.position(value)

    def _upper(self) -> list[_Word]:
        measured = self._marks.measured
        if measured is None or not measured.is_usable:
            return []
        # The two tags may be shown in different units; the one at the end of the scale is the setpoint's.
        is_other = measured.unit != shown_as(self._tag).unit
        value = f"{measured.text} {measured.unit}".rstrip() if is_other else measured.text
        return [_Word(tr("Measured {value}").format(value=value), self._x(measured.value), "text2")]

    def _lower(self) -> list[_Word]:
        """Return the words below, from the left; the end of the scale gives way to the setpoints."""
        words = [_Word(self._text(self._scale.low), 0.0, "text2")]
        if self._marks.now is not None:
            now = tr("Now {value}").format(value=self._text(self._marks.now))
            words.append(_Word(now, self._x(self._marks.now), "text2"))
        if self._marks.new is not None:
            new = tr("New {value}").format(value=self._text(self._marks.new))
            words.append(_Word(new, self._x(self._marks.new), "text", 600))
        words.append(_Word(amount_text(self._scale.high, self._tag), float(self.width()), "text2"))
        return sorted(words, key=lambda word: word.at)

    def _text(self, value: float) -> str:
        return figure_text(value, self._tag)


def _draw_words(painter: QPainter, words: list[_Word], top: float, width: float) -> None:
    metrics = [QFontMetricsF(font(15, word.weight)) for word in words]
    widths = [metric.horizontalAdvance(word.text) for metric, word in zip(metrics, words, strict=True)]
    starts = place_words([word.at for word in words], widths, width)
    for word, metric, x in zip(words, metrics, starts, strict=True):
        painter.setFont(font(15, word.weight))
        painter.setPen(theme().color(word.role))
        painter.drawText(QPointF(x, top + metric.ascent()), word.text)


def place_words(at: list[float], widths: list[float], room: float) -> list[float]:
    """Return where words start that want to be centred at `at` (rising), side by side within 0 to `room`."""
    starts: list[float] = []
    free_from = 0.0
    for centre, width in zip(at, widths, strict=True):
        starts.append(max(free_from, centre - width / 2))
        free_from = starts[-1] + width + _GAP
    free_to = room
    for index in reversed(range(len(starts))):
        starts[index] = min(starts[index], free_to - widths[index])
        free_to = starts[index] - _GAP
    return starts
