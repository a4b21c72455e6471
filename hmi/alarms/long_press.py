"""What asks for the menu of a widget: right button, menu key, or a finger held down. GUI thread."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton

HELD_MS: Final = 600


class LongPress(QObject):
    """Emits `wanted` with a place on the screen; a button that was held down for it isn't clicked as well."""

    wanted = Signal(QPoint)

    def __init__(self, button: QAbstractButton) -> None:
        super().__init__(button)
        self._button = button
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(HELD_MS)
        self._timer.timeout.connect(self.take)
        button.installEventFilter(self)

    def take(self) -> None:
        """Take the button as held down for long enough."""
        self._button.setDown(False)
        self.wanted.emit(self._button.mapToGlobal(self._button.rect().bottomLeft()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QContextMenuEvent):
            self.wanted.emit(self._button.mapToGlobal(self._button.rect().bottomLeft()))
            return True
        if isinstance(event, QMouseEvent) and event.button() is Qt.MouseButton.LeftButton:
            if event.type() == QEvent.Type.MouseButtonPress:
                self._timer.start()
            else:
                self._timer.stop()
        return super().eventFilter(watched, event)
