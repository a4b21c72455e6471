"""The optional line in which an operator says why; it is kept in the audit trail. GUI thread."""

from typing import Final

from PySide6.QtWidgets import QLineEdit, QWidget

from hmi.i18n import tr
from hmi.widgets import column, label

_LONGEST: Final = 500


class ReasonField(QWidget):
    """A label above a field."""

    def __init__(self) -> None:
        super().__init__()
        layout = column(self, spacing=6)
        title = label(tr("Reason, kept in the audit trail"), "text2")
        self._field = QLineEdit()
        self._field.setMaxLength(_LONGEST)
        self._field.setPlaceholderText(tr("Optional"))
        self._field.setAccessibleName(title.text())
        title.setBuddy(self._field)
        layout.addWidget(title)
        layout.addWidget(self._field)

    def text(self) -> str:
        return self._field.text().strip()

    def lock(self) -> None:
        self._field.setReadOnly(True)
