"""The bell of the top bar: per priority a glyph and how many alarms are present; a click opens the list. GUI thread."""

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton

from alarms.snapshot import PRIORITIES
from hmi.alarms.glyph import Glyph, GlyphLook
from hmi.alarms.model import AlarmModel
from hmi.alarms.sign import Sign
from hmi.i18n import tr
from hmi.widgets import IconLabel, label, row, set_property, set_text

_SIDE: Final = 18
_UNKNOWN: Final = "?"


class Bell(QPushButton):
    """Zero is a hollow glyph; while alarms aren't evaluated no count may be believed."""

    def __init__(self, model: AlarmModel) -> None:
        super().__init__()
        self.setAutoDefault(False)
        self.setProperty("kind", "flat")
        self._model = model
        self._signs = {priority: Sign(model.ticker, _SIDE) for priority in PRIORITIES}
        self._counts = {priority: label() for priority in PRIORITIES}
        layout = row(self)
        layout.setContentsMargins(6, 0, 0, 0)
        layout.addWidget(IconLabel("bell", "text"))
        layout.addSpacing(6)
        for priority in PRIORITIES:
            layout.addWidget(self._signs[priority])
            layout.addSpacing(3)
            layout.addWidget(self._counts[priority])
            layout.addSpacing(6)
        model.changed.connect(self.refresh)
        self.refresh()

    def sizeHint(self) -> QSize:
        return self.layout().sizeHint()

    def refresh(self) -> None:
        """Show the present counts."""
        said = []
        for priority in PRIORITIES:
            present = self._model.present(priority)
            self._signs[priority].show_glyph(self._model.top(priority) or Glyph(priority, GlyphLook.NONE))
            words = str(present) if self._model.is_evaluated else _UNKNOWN
            set_text(self._counts[priority], words)
            set_property(self._counts[priority], "role", "card" if present else "count")
            said.append(tr("priority {priority}: {count}").format(priority=priority, count=words))
        self.setToolTip(", ".join(said))
        self.setAccessibleName(", ".join(said))
