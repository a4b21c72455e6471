"""A card of the page of history: a title, lines of words and figures. GUI thread."""

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from hmi.widgets import IconLabel, column, label, row, set_property, set_text, wrapped

_PADDING: Final = 20
_SIGN: Final = 18


class Card(QFrame):
    """What is added to `body` stands below the title."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        outer = column(self, spacing=10)
        outer.setContentsMargins(_PADDING, 14, _PADDING, 16)
        outer.addWidget(label(title, "card"))
        self.body: QVBoxLayout = column(spacing=8)
        outer.addLayout(self.body)


class Lines(QWidget):
    """Words at the left, figures at the right; as many lines as there are to show."""

    def __init__(self, is_right: bool = False) -> None:
        super().__init__()
        self._is_right = is_right
        self._lines: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0 if is_right else 1, 1)

    def texts(self) -> list[tuple[str, str]]:
        """Return the lines that are shown."""
        return [(name.text(), value.text()) for name, value in self._lines if not name.isHidden()]

    def show_lines(self, lines: Sequence[tuple[str, str]], strong: Iterable[int] = ()) -> None:
        """Show lines of words and figure; `strong` are the numbers of those that stand out."""
        while len(self._lines) < len(lines):
            self._add()
        loud = set(strong)
        for at, (name, value) in enumerate(self._lines):
            is_shown = at < len(lines)
            name.setVisible(is_shown)
            value.setVisible(is_shown)
            if is_shown:
                set_text(name, lines[at][0])
                set_text(value, lines[at][1])
                set_property(name, "role", "strong" if at in loud else "text2")
                set_property(value, "role", "strong" if at in loud else "")

    def _add(self) -> None:
        name, value = label(role="text2"), wrapped()
        top = Qt.AlignmentFlag.AlignTop
        value.setAlignment(top | (Qt.AlignmentFlag.AlignRight if self._is_right else Qt.AlignmentFlag.AlignLeft))
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        at = len(self._lines)
        name.setAlignment(top | Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(name, at, 0)
        self._grid.addWidget(value, at, 1)
        self._lines.append((name, value))


class Advice(QWidget):
    """A sign and a sentence for who keeps history; absent while there is nothing to say."""

    def __init__(self, icon: str = "warning") -> None:
        super().__init__()
        self._words = wrapped(role="strong")
        layout = row(self, spacing=8)
        layout.addWidget(IconLabel(icon, "text", _SIGN), 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._words, 1)
        self.hide()

    def text(self) -> str:
        return self._words.text() if not self.isHidden() else ""

    def say(self, words: str) -> None:
        """Show a sentence; an empty one takes it away."""
        set_text(self._words, words)
        self.setVisible(bool(words))


def command(words: str) -> QLabel:
    """Return a command for a terminal as text that can be selected and copied."""
    made = wrapped(words, "tag")
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return made
