"""What stands between title and buttons of a dialog: as high as its content, or scrolled in less. GUI thread."""

from typing import Final, cast

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QApplication, QLayout, QScrollArea, QWidget

MARGIN: Final = 16
"""What stays free at the right of the content, px: the scroll bar stands there and moves nothing."""
_MOVES: Final = (QEvent.Type.LayoutRequest, QEvent.Type.Resize)


class SheetBody(QScrollArea):
    """Keeps in sight what has the focus."""

    def __init__(self, content: QLayout) -> None:
        super().__init__()
        self._holder = QWidget()
        self._holder.setLayout(content)
        self._holder.installEventFilter(self)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._holder)
        self._holder.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._make_room(0, 0)
        self.verticalScrollBar().rangeChanged.connect(self._make_room)
        cast(QApplication, QApplication.instance()).focusChanged.connect(self._show_focus)

    def sizeHint(self) -> QSize:
        return self._holder.sizeHint() + QSize(MARGIN, 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._holder.minimumSizeHint().width() + MARGIN, 0)

    def hasHeightForWidth(self) -> bool:
        return self._holder.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        return self._holder.heightForWidth(width - MARGIN)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_taken = super().eventFilter(watched, event)
        if watched is self._holder and event.type() in _MOVES:
            self.updateGeometry()
            self._show_focus(None, QApplication.focusWidget())
        return is_taken

    def _make_room(self, least: int, most: int) -> None:
        bar = self.verticalScrollBar().sizeHint().width() if most > least else 0
        self.setViewportMargins(0, 0, MARGIN - bar, 0)

    def _show_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._holder.isAncestorOf(now):
            self.ensureWidgetVisible(now)
