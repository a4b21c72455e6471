"""The one table of what a person can do in the shell: menus, buttons and shortcuts are made from it. GUI thread."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from alarms.snapshot import AlarmRow
from hmi.i18n import tr
from hmi.theme.icons import icon


class Shell(Protocol):
    """What the actions act on."""

    def go_back(self) -> None: ...
    def go_forward(self) -> None: ...
    def go_home(self) -> None: ...
    def go_up(self) -> None: ...
    def show_devices(self) -> None: ...
    def show_history(self) -> None: ...
    def show_alarm_kpis(self) -> None: ...
    def show_trends(self) -> None: ...
    def open_faceplate(self, equipment: str) -> None: ...
    def open_trend(self, tags: Sequence[str], at_us: int | None = None) -> None: ...
    def open_device(self, name: str) -> None: ...
    def open_alarms_of(self, name: str) -> None: ...
    def open_journal_of(self, name: str) -> None: ...
    def acknowledge_of(self, name: str, offered: Sequence[AlarmRow] = ()) -> None: ...
    def open_manual(self, tag: str) -> None: ...
    def copy(self, text: str) -> None: ...
    def show_alarms(self) -> None: ...
    def show_journal(self) -> None: ...
    def show_area_panel(self) -> None: ...
    def show_configured(self) -> None: ...
    def silence(self) -> None: ...
    def mute(self, minutes: int) -> None: ...
    def unmute(self) -> None: ...
    def open_mute_menu(self) -> None: ...
    def acknowledge_first(self) -> None: ...
    def acknowledge_selected(self) -> None: ...
    def acknowledge_visible(self) -> None: ...
    def toggle_details(self) -> None: ...
    def search(self) -> None: ...
    def switch_theme(self) -> None: ...
    def show_preferences(self) -> None: ...
    def toggle_full_screen(self) -> None: ...
    def close_top(self) -> None: ...
    def quit(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One row of the table. `permission` is the role it needs; empty for what everybody may do."""

    id: str
    text: str
    handler: Callable[[Shell], None]
    shortcut: str = ""
    icon: str = ""
    permission: str = ""
    is_in_menu: bool = False


