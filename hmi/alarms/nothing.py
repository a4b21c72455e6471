"""What stands in place of rows when there are none: why, and what to do about it. GUI thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from hmi.i18n import tr
from hmi.widgets import button, column, set_text, wrapped

_MARGIN = 20


class Nothing(QWidget):
    """A sentence, and a button that shows everything where a filter is the reason."""

    everything_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = wrapped(role="text2")
        self.everything = button(tr("Show everything"))
        self.everything.clicked.connect(self.everything_wanted)
        layout = column(self, spacing=16, margin=_MARGIN)
        layout.addWidget(self._words)
        layout.addWidget(self.everything, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)

    @property
    def words(self) -> str:
        return self._words.text()

    def say(self, words: str, is_filtered: bool) -> None:
        """Say why there is no row; `is_filtered` offers to show everything."""
        set_text(self._words, words)
        self.everything.setVisible(is_filtered)
