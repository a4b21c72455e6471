"""One area with its name and how many alarms of each priority it has: above the list, and large across the room.

In one line there is the name, and how many alarms in all. GUI thread.
"""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen

from alarms.snapshot import PRIORITIES
from hmi.alarm_areas.button import RADIUS, UNKNOWN, AreaButton
from hmi.alarms.glyph import Glyph, GlyphLook, draw_glyph, glyph_box
from hmi.theme.fonts import font
from hmi.theme.theme import theme
from hmi.ticker import Ticker

MOST: Final = 999
"""The greatest number that is written out."""
_TITLE_AT: Final = 0.32
_COUNTS_AT: Final = 0.68
_MIDDLE: Final = 0.5
"""Where lines stand, as parts of the height of a tile."""


@dataclass(frozen=True, slots=True)
class TileSize:
    """In px: `side` and `small` are those of glyphs, `title` and `count` of letters, `border` of what blinks.

    Without `small` ones there is only one line.
    """

    height: int
    least_width: int
    padding: int
    side: int
    small: int
    title: int
    count: int
    gap: int
    border: int = 0


ABOVE_LIST: Final = TileSize(height=76, least_width=224, padding=10, side=24, small=15, title=15, count=15, gap=12)
ONE_LINE: Final = TileSize(height=34, least_width=92, padding=4, side=16, small=0, title=15, count=15, gap=8)
ACROSS_ROOM: Final = TileSize(
    height=208, least_width=500, padding=24, side=80, small=34, title=38, count=40, gap=28, border=6
)
IN_SMALL_WINDOW: Final = TileSize(
    height=140, least_width=340, padding=16, side=48, small=26, title=26, count=28, gap=18, border=4
)


class AreaTile(AreaButton):
    """Zero is a hollow glyph. The counts shrink where their digits don't fit."""

    def __init__(self, name: str, title: str, size: TileSize, ticker: Ticker) -> None:
        self._size = size
        super().__init__(name, title, size.side, ticker)
        self.setFixedHeight(size.height)

    def set_size(self, size: TileSize) -> None:
        """Take another size."""
        self._size = size
        self.set_side(size.side)
        self.setFixedHeight(size.height)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size.least_width, self._size.height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        size = self._size
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.draw_ground(painter, "panel")
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().color("line"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
            if size.border:
                self.draw_border(painter, size.border)
            self.draw_sign(painter, size.padding)
            left = size.padding + self.box + size.padding
            room = self.width() - left - size.padding - size.border
            if size.small:
                self._draw_title(painter, left, room, _TITLE_AT)
                self._draw_counts(painter, left, room)
            else:
                taken = self._draw_total(painter, left + room - size.gap) + 2 * size.gap
                self._draw_title(painter, left, room - taken, _MIDDLE)

    def _draw_total(self, painter: QPainter, right: float) -> float:
        """Draw how many alarms there are in all, and return how wide that is (px)."""
        present = sum(self.state.present.values())
        used, text = font(self._size.count, 600 if present else 400), self._count_text(present)
        metrics = QFontMetricsF(used)
        width = metrics.horizontalAdvance(text)
        painter.setFont(used)
        painter.setPen(theme().color("text" if present else "text2"))
        painter.drawText(QPointF(right - width, _base(metrics, self.height() * _MIDDLE)), text)
        return width

    def _draw_title(self, painter: QPainter, left: float, room: float, at: float) -> None:
        used = font(self._size.title, 600)
        metrics = QFontMetricsF(used)
        if metrics.horizontalAdvance(self.title) > room:
            used = font(self._size.title, 600, condensed=True)
            metrics = QFontMetricsF(used)
        shown = metrics.elidedText(self.title, Qt.TextElideMode.ElideRight, room)
        painter.setFont(used)
        painter.setPen(theme().color("text"))
        painter.drawText(QPointF(left, _base(metrics, self.height() * at)), shown)
        whole = self.title if self._size.small else self.accessibleName()
        self.setToolTip("" if shown == whole else whole)

    def _draw_counts(self, painter: QPainter, left: float, room: float) -> None:
        size, middle = self._size, self.height() * _COUNTS_AT
        texts = {priority: self._count_text(self.state.present[priority]) for priority in PRIORITIES}
        metrics = QFontMetricsF(font(size.count, 600))
        beside = size.small * 0.4
        widths = {priority: size.small + beside + metrics.horizontalAdvance(text) for priority, text in texts.items()}
        shrink = min(1.0, room / (sum(widths.values()) + size.gap * (len(widths) - 1)))
        box = glyph_box(size.small * shrink)
        x = left
        for priority, text in texts.items():
            present = self.state.present[priority]
            look = GlyphLook.ACKNOWLEDGED if present and self.is_known else GlyphLook.NONE
            side = size.small * shrink
            draw_glyph(painter, QRectF(x + (side - box) / 2, middle - box / 2, box, box), Glyph(priority, look))
            used = font(size.count * shrink, 600 if present else 400)
            painter.setFont(used)
            painter.setPen(theme().color("text" if present else "text2"))
            painter.drawText(QPointF(x + side + beside * shrink, _base(QFontMetricsF(used), middle)), text)
            x += (widths[priority] + size.gap) * shrink

    def _count_text(self, count: int) -> str:
        if not self.is_known:
            return UNKNOWN
        return str(count) if count <= MOST else f"{MOST}+"


def _base(metrics: QFontMetricsF, middle: float) -> float:
    """Return the base line of letters around a middle."""
    return middle + (metrics.ascent() - metrics.descent()) / 2
