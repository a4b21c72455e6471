"""A button that shows or leaves out a priority, with its glyph instead of a word. GUI thread."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton

from hmi.alarms.glyph import Glyph, GlyphLook, draw_glyph
from hmi.i18n import tr
from plant_models.alarm_definition import DIAGNOSTIC

_SIZE = QSize(48, 36)


class PriorityToggle(QPushButton):
    """Pressed: shown, its glyph filled. Released: left out, its glyph hollow."""

    def __init__(self, priority: int) -> None:
        super().__init__()
        self._priority = priority
        self.setAutoDefault(False)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFixedSize(_SIZE)
        is_diagnostic = priority == DIAGNOSTIC
        words = (
            tr("Show or leave out diagnostic alarms") if is_diagnostic else tr("Show or leave out priority {priority}")
        )
        words = words.format(priority=priority)
        self.setToolTip(words)
        self.setAccessibleName(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        look = GlyphLook.ACKNOWLEDGED if self.isChecked() else GlyphLook.NONE
        with QPainter(self) as painter:
            draw_glyph(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), Glyph(self._priority, look))
