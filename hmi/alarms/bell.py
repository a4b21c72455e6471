"""The bell of the top bar: per priority a glyph and how many alarms are present; a click opens the list. GUI thread."""

from typing import Final

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtWidgets import QPushButton

from alarms.snapshot import PRIORITIES
from hmi.alarms.glyph import Glyph, GlyphLook
from hmi.alarms.long_press import LongPress
from hmi.alarms.looks import waiting_by_priority
from hmi.alarms.model import AlarmModel
from hmi.alarms.sign import Sign
from hmi.i18n import tr
from hmi.sound.alarm_sound import AlarmSound
from hmi.widgets import IconLabel, label, row, set_property, set_text

_SIDE: Final = 20
_UNKNOWN: Final = "?"


class Bell(QPushButton):
    """Zero is a hollow glyph; while alarms aren't evaluated all are hollow, and no count may be believed.

    It is slashed while muted. Diagnostic alarms call nobody and aren't counted. `menu_wanted` asks for the mute menu.
    """

    menu_wanted = Signal(QPoint)

    def __init__(self, model: AlarmModel, sound: AlarmSound) -> None:
        super().__init__()
        self.setAutoDefault(False)
        self.setProperty("kind", "flat")
        self._model, self._sound = model, sound
        self.icon_label = IconLabel("bell", "text")
        self._signs = {priority: Sign(model.ticker, _SIDE) for priority in PRIORITIES}
        self._counts = {priority: label() for priority in PRIORITIES}
        layout = row(self)
        layout.setContentsMargins(6, 0, 0, 0)
        layout.addWidget(self.icon_label)
        layout.addSpacing(6)
        for priority in PRIORITIES:
            layout.addWidget(self._signs[priority])
            layout.addSpacing(3)
            layout.addWidget(self._counts[priority])
            layout.addSpacing(6)
        LongPress(self).wanted.connect(self.menu_wanted)
        model.changed.connect(self.refresh)
        sound.changed.connect(self.refresh)
        self.refresh()

    def sizeHint(self) -> QSize:
        return self.layout().sizeHint()

    def refresh(self) -> None:
        """Show the present counts, and whether alarms can be heard."""
        waiting = waiting_by_priority(self._model.unacknowledged)
        said = [self._show_count(priority, waiting[priority]) for priority in PRIORITIES]
        sound = self._sound
        self.icon_label.set_icon("bell_off" if sound.mute_left_s or sound.problem else "bell")
        heard = [each for each in (sound.mute_words, sound.problem) if each]
        self.setToolTip("\n".join([*said, *heard]))
        self.setAccessibleName(", ".join([tr("Alarms"), *said, *heard]))

    def _show_count(self, priority: int, waiting: int) -> str:
        """Show how many alarms of a priority there are; return it in words."""
        present = self._model.present(priority)
        top = self._model.top(priority)
        is_evaluated = self._model.is_evaluated
        self._signs[priority].show_glyph(top.plain if top and is_evaluated else Glyph(priority, GlyphLook.NONE))
        shown = str(present) if is_evaluated else _UNKNOWN
        set_text(self._counts[priority], shown)
        set_property(self._counts[priority], "role", "card" if present and is_evaluated else "count")
        words = tr("priority {priority}: {count}").format(priority=priority, count=shown)
        if not (waiting and is_evaluated):
            return words
        return tr("{words}, {count} not acknowledged").format(words=words, count=waiting)
