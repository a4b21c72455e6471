"""The few plain widgets that shell, faceplates and dialogs are made of. GUI thread.

Their look comes from the one style sheet by property: `role` for labels, `kind` for buttons and frames.
"""

from typing import Final, TypeVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from hmi.theme.icons import draw_icon, icon
from hmi.theme.theme import theme

ICON: Final = 20
BUTTON_ICON: Final = 18
ICON_GAP: Final = "\u2002"
"""Before the text of a button with an icon: the style puts only 4 px between them."""
_Layout = TypeVar("_Layout", bound=QBoxLayout)


def label(text: str = "", role: str = "") -> QLabel:
    """Return a label of plain text (plant data is never read as HTML)."""
    made = QLabel(text)
    _prepare(made, role)
    return made


def wrapped(text: str = "", role: str = "") -> QLabel:
    """Return a label that breaks its text into lines."""
    made = label(text, role)
    made.setWordWrap(True)
    return made


def set_text(target: QLabel | QPushButton, text: str) -> None:
    """Set a text only if it is another one: an unchanged label isn't laid out and painted again."""
    if target.text() != text:
        target.setText(text)


def button(text: str = "", kind: str = "", icon_name: str = "") -> QPushButton:
    """Return a push button that never becomes a default button, so that Enter confirms nothing."""
    made = QPushButton(f"{ICON_GAP}{text}" if text and icon_name else text)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    if icon_name:
        made.setIcon(icon(icon_name, role="primary_text" if kind == "primary" else "text2"))
        made.setIconSize(QSize(BUTTON_ICON, BUTTON_ICON))
    return made


def leave_focus(part: QWidget) -> None:
    """Take the keyboard focus out of a part that is going away, so that it doesn't fall to whatever comes next."""
    held = part.window().focusWidget()
    if held is not None and (held is part or part.isAncestorOf(held)):
        held.clearFocus()


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and have the look worked out again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def column(parent: QWidget | None = None, spacing: int = 0, margin: int = 0) -> QVBoxLayout:
    """Return a layout from top to bottom; without a parent, one to put into another."""
    return _bare(QVBoxLayout(parent) if parent else QVBoxLayout(), spacing, margin)


def row(parent: QWidget | None = None, spacing: int = 0, margin: int = 0) -> QHBoxLayout:
    """Return a layout from left to right; without a parent, one to put into another."""
    return _bare(QHBoxLayout(parent) if parent else QHBoxLayout(), spacing, margin)


def hairline(is_upright: bool = False) -> QFrame:
    """Return a decorating line of 1 px."""
    line = QFrame()
    line.setProperty("kind", "vline" if is_upright else "line")
    if is_upright:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


class IconLabel(QWidget):
    """An icon that is no button; it takes the theme's colour each time it is painted."""

    def __init__(self, name: str, role: str = "text2", size: int = ICON) -> None:
        super().__init__()
        self._name, self._role = name, role
        self.setFixedSize(size, size)

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        if name != self._name:
            self._name = name
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with QPainter(self) as painter:
            draw_icon(painter, self._name, QRectF(self.rect()), theme().color(self._role))


class ElidedLabel(QLabel):
    """A label that ends in "…" where room is short, with the whole text as its tool tip then."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__(text)
        _prepare(self, role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance("…"), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            shown = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
            self.setToolTip("" if shown == self.text() else self.text())
            painter.drawText(self.rect(), int(self.alignment() | Qt.TextFlag.TextSingleLine), shown)


def _prepare(made: QLabel, role: str) -> None:
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)


def _bare(layout: _Layout, spacing: int, margin: int) -> _Layout:
    layout.setSpacing(spacing)
    layout.setContentsMargins(margin, margin, margin, margin)
    return layout
