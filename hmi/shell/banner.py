"""The bar at the bottom where alarms will stand. Until they are evaluated it says so, and nothing else. GUI thread."""

from typing import Final

from PySide6.QtWidgets import QFrame

from hmi.i18n import tr
from hmi.widgets import ElidedLabel, column, hairline, label, row

HEIGHT: Final = 60
COMPACT_HEIGHT: Final = 52


class Banner(QFrame):
    """60 px high, 52 in a small window; it never moves and is never covered."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "chrome")
        layout = column(self)
        layout.addWidget(hairline())
        words = row(spacing=12)
        words.setContentsMargins(20, 0, 20, 0)
        words.addWidget(label(tr("Alarms not evaluated"), "strong"))
        words.addWidget(ElidedLabel(tr("No alarm will appear here. Watch the values."), "text2"), 1)
        layout.addLayout(words, 1)

    def set_compact(self, is_compact: bool) -> None:
        self.setFixedHeight(COMPACT_HEIGHT if is_compact else HEIGHT)
