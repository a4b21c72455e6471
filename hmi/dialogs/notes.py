"""A sign, a sentence, and what belongs to it, in a frame. GUI thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from hmi.widgets import IconLabel, column, row, wrapped


class NotesBox(QFrame):
    """For what must be read before something is done: sentences, each with what belongs to it."""

    def __init__(self, *notes: tuple[str, tuple[str, ...]]) -> None:
        super().__init__()
        self.setProperty("kind", "reason")
        layout = row(self, spacing=10)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(IconLabel("warning", "text"), 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=2)
        for what, more in notes:
            words.addWidget(wrapped(what, "strong"))
            for note in more:
                words.addWidget(wrapped(note, "text2"))
        layout.addLayout(words, 1)
