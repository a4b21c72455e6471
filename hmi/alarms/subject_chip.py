"""What a list is about, as a chip that a click takes away. GUI thread."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from hmi.alarms.subject import Subject
from hmi.i18n import tr
from hmi.theme.fonts import font
from hmi.theme.icons import icon
from hmi.widgets import BUTTON_ICON, ICON_GAP, set_text

_WIDEST: Final = 260
_NARROWEST: Final = 136
_BESIDE_WORDS: Final = 64
"""Paddings, gap and cross."""


class SubjectChip(QPushButton):
    """Hidden while a list is about everything; where room is short, only the name stands there."""

    def __init__(self) -> None:
        super().__init__()
        self._words, self._name = "", ""
        self.setAutoDefault(False)
        self.setIcon(icon("close"))
        self.setIconSize(QSize(BUTTON_ICON, BUTTON_ICON))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross stands at the right
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_subject(None)

    def show_subject(self, subject: Subject | None) -> None:
        """Show what a list is about."""
        self.setVisible(subject is not None)
        if subject is not None:
            self._words, self._name = subject.words, subject.name
            self.setToolTip(tr("{subject}: show everything again").format(subject=subject.words))
            self.setAccessibleName(self.toolTip())
            self._write()
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(min(_WIDEST, self._metrics.horizontalAdvance(self._words) + 2 + _BESIDE_WORDS), self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_NARROWEST, self.sizeHint().width()), self._height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()

    @property
    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(font(15, 500))

    @property
    def _height(self) -> int:
        return super().sizeHint().height()

    def _write(self) -> None:
        room = max(self.width(), self.minimumSizeHint().width()) - _BESIDE_WORDS
        words = self._words if self._metrics.horizontalAdvance(self._words) < room else self._name
        set_text(self, f"{self._metrics.elidedText(words, Qt.TextElideMode.ElideLeft, room)}{ICON_GAP}")