ACTIONS: Final = (
    ActionSpec("back", "Back", lambda shell: shell.go_back(), "Alt+Left", "back"),
    ActionSpec("forward", "Forward", lambda shell: shell.go_forward(), "Alt+Right", "forward"),
    ActionSpec("home", "First display", lambda shell: shell.go_home(), "Alt+Home", "home", is_in_menu=True),
    ActionSpec("up", "One level up", lambda shell: shell.go_up(), "Alt+Up", "up", is_in_menu=True),
    ActionSpec("search", "Find a display or equipment", lambda shell: shell.search(), "Ctrl+K", "search"),
    ActionSpec("alarms", "Alarm list", lambda shell: shell.show_alarms(), "Ctrl+L", "bell", is_in_menu=True),
    ActionSpec(
        "area_panel", "Alarm panel", lambda shell: shell.show_area_panel(), "Ctrl+Shift+L", "panel", is_in_menu=True
    ),
    ActionSpec("silence", "Silence", lambda shell: shell.silence(), "F9", "speaker_off"),
    ActionSpec("mute", "Mute for a time", lambda shell: shell.open_mute_menu(), "Ctrl+M", "speaker_off"),
    ActionSpec("mute_1", "Mute for 1 minute", lambda shell: shell.mute(1)),
    ActionSpec("mute_5", "Mute for 5 minutes", lambda shell: shell.mute(5)),
    ActionSpec("mute_15", "Mute for 15 minutes", lambda shell: shell.mute(15)),
    ActionSpec("mute_60", "Mute for 60 minutes", lambda shell: shell.mute(60)),
    ActionSpec("unmute", "Sound again", lambda shell: shell.unmute(), icon="speaker"),
    ActionSpec("journal", "Journal", lambda shell: shell.show_journal(), "Ctrl+J", "journal", is_in_menu=True),
    ActionSpec(
        "alarm_kpis",
        "Alarm performance",
        lambda shell: shell.show_alarm_kpis(),
        "Ctrl+I",
        "performance",
        is_in_menu=True,
    ),
    ActionSpec(
        "acknowledge_first", "Acknowledge the most urgent alarm", lambda shell: shell.acknowledge_first(), "F8", "check"
    ),
    ActionSpec("acknowledge", "Acknowledge selected", lambda shell: shell.acknowledge_selected(), "F7", "check"),
    ActionSpec(
        "acknowledge_visible", "Acknowledge visible", lambda shell: shell.acknowledge_visible(), "Shift+F7", "check"
    ),
    ActionSpec("details", "Alarm details", lambda shell: shell.toggle_details(), "F4", "faceplate"),
    ActionSpec(
        "configured",
        "Configured alarms",
        lambda shell: shell.show_configured(),
        "Ctrl+Shift+G",
        "list",
        is_in_menu=True,
    ),
    ActionSpec("trends", "Trends", lambda shell: shell.show_trends(), "Ctrl+R", "trend", is_in_menu=True),
    ActionSpec("devices", "Devices", lambda shell: shell.show_devices(), "Ctrl+D", "devices", is_in_menu=True),
    ActionSpec("history", "History", lambda shell: shell.show_history(), "Ctrl+H", "history", is_in_menu=True),
    ActionSpec("theme", "Light or dark", lambda shell: shell.switch_theme(), "Ctrl+T", "theme", is_in_menu=True),
    ActionSpec(
        "preferences",
        "Preferences",
        lambda shell: shell.show_preferences(),
        "Ctrl+,",
        "preferences",
        is_in_menu=True,
    ),
    ActionSpec(
        "full_screen", "Full screen", lambda shell: shell.toggle_full_screen(), "F11", "full_screen", is_in_menu=True
    ),
    ActionSpec("close", "Close", lambda shell: shell.close_top(), "Esc", "close"),
    ActionSpec("quit", "Leave Clearwell", lambda shell: shell.quit(), "Ctrl+Q", "exit", is_in_menu=True),
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a pointer is on: a piece of equipment ("" for none), a tag ("" for none), and what a trend of it shows.

    The window adds the device of the tag ("" for none), whether an alarm of it waits for an acknowledgement, and those
    that did when the menu was opened.
    `at_us` (µs UTC) is the time that a row of alarms or events is about, None for what is shown as it is now; `extra`
    is what that page can do with it besides.
    """

    equipment: str
    tag: str
    trend: tuple[str, ...]
    device: str = ""
    is_unacknowledged: bool = False
    at_us: int | None = None
    offered: tuple[AlarmRow, ...] = ()
    extra: tuple[QAction, ...] = ()

    @property
    def name(self) -> str:
        return self.tag or self.equipment


@dataclass(frozen=True, slots=True)
class ItemActionSpec:
    """One row of the menu of an item of a display or faceplate; `is_for` tells for which targets it makes sense."""

    id: str
    text: str
    handler: Callable[[Shell, Target], None]
    is_for: Callable[[Target], object]
    icon: str = ""


ITEM_ACTIONS: Final = (
    ItemActionSpec(
        "faceplate",
        "Faceplate",
        lambda shell, target: shell.open_faceplate(target.equipment),
        lambda target: target.equipment,
        "faceplate",
    ),
    ItemActionSpec(
        "trend",
        "Trend",
        lambda shell, target: shell.open_trend(target.trend, target.at_us),
        lambda target: target.trend,
        "trend",
    ),
    ItemActionSpec(
        "acknowledge_of",
        "Acknowledge",
        lambda shell, target: shell.acknowledge_of(target.name, target.offered),
        lambda target: target.is_unacknowledged,
        "check",
    ),
    ItemActionSpec(
        "alarms_of",
        "Alarms of this",
        lambda shell, target: shell.open_alarms_of(target.name),
        lambda target: target.name,
        "bell",
    ),
    ItemActionSpec(
        "journal_of",
        "Journal of this",
        lambda shell, target: shell.open_journal_of(target.name),
        lambda target: target.name,
        "journal",
    ),
    ItemActionSpec(
        "manual",
        "Manual value",
        lambda shell, target: shell.open_manual(target.tag),
        lambda target: target.device and target.tag,
        "hand",
    ),
    ItemActionSpec(
        "device_of",
        "Device",
        lambda shell, target: shell.open_device(target.device),
        lambda target: target.device,
        "devices",
    ),
    ItemActionSpec(
        "copy_name", "Copy tag name", lambda shell, target: shell.copy(target.name), lambda target: target.name, "copy"
    ),
)


def item_menu(owner: QWidget, shell: Shell, target: Target) -> QMenu:
    """Return the menu of an item; it goes away when it is closed."""
    menu = QMenu(owner)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addActions(target.extra)
    if target.extra and target.name:
        menu.addSeparator()
    for spec in ITEM_ACTIONS:
        if spec.is_for(target):
            action = menu.addAction(icon(spec.icon), tr(spec.text))
            action.triggered.connect(lambda _checked=False, spec=spec: spec.handler(shell, target))
    return menu


class Actions:
    """The table as QActions of one window, by id. An action without permission is absent."""

    def __init__(self, owner: QWidget, shell: Shell, roles: frozenset[str]) -> None:
        self._specs = {spec.id: spec for spec in ACTIONS if not spec.permission or spec.permission in roles}
        self._actions = {spec.id: _make(owner, shell, spec) for spec in self._specs.values()}
        owner.addActions(list(self._actions.values()))

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def find(self, action_id: str) -> QAction | None:
        """Return an action, None if there is none or the person may not."""
        return self._actions.get(action_id)

    def menu(self) -> Iterator[QAction]:
        """Yield the actions of the application menu, in order of the table."""
        return (self._actions[spec.id] for spec in self._specs.values() if spec.is_in_menu)


def _make(owner: QWidget, shell: Shell, spec: ActionSpec) -> QAction:
    action = QAction(tr(spec.text), owner)
    action.setObjectName(spec.id)
    if spec.icon:
        action.setIcon(icon(spec.icon))
    tip = tr(spec.text)
    if spec.shortcut:
        sequence = QKeySequence(spec.shortcut)
        action.setShortcut(sequence)
        action.setAutoRepeat(False)  # a key that is held down is one wish, not many
        tip = f"{tip} ({sequence.toString(QKeySequence.SequenceFormat.NativeText)})"
    action.setToolTip(tip)
    action.triggered.connect(lambda: spec.handler(shell))
    return action
