"""Lays what is told over the top of the page, so that nothing moves under the pointer when it comes. GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QWidget

from hmi.shadow import Shadow
from hmi.shell.message_bar import ProblemBar
from hmi.widgets import column


class MessageLayer(QFrame):
    """The newest of what is told, with how many wait behind it, and gone without any: one line hides no button.

    `over` is the page, a sibling of it.
    """

    def __init__(self, over: QWidget, bars: Sequence[ProblemBar]) -> None:
        super().__init__(over.parentWidget())
        self._over, self._told = over, list[ProblemBar]()
        self.setProperty("kind", "chrome")
        layout = column(self)
        for bar in bars:
            layout.addWidget(bar)
            bar.changed.connect(lambda bar=bar: self._on_changed(bar))
        over.installEventFilter(self)
        self._shadow = Shadow(self)
        self._place()

    @property
    def told(self) -> Sequence[str]:
        """What is told, the newest first."""
        return [bar.text for bar in self._told]

    def close_one(self) -> bool:
        """Close the one that is shown; return whether there was any."""
        for bar in self._told[:1]:
            bar.tell("")
            return True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Follow texts that need another height."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def _on_changed(self, bar: ProblemBar) -> None:
        """Bring what was told just now to the front, or what was told before it."""
        self._told = [bar] * bool(bar.text) + [each for each in self._told if each is not bar]
        if not bar.text:
            bar.hide()
        for at, each in enumerate(self._told):
            each.setVisible(at == 0)
            each.show_more(len(self._told) - 1)
        self._place()

    def _place(self) -> None:
        for bar in self._told[:1]:
            room = self._over.geometry()
            self.setGeometry(room.x(), room.y(), room.width(), bar.layout().totalHeightForWidth(room.width()))
            self._shadow.raise_()
            self.raise_()
        self.setVisible(bool(self._told))
