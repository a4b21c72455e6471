"""The line in which an operator says why; it is kept in the audit trail. GUI thread."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from hmi.i18n import tr
from hmi.widgets import column, label

_LONGEST: Final = 500


class ReasonField(QWidget):
    """A label above a field, `title` or that it is kept in the audit; `edited` is emitted at every keystroke."""

    edited = Signal()

    def __init__(self, is_needed: bool = False, title: str = "") -> None:
        super().__init__()
        layout = column(self, spacing=6)
        words = label(title or tr("Reason, kept in the audit trail"), "text2")
        self._field = QLineEdit()
        self._field.setMaxLength(_LONGEST)
        self._field.setPlaceholderText(tr("Needed") if is_needed else tr("Optional"))
        self._field.textChanged.connect(self.edited)
        self._field.setAccessibleName(words.text())
        words.setBuddy(self._field)
        layout.addWidget(words)
        layout.addWidget(self._field)

    def text(self) -> str:
        return self._field.text().strip()

    def enter(self, text: str) -> None:
        """Put a reason into the field, as if it had been typed."""
        self._field.setText(text)

    def focus_widget(self) -> QLineEdit:
        """Return what the keyboard types into."""
        return self._field

    def lock(self) -> None:
        self._field.setReadOnly(True)
