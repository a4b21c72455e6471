"""Asks where a file goes. GUI thread."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from hmi.dialogs.path_field import PathField
from hmi.dialogs.sheet import Sheet
from hmi.dialogs.titled import titled
from hmi.i18n import tr
from hmi.widgets import button


class FileSheet(Sheet):
    """`chosen` carries the path once; `name` is proposed, `act` is the word on the button."""

    chosen = Signal(Path)

    def __init__(self, title: str, subtitle: str, name: str, act: str) -> None:
        super().__init__(title, subtitle)
        self.field = PathField(name)
        self.body.addLayout(titled(tr("File"), self.field))
        self.cancel_button = button(tr("Cancel"), "command")
        self.cancel_button.clicked.connect(self.close_sheet)
        self.export_button = button(act, "primary")
        self.export_button.setProperty("scale", "command")
        self.export_button.clicked.connect(self._choose)
        self.footer.addStretch(1)
        self.footer.addWidget(self.cancel_button)
        self.footer.addWidget(self.export_button)
        self.field.returnPressed.connect(self.export_button.click)
        self.field.named.connect(self.export_button.setEnabled)

    def first_focus(self) -> QLineEdit:
        return self.field

    def _choose(self) -> None:
        self.chosen.emit(self.field.path())
        self.close_sheet()
