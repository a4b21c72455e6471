"""The buttons above the alarm list. Where room is short words go first, then what the menu has as well. GUI thread."""

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from hmi.alarm_list.filter_bar import FilterBar
from hmi.alarms.commands import ListCommands
from hmi.i18n import tr
from hmi.widgets import ICON_GAP, button, row, set_property, set_text

_ICON_BUTTON: Final = 40
_GAP: Final = 8
_MOST: Final = 16_777_215
"""No limit at all, for Qt."""
_WORDED: Final = (
    "pause",
    "details",
    "trend",
    "display",
    "comment",
    "silence",
    "shelve",
    "acknowledge_visible",
    "acknowledge",
)
"""In the order in which they lose their words, one at each level: at level 0 all have theirs."""
_LEVELS: Final = len(_WORDED) + 2
"""The last two levels have no words and fewer and fewer buttons."""
_FEWER: Final = len(_WORDED)
"""From this level on the filter gets no more than it needs."""
_LAST_SHOWN: Final = {
    "print": _FEWER - 1,
    "export": _FEWER - 1,
    "display": _FEWER,
    "trend": _FEWER,
    "comment": _FEWER,
    "silence": _FEWER + 1,
    "view": _FEWER + 1,
}
"""Down to which level a button is there at all; those that are missing are there always."""


class ListTools(QWidget):
    """Acts at the left, what is shown at the right; `fit` chooses what there is room for."""

    def __init__(self, commands: ListCommands, filter_bar: FilterBar, view_menu: QMenu) -> None:
        super().__init__()
        self._filter_bar = filter_bar
        self.buttons: dict[str, QPushButton] = {}
        self._words: dict[str, str] = {}
        self._layout = row(self, spacing=_GAP)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._add_action(commands, "acknowledge", tr("Ack"), "check", "primary")
        self._add_action(commands, "acknowledge_visible", tr("Ack visible"), "check")
        self._add_action(commands, "silence", tr("Silence"), "speaker_off")
        self._add_menu("shelve", tr("Shelve"), "shelf", commands.shelve)
        self._add_action(commands, "comment", tr("Comment"), "comment")
        self._add_action(commands, "display", tr("Display"), "display")
        self._add_action(commands, "trend", tr("Trend"), "trend")
        self._add_action(commands, "details", tr("Details"), "faceplate")
        self.buttons["details"].setCheckable(True)
        self._add_menu("more", "", "more", commands.more_menu(), tr("More"))
        self._layout.addStretch(1)
        self._layout.addWidget(filter_bar)
        self._add_action(commands, "pause", tr("Pause"), "pause")
        self.buttons["pause"].setCheckable(True)
        self._add_menu("view", "", "columns", view_menu, tr("Columns, size, order"))
        self._add_action(commands, "export", "", "export")
        self._add_action(commands, "print", "", "printer")
        filter_bar.resized.connect(lambda: self.fit(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def fit(self, room: int) -> None:
        """Take the fullest form that fits into `room` px."""
        for level in range(_LEVELS):
            self._take(level)
            if self._needed(level) <= room:
                return

    def _needed(self, level: int) -> int:
        shown = [each.sizeHint().width() for each in self.buttons.values() if not each.isHidden()]
        filter_bar = self._filter_bar
        beside = filter_bar.sizeHint() if level < _FEWER else filter_bar.minimumSizeHint()
        return sum(shown) + (len(shown) + 1) * _GAP + beside.width()

    def _take(self, level: int) -> None:
        for name, made in self.buttons.items():
            made.setVisible(level <= _LAST_SHOWN.get(name, _LEVELS))
            words = self._words[name]
            is_worded = bool(words) and level <= _WORDED.index(name)
            set_text(made, f"{ICON_GAP}{words}" if is_worded else "")
            made.setMaximumWidth(_MOST if is_worded else _ICON_BUTTON)
            set_property(made, "room", "" if is_worded else "icon")

    def _add_action(self, commands: ListCommands, name: str, words: str, sign: str, kind: str = "") -> None:
        action: QAction | None = commands.find(name)
        if action is None:
            return
        made = self._add(name, words, sign, kind, action.toolTip())
        made.clicked.connect(action.trigger)
        made.setEnabled(action.isEnabled())
        action.enabledChanged.connect(made.setEnabled)

    def _add_menu(self, name: str, words: str, sign: str, menu: QMenu, tip: str = "") -> None:
        made = self._add(name, words, sign, "", tip or words)
        made.clicked.connect(lambda: menu.popup(made.mapToGlobal(made.rect().bottomLeft())))

    def _add(self, name: str, words: str, sign: str, kind: str, tip: str) -> QPushButton:
        made = self.buttons[name] = button(words, kind, sign)
        self._words[name] = words
        made.setToolTip(tip)
        made.setAccessibleName(tip)
        self._layout.addWidget(made)
        return made
