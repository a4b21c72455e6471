"""A button whose menu holds what a list may be narrowed to; several can be chosen. GUI thread."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QPushButton

from hmi.alarms.staying_menu import StayingMenu
from hmi.i18n import tr
from hmi.theme.icons import icon
from hmi.widgets import BUTTON_ICON, ICON_GAP, set_text


class _LastingMenu(StayingMenu):
    """Enter leaves it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QMenu.keyPressEvent(self, event)
        else:
            super().keyPressEvent(event)


class ChoiceButton(QPushButton):
    """`changed` follows each choice; nothing chosen lets everything through."""

    changed = Signal()

    def __init__(self, title: str, choices: Mapping[str, str]) -> None:
        super().__init__()
        self._title = title
        self.setAutoDefault(False)
        self.setIcon(icon("down"))
        self.setIconSize(QSize(BUTTON_ICON, BUTTON_ICON))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the sign stands at the right
        self._menu = _LastingMenu(self)
        self.actions_of: dict[str, QAction] = {}
        for name, words in choices.items():
            self.actions_of[name] = self._menu.tick_box(words, False, self._on_choice)
        self._menu.addSeparator()
        self._all = self._menu.addAction(tr("All of them"))
        self._all.triggered.connect(self.clear)
        self.setMenu(self._menu)
        self._write()

    @property
    def chosen(self) -> frozenset[str]:
        """The names of what is chosen."""
        return frozenset(name for name, action in self.actions_of.items() if action.isChecked())

    def clear(self) -> None:
        """Choose nothing."""
        for action in self.actions_of.values():
            action.setChecked(False)

    def _on_choice(self, _is_ticked: bool) -> None:
        self._write()
        self.changed.emit()

    def _write(self) -> None:
        count = len(self.chosen)
        words = tr("{filter}: {count}").format(filter=self._title, count=count) if count else self._title
        set_text(self, f"{words}{ICON_GAP}")
        self.setAccessibleName(words)
        self._all.setEnabled(bool(count))
