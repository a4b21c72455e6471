"""What a list is about, as a chip that a click takes away. GUI thread."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPushButton, QSizePolicy

from hmi.alarms.subject import Subject
from hmi.i18n import tr
from hmi.theme.fonts import font
from hmi.theme.icons import icon
from hmi.widgets import BUTTON_ICON, ICON_GAP, set_text

_WIDEST: Final = 180


class SubjectChip(QPushButton):
    """Hidden while a list is about everything."""

    def __init__(self) -> None:
        super().__init__()
        self.setAutoDefault(False)
        self.setIcon(icon("close"))
        self.setIconSize(QSize(BUTTON_ICON, BUTTON_ICON))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross stands at the right
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_subject(None)

    def show_subject(self, subject: Subject | None) -> None:
        """Show what a list is about."""
        self.setVisible(subject is not None)
        if subject is not None:
            shown = QFontMetrics(font(15, 500)).elidedText(subject.words, Qt.TextElideMode.ElideMiddle, _WIDEST)
            set_text(self, f"{shown}{ICON_GAP}")
            self.setToolTip(tr("{subject}: show everything again").format(subject=subject.words))
            self.setAccessibleName(self.toolTip())
