"""What can be done with the rows of the alarm list, as actions: buttons and menus of the page are made of them.

GUI thread. Who may do what, and what must be said with it, is asked where it is done.
"""

from collections.abc import Callable, Collection
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from alarms.handling import AlarmAct
from alarms.states import AlarmState
from hmi.actions import Actions
from hmi.context import Context
from hmi.i18n import tr
from hmi.theme.icons import icon
from plant_models.message import message
from station.session import TRUSTERS

SPANS: Final = (
    (15, message("15 min")),
    (60, message("1 h")),
    (360, message("6 h")),
    (720, message("12 h")),
    (1440, message("1 d")),
    (None, message("Another time…")),
)
"""How long alarms are shelved, in minutes; None asks."""
ROLES_FOR_ALL: Final = TRUSTERS
"""Who may acknowledge everything that passes the filter and was on screen."""


class ListCommands:
    """By name; `shelve` is a menu. The shell's own actions keep their keys."""

    def __init__(self, owner: QWidget, context: Context, actions: Actions) -> None:
        self._owner, self._actions = owner, actions
        self._made: dict[str, QAction] = {}
        for name, words, sign in _LIST:
            self._made[name] = made = QAction(icon(sign), tr(words), owner)
            made.setToolTip(tr(words))
            if name in _KEYS:
                _give_key(made, _KEYS[name])
        owner.addActions(list(self._made.values()))
        self.shelve = QMenu(tr("Shelve"), owner)
        self.shelve.setIcon(icon("shelf"))
        self.shelve.setAccessibleName(tr("Shelve"))
        _give_key(self.shelve.menuAction(), "Ctrl+Shift+S")
        owner.addAction(self.shelve.menuAction())
        self.spans = {minutes: self.shelve.addAction(tr(words)) for minutes, words in SPANS}
        everything = self._made["ack_all"]
        everything.setEnabled(bool(context.session.roles & ROLES_FOR_ALL))
        if not everything.isEnabled():
            everything.setText(tr("Ack all in filter (for supervisors)"))

    def __getitem__(self, name: str) -> QAction:
        found = self._made.get(name) or self._actions.find(name)
        if found is None:
            raise KeyError(name)
        return found

    def find(self, name: str) -> QAction | None:
        """Return an action, None if there is none."""
        return self._made.get(name) or self._actions.find(name)

    def on(self, name: str, act: Callable[[], object]) -> None:
        """Let an action do something."""
        self._made[name].triggered.connect(lambda: act())

    def more_menu(self) -> QMenu:
        """Return the menu of what has no button of its own at every width."""
        menu = QMenu(self._owner)
        for names in _MORE:
            menu.addActions([found for name in names if (found := self.find(name)) is not None])
            menu.addSeparator()
        menu.insertMenu(self["unshelve"], self.shelve)
        return menu

    def row_menu(self, states: Collection[AlarmState]) -> tuple[QAction, ...]:
        """Return what stands first in the menu of a row, without what does nothing for alarms in these states."""
        names = (name for name in _ROW if name not in _MEANT_FOR or _MEANT_FOR[name] in states)
        return (self["ack_rows"], self.shelve.menuAction(), *(self[name] for name in names))


ACTS: Final = {
    "unshelve": AlarmAct.UNSHELVE,
    "reset": AlarmAct.RESET,
    "out_of_service": AlarmAct.OUT_OF_SERVICE,
    "return_to_service": AlarmAct.RETURN_TO_SERVICE,
    "comment": AlarmAct.COMMENT,
}
"""The acts with alarms behind the actions."""
_LIST: Final = (
    ("ack_rows", message("Ack"), "check"),
    ("ack_all", message("Ack all in filter"), "check"),
    ("unshelve", message("Take off the shelf"), "shelf"),
    ("reset", message("Reset"), "undo"),
    ("out_of_service", message("Out of service…"), "lock"),
    ("return_to_service", message("Return to service"), "lock_open"),
    ("comment", message("Comment…"), "comment"),
    ("display", message("Display"), "display"),
    ("trend", message("Trend"), "trend"),
    ("guidance", message("Guidance"), "faceplate"),
    ("history_of", message("History of this alarm"), "journal"),
    ("configure", message("Configure…"), "preferences"),
    ("copy", message("Copy alarm name"), "copy"),
    ("pause", message("Pause"), "pause"),
    ("export", message("Export as CSV…"), "export"),
    ("print", message("Print…"), "printer"),
    ("keys", message("Keys"), "list"),
)
_KEYS: Final = {"comment": "Ctrl+Shift+C", "pause": "Pause", "export": "Ctrl+E", "print": "Ctrl+P"}
"""They hold while the keyboard is on the page."""
_MORE: Final = (
    ("ack_all",),
    ("unshelve", "reset", "out_of_service", "return_to_service", "comment"),
    ("display", "trend", "details", "history_of", "configure"),
    ("export", "print", "keys"),
)
_MEANT_FOR: Final = {"unshelve": AlarmState.SHLVD, "reset": AlarmState.LATAK}
_ROW: Final = ("unshelve", "reset", "comment", "guidance", "display", "history_of", "configure", "copy")


def _give_key(action: QAction, keys: str) -> None:
    sequence = QKeySequence(keys)
    action.setShortcut(sequence)
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    action.setAutoRepeat(False)
    words = action.text().rstrip("…")
    action.setToolTip(f"{words} ({sequence.toString(QKeySequence.SequenceFormat.NativeText)})")
