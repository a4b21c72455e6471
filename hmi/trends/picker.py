"""Finds tags by any part of their name or description, and adds them as pens. GUI thread."""

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from hmi.context import Context
from hmi.i18n import tr
from hmi.trends.pens import can_be_drawn
from hmi.widgets import column, label, set_text

_WIDTH: Final = 460
_HEIGHT: Final = 420
_MOST: Final = 200


class Picker(QFrame):
    """A field and a list of hits. Enter or a double click adds one and the picker stays; Escape closes it."""

    picked = Signal(str)

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        tags = [tag for tag in context.station.table.tags if can_be_drawn(tag)]
        self._texts = {tag.name: f"{tag.name} {tag.description}".casefold() for tag in tags}
        self._descriptions = {tag.name: tag.description for tag in tags}
        self.setProperty("kind", "floating")
        self.resize(_WIDTH, _HEIGHT)
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Find a tag"))
        self.field.setAccessibleName(tr("Find a tag"))
        self.hits = QListWidget()
        self.hits.setAccessibleName(tr("Tags"))
        self.hits.setProperty("kind", "popup")
        self._count = label(role="small")
        layout = column(self, spacing=8, margin=12)
        layout.addWidget(self.field)
        layout.addWidget(self.hits, 1)
        layout.addWidget(self._count)
        self.field.textChanged.connect(self._find)
        self.field.installEventFilter(self)
        self.hits.installEventFilter(self)
        self.hits.itemActivated.connect(self._pick)
        self.hide()

    def open(self) -> None:
        """Show the picker with an empty field."""
        self.field.clear()
        self._find("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            is_press = event.type() == QEvent.Type.KeyPress
            if event.key() == Qt.Key.Key_Escape:
                event.accept()  # here it closes the picker; elsewhere what lies on top in the window
                if is_press:
                    self.hide()
                return True
            if watched is self.field and is_press and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._move(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if watched is self.field and is_press and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._pick(self.hits.currentItem())
                return True
        return False

    def _find(self, text: str) -> None:
        words = text.casefold().split()
        found = [name for name, known in self._texts.items() if all(word in known for word in words)]
        self.hits.clear()
        for name in found[:_MOST]:
            description = self._descriptions[name]
            item = QListWidgetItem(f"{name}\u2002{description}" if description else name)
            item.setData(Qt.ItemDataRole.UserRole, name)
            self.hits.addItem(item)
        self.hits.setCurrentRow(0)
        set_text(self._count, tr("{shown} of {all} tags").format(shown=min(len(found), _MOST), all=len(self._texts)))

    def _move(self, rows: int) -> None:
        self.hits.setCurrentRow(min(max(self.hits.currentRow() + rows, 0), self.hits.count() - 1))

    def _pick(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.picked.emit(item.data(Qt.ItemDataRole.UserRole))
            self.field.selectAll()
