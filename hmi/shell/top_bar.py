"""The bar at the top: plant and menu, back and forward, path, devices, user, clock. It never moves. GUI thread."""

from typing import Final

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QToolButton

from hmi.actions import Actions
from hmi.alarms.bell import Bell
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import clock_text, local_time
from hmi.shell.health import connected_count
from hmi.shell.path import Path
from hmi.shell.search import Search
from hmi.sound.silence_button import SilenceButton
from hmi.theme.icons import icon
from hmi.widgets import ICON, ICON_GAP, ElidedLabel, IconLabel, button, column, hairline, label, row, set_text

HEIGHT: Final = 52
COMPACT_HEIGHT: Final = 48


class TopBar(QFrame):
    """52 px high, 48 in a small window, where words drop and numbers stay."""

    def __init__(self, context: Context, actions: Actions) -> None:
        super().__init__()
        self.setProperty("kind", "chrome")
        self._context = context
        self._actions = actions
        self._is_compact = False
        self._devices_icon = ""
        self.path = Path()
        self._name = ElidedLabel(context.plant.name, "card")
        self._menu_button = self._make_menu_button()
        self.search = Search(context)
        self._search_button = _icon_button(actions, "search")
        self.search.left.connect(self._fold_search)
        self.bell = Bell(context.alarms, context.sound)
        self.bell.clicked.connect(actions["alarms"].trigger)
        self.silence = SilenceButton(context.sound, actions["silence"].toolTip())
        self.silence.clicked.connect(actions["silence"].trigger)
        self.manual_values = button(kind="flat", icon_name="hand")
        self.insecure = _action_button(actions, "devices")
        self.insecure.setIcon(icon("lock_open"))
        self._devices = _action_button(actions, "devices")
        self._user = label(tr("No log-on"))
        self._time = label(role="card")
        self._date = label(role="small")
        layout = column(self)
        layout.addLayout(self._make_row(), 1)
        layout.addWidget(hairline())
        self._describe_user()
        context.ticker.tick.connect(self.refresh)
        self.refresh()

    def set_compact(self, is_compact: bool, name_width: int) -> None:
        """Take the small or the full form; the plant's name is as wide as the navigation."""
        self._is_compact = is_compact
        self.setFixedHeight(COMPACT_HEIGHT if is_compact else HEIGHT)
        is_narrow = name_width < 100
        self._menu_button.setFixedWidth(name_width - 16 if is_narrow else name_width - 24)
        self._name.setVisible(not is_narrow)
        self._date.setVisible(not is_compact)
        self._fold_search()
        self._show_devices()
        self._show_insecure()

    def open_search(self) -> None:
        """Show the search field, in the small form in place of its icon, and put the focus there."""
        self.search.show()
        self._search_button.hide()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _fold_search(self) -> None:
        self.search.setVisible(not self._is_compact)
        self._search_button.setVisible(self._is_compact)

    def refresh(self) -> None:
        """Show the present time and health."""
        now_us = self._context.clock.wall_us()
        set_text(self._time, clock_text(now_us, self._context.zone))
        now = local_time(now_us, self._context.zone)
        weekday = QLocale().dayName(now.isoweekday(), QLocale.FormatType.ShortFormat)
        month = QLocale().monthName(now.month, QLocale.FormatType.ShortFormat)
        set_text(self._date, f"{weekday} {now.day} {month} {now.year}")
        self._show_devices()
        self._show_manual_values()
        self._show_insecure()

    def _show_manual_values(self) -> None:
        """Tell for as long as it is so that values are not those of the devices."""
        count = len(self._context.station.manual_values)
        self.manual_values.setVisible(count > 0)
        set_text(self.manual_values, ICON_GAP + tr("{count} manual").format(count=count))
        self.manual_values.setToolTip(tr("Manual values: {count}").format(count=count))

    def _show_insecure(self) -> None:
        """Tell for as long as it is so that others on the network can read and change what is sent."""
        names = [device.device for device in self._context.station.health.devices if device.is_insecure]
        self.insecure.setVisible(bool(names))
        words = tr("{count} not encrypted").format(count=len(names))
        set_text(self.insecure, ICON_GAP + (str(len(names)) if self._is_compact else words))
        self.insecure.setToolTip(tr("Not encrypted: {devices}").format(devices=", ".join(names)))

    def _show_devices(self) -> None:
        good, wanted = connected_count(self._context.station.health.devices)
        count = f"{good}/{wanted}"
        words = tr("{count} devices").format(count=count)
        set_text(self._devices, ICON_GAP + (count if self._is_compact else words))
        self._devices.setToolTip(tr("{good} of {wanted} devices are connected").format(good=good, wanted=wanted))
        name = "devices" if good == wanted else "warning"
        if name != self._devices_icon:
            self._devices_icon = name
            self._devices.setIcon(icon(name))

    def _make_row(self) -> QHBoxLayout:
        layout = row(spacing=8)
        layout.setContentsMargins(8, 0, 16, 0)
        layout.addWidget(self._menu_button)
        layout.addSpacing(8)
        for action in ("back", "forward"):
            layout.addWidget(_icon_button(self._actions, action))
        layout.addSpacing(4)
        layout.addWidget(self.path, 1)
        layout.addWidget(self.search)
        layout.addWidget(self._search_button)
        layout.addWidget(_divider())
        layout.addWidget(self.bell)
        layout.addWidget(self.silence)
        layout.addWidget(_divider())
        layout.addWidget(self.manual_values)
        layout.addWidget(self.insecure)
        layout.addWidget(self._devices)
        layout.addWidget(_divider())
        layout.addSpacing(4)
        layout.addWidget(IconLabel("user"))
        layout.addWidget(self._user)
        layout.addSpacing(4)
        layout.addWidget(_divider())
        layout.addSpacing(4)
        clock = column()
        clock.addStretch(1)
        for part in (self._time, self._date):
            part.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            clock.addWidget(part)
        clock.addStretch(1)
        layout.addLayout(clock)
        return layout

    def _make_menu_button(self) -> QPushButton:
        made = button(kind="flat")
        made.setToolTip(tr("Menu"))
        made.setAccessibleName(tr("Menu"))
        inside = row(made, spacing=10)
        inside.setContentsMargins(10, 0, 8, 0)
        inside.addWidget(IconLabel("water", "text", 24))
        inside.addWidget(self._name, 1)
        menu = QMenu(made)
        menu.addActions(list(self._actions.menu()))
        made.clicked.connect(lambda: menu.popup(made.mapToGlobal(made.rect().bottomLeft())))
        return made

    def _describe_user(self) -> None:
        session = self._context.session
        self._user.setText(session.user if session.is_logged_on else tr("No log-on"))
        tip = tr("Commands are recorded as {user} at {seat}").format(user=session.user, seat=session.seat)
        self._user.setToolTip(tip)


def _icon_button(actions: Actions, name: str) -> QToolButton:
    made = QToolButton()
    made.setDefaultAction(actions[name])
    made.setIconSize(QSize(ICON, ICON))
    made.setFixedSize(QSize(36, 36))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def _action_button(actions: Actions, name: str) -> QPushButton:
    made = button(kind="flat")
    made.clicked.connect(actions[name].trigger)
    return made


def _divider() -> QFrame:
    line = hairline(is_upright=True)
    line.setFixedHeight(28)
    return line
