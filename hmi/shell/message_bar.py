"""The bars of the page: below it what holds until it is mended, over it what went wrong in this window. GUI thread."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy

from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.widgets import IconLabel, button, column, hairline, label, row, set_text, wrapped

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
    """Says what failed in the window; the newest replaces the one before, which stands in the log.

    `changed` says that it tells something else, or nothing any more. A layer shows it when it is its turn. The mouse
    closes it without taking the keyboard from where it is.
    """

    changed = Signal()

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
        self._words, self._more = wrapped(), label(role="text2")
        layout.addWidget(self._words, 1)
        layout.addWidget(self._more)
        close = button(kind="flat", icon_name="close")
        close.setFixedSize(36, 36)
        close.setToolTip(tr("Close (Esc)"))
        close.setAccessibleName(tr("Close"))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(lambda: self.tell(""))
        layout.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """What it tells, "" once that is closed."""
        return self._words.text()

    def say(self, problem: str) -> None:
        """Show a problem until it is closed."""
        self.tell(tr("Something failed in this window: {problem}. See the log.").format(problem=problem))

    def tell(self, words: str) -> None:
        """Show a sentence until it is closed; an empty one takes it away."""
        set_text(self._words, words)
        self.changed.emit()

    def show_more(self, count: int) -> None:
        """Say how many others wait behind this one."""
        set_text(self._more, tr("{count} more").format(count=number_text(count, 0)) if count else "")
