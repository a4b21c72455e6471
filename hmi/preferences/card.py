"""The cards of the page of preferences: a title, and rows of name, control and words. GUI thread."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from hmi.widgets import column, hairline, label, wrapped

_ROW: Final = 48
_NAME: Final = 220
_CONTROL: Final = 460


def make_card(title: str) -> tuple[QFrame, QGridLayout]:
    """Return a card with a title, and the grid that its rows go to."""
    card, grid = QFrame(), QGridLayout()
    card.setProperty("kind", "card")
    layout: QVBoxLayout = column(card, spacing=8)
    layout.setContentsMargins(20, 16, 20, 8)
    layout.addWidget(label(title, "card"))
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(0)
    grid.setColumnMinimumWidth(0, _NAME)
    grid.setColumnMinimumWidth(1, _CONTROL)
    grid.setColumnStretch(2, 1)
    layout.addLayout(grid)
    return card, grid


def add_row(grid: QGridLayout, name: str, control: QWidget, words: str | QWidget) -> None:
    """Add a row below the others; beside its control stand words, or whatever else."""
    at = grid.rowCount()
    grid.addWidget(hairline(), at, 0, 1, 3)
    title: QLabel = label(name)
    title.setBuddy(control)
    grid.addWidget(title, at + 1, 0)
    grid.addWidget(control, at + 1, 1, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    beside = wrapped(words, "text2") if isinstance(words, str) else words
    grid.addWidget(beside, at + 1, 2, Qt.AlignmentFlag.AlignVCenter)
    grid.setRowMinimumHeight(at + 1, _ROW)


def add_note(grid: QGridLayout, words: str) -> QLabel:
    """Add a paragraph below the rows; return it."""
    grid.addWidget(hairline(), grid.rowCount(), 0, 1, 3)
    text = wrapped(words, "text2")
    text.setContentsMargins(0, 14, 0, 10)
    grid.addWidget(text, grid.rowCount(), 0, 1, 3)
    return text
