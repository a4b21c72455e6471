"""Finds displays and equipment by any part of their names, and opens them. GUI thread."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyledItemDelegate

from hmi.context import Context
from hmi.faceplate.header import equipment_title
from hmi.i18n import tr
from hmi.widgets import ICON, IconLabel, row
from plant_models.display_places import display_places

WIDTH: Final = 260
_LONGEST_LIST: Final = 12
_GAP: Final = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hit leads: a page, and the equipment whose faceplate is to be opened ("" for none)."""

    page: str
    equipment: str = ""


class Search(QLineEdit):
    """A field with a list of hits below it; Enter or a click opens one, Escape leaves it."""

    found = Signal(Place)
    left = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._places = places(context)
        self.setFixedWidth(WIDTH)
        self.setPlaceholderText(tr("Find a display or equipment"))
        self.setAccessibleName(tr("Find a display or equipment"))
        inside = row(self)
        inside.setContentsMargins(_GAP, 0, 0, 0)
        inside.addWidget(IconLabel("search"))
        inside.addStretch(1)
        self.setTextMargins(_GAP + ICON, 0, 0, 0)
        completer = QCompleter(QStringListModel(list(self._places), self), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(_LONGEST_LIST)
        completer.popup().setProperty("kind", "popup")
        completer.popup().setItemDelegate(QStyledItemDelegate(completer.popup()))  # the one that style sheets reach
        completer.activated.connect(self._open)
        self.setCompleter(completer)

    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_override and event.key() == Qt.Key.Key_Escape:
            event.accept()  # here it leaves the field; elsewhere in the window it closes what lies on top
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self._best())
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def _best(self) -> str:
        """Return the first hit for what is typed, "" if there is none."""
        completer = self.completer()
        completer.setCompletionPrefix(self.text())
        return completer.currentCompletion() if self.text().strip() else ""

    def _open(self, title: str) -> None:
        place = self._places.get(title)
        if place is not None:
            # The completer writes the hit into the field after this slot; only then is it time to clear it.
            QTimer.singleShot(0, self, self._leave)
            self.found.emit(place)

    def _leave(self) -> None:
        self.completer().popup().hide()
        self.clear()
        self.clearFocus()
        self.left.emit()


def places(context: Context) -> dict[str, Place]:
    """Return what can be found, by the words in the list: displays first, then equipment, wholes before parts."""
    plant = context.plant
    shown_on = display_places(plant)
    found = {f"{display.title} · {tr('display')}": Place(name) for name, display in plant.displays.items()}
    for name, equipment in sorted(plant.equipment.items(), key=lambda each: (each[0].count("."), each[0])):
        found[f"{name} · {equipment_title(context, equipment)}"] = Place(shown_on.get(name, plant.home), name)
    return found
