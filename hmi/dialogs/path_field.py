"""Asks where a file is, and looks at no disk: a folder on a dead network share must not stop the screens.

GUI thread. Qt's own file dialog reads the listed files on this thread to guess their types.
"""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QLineEdit


class PathField(QLineEdit):
    """A whole path; a name alone lies in the folder of documents, and a path without an ending gets that of `name`.

    `named` tells, whenever something was typed, whether it names a file.
    """

    named = Signal(bool)

    def __init__(self, name: str) -> None:
        where = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self._folder, self._suffix = Path(where), Path(name).suffix
        super().__init__(str(self._folder / name))
        self.textChanged.connect(lambda text: self.named.emit(Path(text.strip()).name not in ("", "..", "~")))

    def path(self) -> Path:
        """Return the file that is named."""
        typed = Path(self.text().strip())
        whole = self._folder / (Path.home() / typed.relative_to("~") if typed.parts[0] == "~" else typed)
        return whole.with_suffix(whole.suffix or self._suffix)
