"""Asks where a file goes, and looks at no disk: a folder on a dead network share must not stop the screens.

GUI thread. Qt's own file dialog reads the listed files on this thread to guess their types.
"""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QLineEdit

from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.widgets import button, column, label


class FileSheet(Sheet):
    """One field with the whole path; `chosen` carries it once. A name alone lies in the folder of documents.

    A path without an ending gets that of `name`; `act` is the word on the button.
    """

    chosen = Signal(Path)

    def __init__(self, title: str, subtitle: str, name: str, act: str) -> None:
        super().__init__(title, subtitle)
        where = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self._folder, self._suffix = Path(where), Path(name).suffix
        self.field = QLineEdit(str(self._folder / name))
        words = label(tr("File"), "text2")
        words.setBuddy(self.field)
        self.field.setAccessibleName(words.text())
        entry = column(spacing=6)
        entry.addWidget(words)
        entry.addWidget(self.field)
        self.body.addLayout(entry)
        self.cancel_button = button(tr("Cancel"), "command")
        self.cancel_button.clicked.connect(self.close_sheet)
        self.export_button = button(act, "primary")
        self.export_button.setProperty("scale", "command")
        self.export_button.clicked.connect(self._choose)
        self.footer.addStretch(1)
        self.footer.addWidget(self.cancel_button)
        self.footer.addWidget(self.export_button)
        self.field.returnPressed.connect(self.export_button.click)
        self.field.textChanged.connect(lambda text: self.export_button.setEnabled(_names_a_file(text.strip())))

    def first_focus(self) -> QLineEdit:
        return self.field

    def _choose(self) -> None:
        typed = Path(self.field.text().strip())
        path = self._folder / (Path.home() / typed.relative_to("~") if typed.parts[0] == "~" else typed)
        self.chosen.emit(path.with_suffix(path.suffix or self._suffix))
        self.close_sheet()


def _names_a_file(text: str) -> bool:
    return Path(text).name not in ("", "..", "~")
