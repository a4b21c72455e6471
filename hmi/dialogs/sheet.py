"""The panel of every dialog: title, body, buttons. A child of the content, never a window of its own. GUI thread."""

from typing import ClassVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from hmi.dialogs.sheet_body import MARGIN, SheetBody
from hmi.i18n import tr
from hmi.widgets import ElidedLabel, button, column, row

WIDTH = 600
_PADDING = 24


class Sheet(QFrame):
    """A dialog. The keyboard focus stays inside; Escape closes; Enter does nothing but press the focused button.

    It is as wide as `widest` (px) where there is room. Where its body is too high it scrolls; title and buttons stay.
    """

    closed = Signal()
    fills: ClassVar[bool] = False
    """Whether the body takes all height that there is, and does its scrolling itself."""

    def __init__(self, title: str, subtitle: str, widest: int = WIDTH) -> None:
        super().__init__()
        self.setProperty("kind", "floating")
        self.setAccessibleName(title)
        self.setMinimumWidth(WIDTH)
        self.setMaximumWidth(widest)
        self._layout = column(self, spacing=20)
        self._layout.setContentsMargins(_PADDING, _PADDING, _PADDING - MARGIN, _PADDING)
        self._layout.addLayout(self._header(title, subtitle))
        self.body: QVBoxLayout = column(spacing=16)
        if self.fills:
            self.body.setContentsMargins(0, 0, MARGIN, 0)
            self._layout.addLayout(self.body, 1)
        else:
            self._layout.addWidget(SheetBody(self.body))
        self.footer: QHBoxLayout = row(spacing=12)
        self.footer.setContentsMargins(0, 0, MARGIN, 0)
        self._layout.addLayout(self.footer)

    @property
    def may_close(self) -> bool:
        """Whether the dialog can be left now."""
        return True

    def close_sheet(self) -> None:
        """Leave the dialog if that is possible now."""
        if self.may_close:
            self.closed.emit()

    def first_focus(self) -> QWidget:
        """Return the widget that has the focus when the dialog opens; the safe one."""
        return self.close_button

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        # Every other key ends here: what lies under the dialog must not get it.

    def focusNextPrevChild(self, forward: bool) -> bool:
        stops = [child for child in self.findChildren(QWidget) if _is_stop(child)]
        if not stops:
            return False
        current = QApplication.focusWidget()
        at = stops.index(current) if current in stops else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(at + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def _header(self, title: str, subtitle: str) -> QHBoxLayout:
        header = row(spacing=12)
        header.setContentsMargins(0, 0, MARGIN, 0)
        words = column(spacing=4)
        words.addWidget(ElidedLabel(title, "title"))
        words.addWidget(ElidedLabel(subtitle, "text2"))
        header.addLayout(words, 1)
        self.close_button: QPushButton = button(kind="flat", icon_name="close")
        self.close_button.setFixedSize(QSize(36, 36))
        self.close_button.setToolTip(tr("Close"))
        self.close_button.setAccessibleName(tr("Close"))
        self.close_button.clicked.connect(self.close_sheet)
        header.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        return header


def _is_stop(widget: QWidget) -> bool:
    takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return takes and widget.isEnabled() and widget.isVisible()
