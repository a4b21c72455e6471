"""A field with its title above it, as every dialog shows them. GUI thread."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from hmi.widgets import column, label


def titled(title: str, field: QWidget) -> QVBoxLayout:
    """Return a title and its field below; who doesn't see them is told the title as well."""
    words = label(title, "text2")
    words.setBuddy(field)
    field.setAccessibleName(title)
    made = column(spacing=6)
    made.addWidget(words)
    made.addWidget(field)
    return made
