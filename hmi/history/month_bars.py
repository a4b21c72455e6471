"""What each month of history takes, as bars with their numbers. GUI thread."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from history.overview import PartSize, PartState
from hmi.devices.words import bytes_text
from hmi.drawing.hatch import hatch_brush
from hmi.drawing.text import TextStyle, draw_text, text_width
from hmi.i18n import tr
from hmi.theme.theme import theme

_ROW: Final = 28
_BAR: Final = 12
_GAP: Final = 12
_NAME: Final = TextStyle(15)
_QUIET: Final = TextStyle(13, role="text2")
_SIZE: Final = TextStyle(15, align="right")
_LEAST: Final = 2.0


class MonthBars(QWidget):
    """A row for each month and keeping class, the newest first: name, bar, size. A damaged one is hatched and named."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[PartSize, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(360, _ROW * len(self._parts))

    def show_parts(self, parts: Sequence[PartSize]) -> None:
        """Show these months."""
        ordered = tuple(sorted(parts, key=lambda part: (-part.start_us, part.keeping)))
        if ordered != self._parts:
            self._parts = ordered
            spoken = (f"{part_name(part)} {bytes_text(part.size_bytes)} {state_word(part)}".strip() for part in ordered)
            self.setAccessibleName(", ".join(spoken))
            self.setToolTip("\n".join(f"{part.month}: {tr(part.problem)}" for part in ordered if part.problem))
            self.updateGeometry()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        most = max((part.size_bytes for part in self._parts), default=0)
        names = max((text_width(part_name(part), _NAME) for part in self._parts), default=0.0)
        words = max((text_width(state_word(part), _QUIET) for part in self._parts), default=0.0)
        sizes = max((text_width(bytes_text(part.size_bytes), _SIZE) for part in self._parts), default=0.0)
        left = names + _GAP
        room = max(_LEAST, self.width() - left - words - sizes - 2 * _GAP)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for at, part in enumerate(self._parts):
                top = at * _ROW
                draw_text(painter, QRectF(0, top, names + 2, _ROW), part_name(part), _NAME)
                share = part.size_bytes / most if most else 0.0
                bar = QRectF(left, top + (_ROW - _BAR) / 2, max(_LEAST, share * room), _BAR)
                self._draw_bar(painter, bar, part)
                draw_text(painter, QRectF(left + room + _GAP, top, words + 2, _ROW), state_word(part), _QUIET)
                size = QRectF(self.width() - sizes - 2, top, sizes + 2, _ROW)
                draw_text(painter, size, bytes_text(part.size_bytes), _SIZE)

    def _draw_bar(self, painter: QPainter, box: QRectF, part: PartSize) -> None:
        is_damaged = part.state is PartState.DAMAGED
        role = "outline" if part.state is PartState.CLOSED else "vessel"
        painter.setPen(QPen(theme().color("outline"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush if is_damaged else theme().color(role))
        painter.drawRect(box)
        if is_damaged:
            painter.fillRect(box, hatch_brush(theme().color("outline")))


def part_name(part: PartSize) -> str:
    """Return the month, and its keeping class if that isn't the standard one: "2026-11 · bacteria"."""
    return f"{part.month} · {part.keeping}" if part.keeping else part.month


def state_word(part: PartSize) -> str:
    """Return what is to be said of a month, "" of one that is over."""
    if part.state is PartState.DAMAGED:
        return tr("damaged")
    return tr("grows") if part.state is PartState.OPEN else ""
