"""One choice out of a few, side by side. GUI thread."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from hmi.widgets import button, row

Choice = tuple[str, str]
"""A value and its word on screen."""
_LEAST: Final = 76


class Segment(QWidget):
    """Emits `chosen` with the value of the segment that somebody chose; the first one is the choice until told."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self.buttons: dict[str, QPushButton] = {}
        layout, group = row(self), QButtonGroup(self)
        for at, (value, word) in enumerate(choices):
            made = self.buttons[value] = button(word, "segment")
            made.setCheckable(True)
            made.setMinimumWidth(_LEAST)
            made.setAccessibleName(f"{name}, {word}")
            made.setProperty("place", "first" if at == 0 else "last" if at == len(choices) - 1 else "middle")
            made.clicked.connect(lambda _checked=False, value=value: self.chosen.emit(value))
            group.addButton(made)
            layout.addWidget(made)
        self.setFocusProxy(next(iter(self.buttons.values())))

    @property
    def choice(self) -> str:
        """The value of the segment that is shown as chosen."""
        return next((value for value, made in self.buttons.items() if made.isChecked()), "")

    def show_choice(self, value: str) -> None:
        """Show a value as the chosen one."""
        if value in self.buttons:
            self.buttons[value].setChecked(True)
