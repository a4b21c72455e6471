"""Where one is: the displays above the present one, each a button, then its title and level. GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hmi.widgets import ElidedLabel, IconLabel, button, label, row


class Path(QWidget):
    """Made anew at each change of page, which is rare."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._layout = row(self, spacing=4)

    def show_path(self, parents: Sequence[tuple[str, str]], title: str, level: str) -> None:
        """Show (page, title) of the parents from the top, the title of the present page, and its level ("L2" or "")."""
        self._clear()
        for page, parent_title in parents:
            link = button(parent_title, "flat")
            link.setProperty("role", "text2")
            link.clicked.connect(lambda _checked=False, page=page: self.chosen.emit(page))
            self._layout.addWidget(link)
            self._layout.addWidget(IconLabel("chevron"))
        self._layout.addSpacing(8)
        self._layout.addWidget(ElidedLabel(title, "strong"))
        if level:
            self._layout.addSpacing(4)
            self._layout.addWidget(label(level, "text2"))
        self._layout.addStretch(1)

    def _clear(self) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
