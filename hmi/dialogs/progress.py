"""How far a command has come: writing, written and read back, or what went wrong. GUI thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from hmi.dialogs.outcome import Outcome
from hmi.i18n import tr
from hmi.widgets import IconLabel, column, row, set_text, wrapped


class Progress(QWidget):
    """An icon (a drawn check, or a warning), a headline, and a sentence below. Empty until something was sent."""

    def __init__(self) -> None:
        super().__init__()
        layout = row(self, spacing=8)
        self._icon = IconLabel("clock", "text")
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self._headline, self._detail = wrapped(role="strong"), wrapped(role="text2")
        words = column(spacing=2)
        words.addWidget(self._headline)
        words.addWidget(self._detail)
        words.addStretch(1)
        layout.addLayout(words, 1)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Be empty again."""
        self._show("", "", "")

    def show_writing(self, words: str = "") -> None:
        """Show that it is under way; `words` say what, where nothing is written."""
        self._show("clock", words or tr("Writing…"), "")

    def show_outcome(self, end: Outcome) -> None:
        self._show("check" if end.is_success else "warning", end.headline, end.detail)

    def show_failure(self) -> None:
        """The window failed, not the plant: what became of the command is unknown."""
        advice = tr("It may have been carried out. Look at the present value before you try again.")
        self._show("warning", tr("The outcome is unknown"), advice)

    def text(self) -> str:
        """Return what is shown, as one text."""
        return " ".join(part for part in (self._headline.text(), self._detail.text()) if part)

    def _show(self, icon_name: str, headline: str, detail: str) -> None:
        self._icon.setVisible(bool(icon_name))
        if icon_name:
            self._icon.set_icon(icon_name)
        set_text(self._headline, headline)
        set_text(self._detail, detail)
        self._detail.setVisible(bool(detail))
        self.setAccessibleName(headline)
