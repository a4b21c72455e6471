"""Lays what is told over the top of the page, so that nothing moves under the pointer when it comes. GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QWidget

from hmi.shadow import Shadow
from hmi.shell.message_bar import ProblemBar
from hmi.widgets import column


class MessageLayer(QFrame):
    """As high as the bars that are shown, and gone without any; `over` is the page, a sibling of it."""

    def __init__(self, over: QWidget, bars: Sequence[ProblemBar]) -> None:
        super().__init__(over.parentWidget())
        self._over, self._bars = over, bars
        self.setProperty("kind", "chrome")
        layout = column(self)
        for bar in bars:
            layout.addWidget(bar)
            bar.installEventFilter(self)
        over.installEventFilter(self)
        self._shadow = Shadow(self)
        self._place()

    @property
    def shown(self) -> Sequence[ProblemBar]:
        """The bars that are there, the upper one first."""
        return [bar for bar in self._bars if not bar.isHidden()]

    def close_one(self) -> bool:
        """Close the upper one; return whether there was any."""
        shown = self.shown
        for bar in shown[:1]:
            bar.hide()
        return bool(shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent, QEvent.Type.Resize, QEvent.Type.Move)
        if event.type() in kinds or event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Follow texts that need another height."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def _place(self) -> None:
        has_any = bool(self.shown)
        if has_any:
            room = self._over.geometry()
            height = sum(bar.layout().totalHeightForWidth(room.width()) for bar in self.shown)
            self.setGeometry(room.x(), room.y(), room.width(), height)
            self._shadow.raise_()
            self.raise_()
        self.setVisible(has_any)
