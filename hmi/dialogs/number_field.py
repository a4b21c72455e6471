"""The field in which a new setpoint is typed: unit inside, range above, what is wrong below. GUI thread."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from hmi.dialogs.entry import Entry, Limits, range_text, read_entry
from hmi.i18n import tr
from hmi.units.choice import shown_as
from hmi.widgets import column, label, row, set_property
from plant_models.tag import Tag

WIDTH: Final = 176
HEIGHT: Final = 48


class NumberField(QWidget):
    """Emits `edited` at every keystroke; Enter does nothing. Without `limits`, what may be written may be entered."""

    edited = Signal()

    def __init__(self, tag: Tag, limits: Limits | None = None) -> None:
        super().__init__()
        self._tag = tag
        self._limits = tag.write_range if limits is None else limits
        self._shown = shown_as(tag)
        within = range_text(tag, self._limits)
        title = label(tr("New, {range}").format(range=within) if within else tr("New"), "text2")
        self.field = QLineEdit()
        self.field.setProperty("scale", "large")
        self.field.setFixedHeight(HEIGHT)
        self.field.setFixedWidth(WIDTH)
        self.field.setMaxLength(24)
        self.field.setAccessibleName(title.text())
        title.setBuddy(self.field)
        unit = label(self._shown.unit, "text2")
        inside = row(self.field)
        inside.setContentsMargins(0, 0, 12, 0)
        inside.addStretch(1)
        inside.addWidget(unit)
        self.field.setTextMargins(0, 0, unit.sizeHint().width() + 8, 0)
        self.field.textChanged.connect(self._on_changed)
        layout = column(self, spacing=4)
        layout.addWidget(title)
        layout.addWidget(self.field)

    def entry(self) -> Entry:
        """Return what is typed now, read in the unit that stands in the field, and checked."""
        return read_entry(self.field.text(), self._tag, self._shown, self._limits)

    def enter(self, value: float) -> None:
        """Put a value of the plant's unit into the field, as if it had been typed."""
        self.field.setText(self._shown.text(value))

    def lock(self) -> None:
        self.field.setReadOnly(True)

    def _on_changed(self) -> None:
        set_property(self.field, "state", "invalid" if self.entry().problem else "")
        self.edited.emit()
