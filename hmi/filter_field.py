"""The field into which people type what a list shall show. GUI thread."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QSizePolicy, QWidget

from hmi.i18n import tr
from hmi.theme.icons import draw_icon
from hmi.theme.theme import theme
from hmi.widgets import BUTTON_ICON, ICON, IconLabel, row

_WIDTH: Final = 240
_NARROWEST: Final = 120
_GAP: Final = 8


def filter_field(words: str) -> QLineEdit:
    """Return a field with the sign of a filter in front, and a cross at its end that empties it."""
    field = _Field()
    field.setPlaceholderText(words)
    field.setAccessibleName(words)
    return field


class _Field(QLineEdit):
    """240 px wide, less where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDTH)
        cross = _Cross(self)
        cross.clicked.connect(self.clear)
        self.textChanged.connect(lambda text: cross.setVisible(bool(text)))
        inside = row(self)
        inside.setContentsMargins(_GAP, 0, _GAP, 0)
        inside.addWidget(IconLabel("filter"))
        inside.addStretch(1)
        inside.addWidget(cross)
        self.setTextMargins(_GAP + ICON, 0, BUTTON_ICON, 0)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, super().sizeHint().height())


class _Cross(QAbstractButton):
    """Only there while there is something to take away; no stop for the keyboard, which has its own ways."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(BUTTON_ICON, BUTTON_ICON)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setToolTip(tr("Empty the field"))
        self.setAccessibleName(tr("Empty the field"))
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with QPainter(self) as painter:
            draw_icon(painter, "close", QRectF(self.rect()), theme().color("text" if self.underMouse() else "text2"))
