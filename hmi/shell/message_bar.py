"""The bars of the page: below it what holds until it is mended, over it what went wrong in this window. GUI thread."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy

from hmi.i18n import tr
from hmi.widgets import IconLabel, button, column, hairline, row, set_text, wrapped

_MARGIN: Final = (20, 8, 8, 8)


class StandingBar(QFrame):
    """Stays as long as what it says holds; nobody can close it. With a `link` a button leads to more about it."""

    link_clicked = Signal()

    def __init__(self, link: str = "") -> None:
        super().__init__()
        self.setProperty("kind", "strong")
        layout = row(self, spacing=12)
        layout.setContentsMargins(*_MARGIN)
        layout.addWidget(IconLabel("warning", "primary_text"))
        self._words = wrapped(role="strong")
        layout.addWidget(self._words, 1)
        if link:
            more = button(link)
            more.clicked.connect(self.link_clicked)
            layout.addWidget(more)
        self.setMinimumHeight(44)
        self.hide()

    def say(self, text: str) -> None:
        """Show `text`; an empty one takes the bar away."""
        set_text(self._words, text)
        self.setVisible(bool(text))


class ProblemBar(QFrame):
    """Says what failed in the window; the newest replaces the one before, which stands in the log."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "chrome")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        outer = column(self)
        layout = row(spacing=12)
        outer.addLayout(layout)
        outer.addWidget(hairline())
        layout.setContentsMargins(*_MARGIN)
        layout.addWidget(IconLabel("warning", "text"))
        self._words = wrapped()
        layout.addWidget(self._words, 1)
        close = button(kind="flat", icon_name="close")
        close.setFixedSize(36, 36)
        close.setToolTip(tr("Close"))
        close.setAccessibleName(tr("Close"))
        close.clicked.connect(self.hide)
        layout.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        return self._words.text()

    def say(self, problem: str) -> None:
        """Show a problem until it is closed."""
        self.tell(tr("Something failed in this window: {problem}. See the log.").format(problem=problem))

    def tell(self, words: str) -> None:
        """Show a sentence until it is closed."""
        set_text(self._words, words)
        self.show()
