"""The main window: top bar, navigation, content, alarm banner. GUI thread."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from alarms.snapshot import AlarmRow
from hmi.actions import Actions, Target, item_menu
from hmi.alarms.shelf_watch import ShelfWatch
from hmi.context import Context
from hmi.devices.of_alarm import device_of_alarm, device_of_tag
from hmi.dialogs.leave import LeaveDialog
from hmi.dialogs.manual import ManualDialog
from hmi.dialogs.manual_list import ManualList
from hmi.history.words import bar_words
from hmi.i18n import tr
from hmi.shell.audit_words import audit_words
from hmi.shell.banner import Banner
from hmi.shell.display_area import DisplayArea
from hmi.shell.journal_words import journal_words
from hmi.shell.message_bar import ProblemBar, StandingBar
from hmi.shell.message_layer import MessageLayer
from hmi.shell.navigation import COMPACT_WIDTH, WIDTH, Navigation
from hmi.shell.page import ALARM_KPIS, ALARMS, AREA_PANEL, CONFIGURED, DEVICES, HISTORY, JOURNAL, PREFERENCES, TRENDS
from hmi.shell.search import Place
from hmi.shell.top_bar import TopBar
from hmi.shell.visits import Visits
from hmi.sound.mute_menu import mute_menu
from hmi.theme.theme import theme
from hmi.widgets import column, row
from plant_models.display import Display

_NARROW: Final = 1600
_COMPACT: Final = 1500
SMALLEST: Final = QSize(1024, 640)


class Window(QWidget):
    """The shell. It is told what failed by `say_problem`; `closing` is emitted once, when it is closed."""

    closing = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        plant = context.plant
        self.setWindowTitle(plant.name)
        self.setMinimumSize(SMALLEST)
        self._visits = Visits()
        self.page = ""
        self.action_table = Actions(self, self, self.context.session.roles)
        self.top_bar = TopBar(self.context, self.action_table)
        self.navigation = Navigation(plant, context.alarms)
        self.area = DisplayArea(self.context, self.action_table)
        self.banner = Banner(self.context, self.action_table)
        self._stopped, self._unaudited, self._problem = StandingBar(), StandingBar(), ProblemBar()
        self._refusal, self._forgetting = ProblemBar(), StandingBar(tr("Look at history"))
        self._unjournalled = StandingBar()
        self._unheard, self._expiring, self._unwritten = ProblemBar(), ProblemBar(), ProblemBar()
        self.shelves = ShelfWatch(context)
        self._build()
        self.navigation.chosen.connect(self.open_page)
        self.top_bar.path.chosen.connect(self.open_page)
        self.top_bar.search.found.connect(self.open_place)
        self.top_bar.manual_values.clicked.connect(self.show_manual_values)
        self.area.link_clicked.connect(self.open_page)
        self.area.alarm_opened.connect(self.open_alarm)
        self.banner.alarm_opened.connect(self.open_alarm)
        self.area.trend_wanted.connect(self.open_trend)
        self.area.trend_at_wanted.connect(lambda target: self.open_trend(target.trend, target.at_us))
        self.area.alarms_wanted.connect(self.open_alarms_of)
        self.area.area_wanted.connect(self.open_area)
        self.area.journal_wanted.connect(self.open_journal_of)
        self.area.journal_at_wanted.connect(self.open_journal_at)
        self.area.menu_wanted.connect(self._open_menu)
        self.area.configure_wanted.connect(self.configure_alarm)
        self.area.file_told.connect(self._unwritten.tell)
        context.alarms.said.connect(self.say_refusal)
        context.alarms.warned.connect(self._refusal.tell)
        context.sound.said.connect(self._say_unheard)
        self.shelves.told.connect(self._expiring.tell)
        self.shelves.changed.connect(self._close_expired)
        for source in (self.top_bar.bell, self.top_bar.silence):
            source.menu_wanted.connect(self._open_mute_menu)
        self._forgetting.link_clicked.connect(self.show_history)
        self.context.ticker.tick.connect(self._on_tick)
        self.go_home()

    def sizeHint(self) -> QSize:
        return QSize(1920, 1080)

    def open_page(self, page: str) -> None:
        """Go to a page and remember it for "back"."""
        self._visits.visit(page)
        self._show(page)

    def go_back(self) -> None:
        if (page := self._visits.back()) is not None:
            self._show(page)

    def go_forward(self) -> None:
        if (page := self._visits.forward()) is not None:
            self._show(page)

    def go_home(self) -> None:
        self.open_page(self.context.plant.home)

    def go_up(self) -> None:
        display = self.context.plant.displays.get(self.page)
        if display is not None and display.parent in self.context.plant.displays:
            self.open_page(display.parent)

    def show_devices(self) -> None:
        self.open_page(DEVICES)

    def show_history(self) -> None:
        self.open_page(HISTORY)

    def show_alarms(self) -> None:
        self.open_page(ALARMS)

    def show_area_panel(self) -> None:
        self.open_page(AREA_PANEL)

    def open_area(self, name: str) -> None:
        """Show the alarms of an area with those within it, or of what belongs to none."""
        self.open_page(ALARMS)
        if self.area.alarms_page is not None:
            self.area.alarms_page.show_area(name)

    def silence(self) -> None:
        self.context.sound.silence()

    def mute(self, minutes: int) -> None:
        self.context.sound.mute(minutes)

    def unmute(self) -> None:
        self.context.sound.unmute()

    def open_mute_menu(self) -> None:
        """Open the menu below the loudspeaker, for whoever has no pointer."""
        button = self.top_bar.silence
        self._open_mute_menu(button.mapToGlobal(button.rect().bottomLeft()))

    def show_journal(self) -> None:
        self.open_page(JOURNAL)

    def show_configured(self) -> None:
        self.open_page(CONFIGURED)

    def configure_alarm(self, name: str) -> None:
        """Show how an alarm is configured."""
        self.open_page(CONFIGURED)
        if self.area.configured_page is not None:
            self.area.configured_page.show_alarm(name)

    def show_alarm_kpis(self) -> None:
        self.open_page(ALARM_KPIS)

    def show_trends(self) -> None:
        self.open_page(TRENDS)

    def open_trend(self, tags: Sequence[str], at_us: int | None = None) -> None:
        """Add tags to the trend and show it; with `at_us` (µs UTC) that time, under the first cursor."""
        self.open_page(TRENDS)
        if self.area.trend_page is not None:
            self.area.trend_page.show_tags(tags, at_us)

    def open_device(self, name: str) -> None:
        """Show a device in detail."""
        self.open_page(DEVICES)
        if self.area.devices_page is not None:
            self.area.devices_page.choose(name)

    def open_alarms_of(self, name: str) -> None:
        """Show the alarms of a tag, or of a piece of equipment with its parts."""
        self.open_page(ALARMS)
        if self.area.alarms_page is not None:
            self.area.alarms_page.show_alarms_of(name)

    def open_journal_of(self, name: str) -> None:
        """Show the events of a tag, or of a piece of equipment with its parts."""
        self.open_page(JOURNAL)
        if self.area.journal_page is not None:
            self.area.journal_page.show_events_of(name)

    def open_journal_at(self, at_us: int) -> None:
        """Show the events before a time (µs UTC)."""
        self.open_page(JOURNAL)
        if self.area.journal_page is not None:
            self.area.journal_page.go_to(at_us)

    def acknowledge_of(self, name: str, offered: Sequence[AlarmRow] = ()) -> None:
        """Acknowledge the alarms of a tag or a piece of equipment, or of those what was `offered`: none came since."""
        self.context.alarms.acknowledge(offered or self._waiting_of(name))

    def open_faceplate(self, equipment: str) -> None:
        self.area.open_faceplate(equipment)

    def open_manual(self, tag: str) -> None:
        """Ask for a manual value of a tag, or whether the one it has is taken back."""
        found = self.context.tag(tag)
        if found is not None:
            self.area.dialogs.open(ManualDialog(self.context, found))

    def show_manual_values(self) -> None:
        """List every manual value."""
        self.area.dialogs.open(ManualList(self.context))

    def copy(self, text: str) -> None:
        QApplication.clipboard().setText(text)

    def open_alarm(self, alarm: AlarmRow) -> None:
        """Open the device of a communication alarm; else the display that shows it (the list if none does) and the
        faceplate of its equipment."""
        device = device_of_alarm(self.context, alarm)
        if device:
            self.open_device(device)
            return
        self.open_page(alarm.display if alarm.display in self.context.plant.displays else ALARMS)
        if alarm.equipment in self.context.plant.equipment:
            self.area.open_faceplate(alarm.equipment)

    def acknowledge_first(self) -> None:
        self.banner.acknowledge_first()

    def acknowledge_selected(self) -> None:
        if self.area.alarms_page is not None:
            self.area.alarms_page.acknowledge_selected()

    def acknowledge_visible(self) -> None:
        if self.area.alarms_page is not None:
            self.area.alarms_page.acknowledge_visible()

    def toggle_details(self) -> None:
        if self.area.alarms_page is not None:
            self.area.alarms_page.toggle_details()

    def search(self) -> None:
        self.top_bar.open_search()

    def open_place(self, place: Place) -> None:
        """Open what was searched for."""
        self.open_page(place.page)
        if place.equipment:
            self.area.open_faceplate(place.equipment)

    def switch_theme(self) -> None:
        self.context.preferences.choose_theme("dark" if theme().name == "light" else "light")

    def show_preferences(self) -> None:
        self.open_page(PREFERENCES)

    def toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def close_top(self) -> None:
        """Close what lies on top: a dialog, else what is told, else what is open on the page."""
        if self.area.dialogs.sheet is not None or not self._messages.close_one():
            self.area.close_top()

    def quit(self) -> None:
        """Ask, then close the window; a command on its way has to end first."""
        dialogs = self.area.dialogs
        if dialogs.sheet is not None:
            dialogs.sheet.close_sheet()
        sheet = LeaveDialog(self.context)
        sheet.confirmed.connect(self.close)
        dialogs.open(sheet)

    def say_problem(self, problem: str) -> None:
        """Show what failed in this window until somebody closes it."""
        self._problem.say(problem)

    def say_refusal(self, words: str) -> None:
        """Show why something wasn't acknowledged until somebody closes it."""
        self._refusal.tell(tr("Not acknowledged: {refusals}").format(refusals=words))

    def say_unrecorded(self, words: str) -> None:
        """Show that the audit trail doesn't have what was done here, until somebody closes it."""
        self._refusal.tell(tr("What was done at this window is not in the audit trail. {reason}").format(reason=words))

    @property
    def problem(self) -> str:
        """What is shown to have failed, "" if nothing is."""
        return self._problem.text

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        is_narrow, is_compact = width < _NARROW, width < _COMPACT
        self.navigation.set_compact(is_narrow)
        self.top_bar.set_compact(is_compact, COMPACT_WIDTH if is_narrow else WIDTH)
        self.banner.set_compact(is_compact)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.closing.emit()

    def _show(self, page: str) -> None:
        sheet = self.area.dialogs.sheet
        if sheet is not None:
            sheet.close_sheet()
        self.page = page
        self.area.show_page(page)
        self.navigation.show_page(page)
        for name in ("acknowledge", "acknowledge_visible", "details"):
            self.action_table[name].setEnabled(page == ALARMS)
        self.action_table["back"].setEnabled(self._visits.can_go_back)
        self.action_table["forward"].setEnabled(self._visits.can_go_forward)
        self._show_path(page)

    def _open_menu(self, target: Target, at: QPoint) -> None:
        """Open the menu of an item or a row; the pages of rows acknowledge by themselves, what was seen there."""
        offered = () if target.at_us is not None else self._waiting_of(target.name)
        device = device_of_tag(self.context, target.tag)
        known = replace(target, device=device, is_unacknowledged=bool(offered), offered=offered)
        item_menu(self, self, known).popup(at)

    def _open_mute_menu(self, at: QPoint) -> None:
        mute_menu(self, self.action_table, self.context.sound, self.shelves.notices).popup(at)

    def _say_unheard(self, problem: str) -> None:
        self._unheard.tell(tr("Alarms may not be heard. {problem}").format(problem=problem))

    def _close_expired(self) -> None:
        """Take away what was told of shelves when none of it holds any more."""
        if not self.shelves.notices:
            self._expiring.tell("")

    def _waiting_of(self, name: str) -> tuple[AlarmRow, ...]:
        """Return the alarms of a tag or a piece of equipment that nobody has acknowledged."""
        return tuple(row for row in self.context.alarms.unacknowledged if name in (row.tag, row.equipment))

    def _show_path(self, page: str) -> None:
        displays = self.context.plant.displays
        display = displays.get(page)
        if display is None:
            titles = {
                ALARMS: tr("Alarms"),
                CONFIGURED: tr("Configured alarms"),
                AREA_PANEL: tr("Alarm panel"),
                JOURNAL: tr("Journal"),
                ALARM_KPIS: tr("Alarm performance"),
                TRENDS: tr("Trends"),
                DEVICES: tr("Devices"),
                HISTORY: tr("History"),
                PREFERENCES: tr("Preferences"),
            }
            self.top_bar.path.show_path((), titles[page], "")
            return
        parents: list[tuple[str, str]] = []
        above: Display | None = displays.get(display.parent)
        while above is not None and len(parents) < len(displays):
            parents.insert(0, (above.name, above.title))
            above = displays.get(above.parent)
        self.action_table["up"].setEnabled(bool(parents))
        self.top_bar.path.show_path(parents, display.title, f"L{display.level}")

    def _on_tick(self) -> None:
        health = self.context.station.health
        stopped = "" if health.is_evaluated else tr("Values are not evaluated: the station has stopped responding")
        self._stopped.say(stopped)
        self._unaudited.say(audit_words(health))
        self._unjournalled.say(journal_words(health.journal))
        error, notice = health.history.error, health.history.notice
        forgetting = tr("Values are not being stored: {reason}").format(reason=tr(error)) if error else ""
        self._forgetting.say(forgetting or bar_words(health.history) or (tr(notice) if notice else ""))

    def _build(self) -> None:
        layout = column(self)
        layout.addWidget(self.top_bar)
        middle = row()
        middle.addWidget(self.navigation)
        holder = QWidget()
        content = column(holder)
        content.addWidget(self.area, 1)
        for bar in (self._stopped, self._unaudited, self._forgetting, self._unjournalled):
            content.addWidget(bar)  # below the page, which only gets lower then
        bars = (self._problem, self._refusal, self._unheard, self._expiring, self._unwritten)
        self._messages = MessageLayer(self.area, bars)
        middle.addWidget(holder, 1)
        layout.addLayout(middle, 1)
        layout.addWidget(self.banner)
