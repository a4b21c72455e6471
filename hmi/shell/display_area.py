"""The content between navigation and banner: one page, at most two faceplates over it, one dialog over those.

GUI thread.
"""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from alarms.handling import AlarmAct
from alarms.snapshot import AlarmRow
from hmi.actions import Actions
from hmi.alarm_areas.panel import AreaPanel
from hmi.alarm_editor.page import ConfiguredPage
from hmi.alarm_journal.page import JournalView
from hmi.alarm_kpis.page import AlarmKpisPage
from hmi.alarm_list.page import AlarmsPage
from hmi.alarms.aside import AsideActions
from hmi.context import Context
from hmi.devices.page import DevicesPage
from hmi.dialogs.confirm import ConfirmDialog
from hmi.dialogs.setpoint import SetpointDialog
from hmi.displays.ask_past import ask_past
from hmi.displays.view import DisplayView
from hmi.faceplate.faceplate import WIDTH, Faceplate
from hmi.faceplate.intent import Intent
from hmi.history.page import HistoryPage
from hmi.history.rates import Rates
from hmi.preferences.page import PreferencesPage
from hmi.shadow import Shadow
from hmi.shell.alarm_list import make_alarm_list
from hmi.shell.dialog_layer import DialogLayer
from hmi.shell.page import ALARM_KPIS, ALARMS, AREA_PANEL, CONFIGURED, DEVICES, HISTORY, JOURNAL, PREFERENCES, TRENDS
from hmi.theme.theme import theme
from hmi.trends.page import TrendPage
from hmi.widgets import column, leave_focus
from plant_models.equipment import Equipment
from plant_models.tag import Tag

MOST_FACEPLATES: Final = 2
_GAP: Final = 16
_TOP: Final = 24
_COMPACT_TOP: Final = 16
_LOW: Final = 700


class DisplayArea(QFrame):
    """Pages are made when they are first opened and kept."""

    link_clicked = Signal(str)
    alarm_opened = Signal(AlarmRow)
    trend_wanted = Signal(object)
    trend_at_wanted = Signal(object)
    alarms_wanted = Signal(str)
    configure_wanted = Signal(str)
    area_wanted = Signal(str)
    shelve_wanted = Signal(object)
    journal_wanted = Signal(str)
    journal_at_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)
    file_told = Signal(str)
    """Why a page couldn't write a file, "" once it is tried again."""

    def __init__(self, context: Context, actions: Actions) -> None:
        super().__init__()
        self._context, self._actions = context, actions
        self._views: dict[str, DisplayView] = {}
        self._pages: dict[str, QWidget] = {}
        self._stack = QStackedWidget(self)
        column(self).addWidget(self._stack)
        self._faceplates: list[Faceplate] = []
        self._rates = Rates(context)
        self.dialogs = DialogLayer(self)
        self.aside = AsideActions(context, self.dialogs)
        self.shelve_wanted.connect(lambda alarm: self.aside.shelve((alarm,)))

    @property
    def faceplates(self) -> tuple[Faceplate, ...]:
        """The open ones, the oldest first."""
        return tuple(self._faceplates)

    @property
    def view(self) -> DisplayView | None:
        """The display shown now, None on other pages."""
        page = self._stack.currentWidget()
        return next((view for name, view in self._views.items() if self._pages[name] is page), None)

    @property
    def alarms_page(self) -> AlarmsPage | None:
        """The alarm list if it is shown now."""
        page = self._stack.currentWidget()
        return page if isinstance(page, AlarmsPage) else None

    @property
    def configured_page(self) -> ConfiguredPage | None:
        """The configured alarms if they are shown now."""
        page = self._stack.currentWidget()
        return page if isinstance(page, ConfiguredPage) else None

    @property
    def trend_page(self) -> TrendPage | None:
        """The trend if it is shown now."""
        page = self._stack.currentWidget()
        return page if isinstance(page, TrendPage) else None

    @property
    def devices_page(self) -> DevicesPage | None:
        """The devices if they are shown now."""
        page = self._stack.currentWidget()
        return page if isinstance(page, DevicesPage) else None

    @property
    def history_page(self) -> HistoryPage | None:
        """How history is doing if that is shown now."""
        page = self._stack.currentWidget()
        return page if isinstance(page, HistoryPage) else None

    @property
    def alarm_kpis_page(self) -> AlarmKpisPage | None:
        """How good the alarm system is if that is shown now."""
        page = self._stack.currentWidget()
        return page if isinstance(page, AlarmKpisPage) else None

    @property
    def journal_page(self) -> JournalView | None:
        """The journal if it is shown now."""
        page = self._stack.currentWidget()
        return page if isinstance(page, JournalView) else None

    def show_page(self, page: str) -> None:
        """Show a page; faceplates belong to the page on which they were opened and close."""
        if page not in self._pages:
            self._pages[page] = self._make(page)
            self._stack.addWidget(self._pages[page])
        if self._pages[page] is not self._stack.currentWidget():
            while self._faceplates:
                self.close_faceplate(self._faceplates[-1])
            self._stack.setCurrentWidget(self._pages[page])
            if self._pages[page].focusProxy() is not None:
                self._pages[page].setFocus(Qt.FocusReason.OtherFocusReason)

    def open_faceplate(self, name: str) -> Faceplate:
        """Open the faceplate of equipment, or bring the open one to the front; a third closes the oldest."""
        found = next((each for each in self._faceplates if each.equipment.name == name), None)
        if found is not None:
            self._faceplates.remove(found)
        else:
            while len(self._faceplates) >= MOST_FACEPLATES:
                self.close_faceplate(self._faceplates[0])
            found = self._make_faceplate(self._context.plant.equipment[name])
        self._faceplates.append(found)
        self._arrange()
        found.raise_()
        self.dialogs.raise_()
        self._mark()
        return found

    def close_faceplate(self, faceplate: Faceplate) -> None:
        """Close one; closing it twice is nothing."""
        if faceplate in self._faceplates:
            self._faceplates.remove(faceplate)
            leave_focus(faceplate)
            faceplate.hide()
            faceplate.deleteLater()
            self._arrange()
            self._mark()

    def close_top(self) -> None:
        """Close what lies on top: the dialog, else the newest faceplate, else what narrows the list of the page."""
        if self.dialogs.sheet is not None:
            self.dialogs.sheet.close_sheet()
        elif self._faceplates:
            self.close_faceplate(self._faceplates[-1])
        elif (page := self.alarms_page or self.journal_page or self.configured_page) is not None:
            page.step_back()

    def ask_command(self, intent: Intent) -> None:
        """Open the dialog that confirms a command."""
        self.dialogs.open(ConfirmDialog(self._context, intent))

    def ask_setpoint(self, equipment: Equipment, tag: Tag) -> None:
        """Open the dialog that changes a setpoint."""
        self.dialogs.open(SetpointDialog(self._context, equipment, tag))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme().color("canvas"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched in self._faceplates:
            self._arrange()
        return False

    def _make(self, page: str) -> QWidget:
        if page == DEVICES:
            devices = DevicesPage(self._context)
            details = devices.details
            for part in (details.service, details.address_tab, details.certificate, details.browse):
                part.sheet_wanted.connect(self.dialogs.open)
            return devices
        if page == HISTORY:
            return HistoryPage(self._context, self._rates)
        if page == PREFERENCES:
            return PreferencesPage(self._context)
        if page == TRENDS:
            trend = TrendPage(self._context)
            trend.sheet_wanted.connect(self.dialogs.open)
            trend.file_told.connect(self.file_told)
            return trend
        if (of_alarms := self._make_of_alarms(page)) is not None:
            return of_alarms
        view = DisplayView(
            self._context.plant.displays[page], self._context.station, self._context.ticker, self._context.alarms
        )
        view.equipment_clicked.connect(self.open_faceplate)
        view.link_clicked.connect(self.link_clicked)
        view.trend_wanted.connect(self.trend_wanted)
        view.menu_wanted.connect(self.menu_wanted)
        view.past_wanted.connect(lambda span_us, tags: self._bring_past(view, span_us, tags))
        self._views[page] = view
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(view)
        area.viewport().setAutoFillBackground(False)
        view.setAutoFillBackground(False)
        return area

    def _make_of_alarms(self, page: str) -> QWidget | None:
        """Return a page about alarms, None for every other one."""
        if page == ALARMS:
            made = make_alarm_list(self._context, self._actions)
            made.alarm_opened.connect(self.alarm_opened)
            made.sheet_wanted.connect(self.dialogs.open)
            made.shelve_wanted.connect(self.aside.shelve)
            made.aside_wanted.connect(self.aside.act)
            made.configure_wanted.connect(self.configure_wanted)
            made.journal_wanted.connect(self.journal_wanted)
            made.details.shelve_wanted.connect(self.aside.shelve)
            made.details.aside_wanted.connect(self.aside.act)
            made.details.configure_wanted.connect(self.configure_wanted)
            return self._with_trend(made)
        if page == AREA_PANEL:
            panel = AreaPanel(self._context)
            panel.area_wanted.connect(self.area_wanted)
            return panel
        if page == CONFIGURED:
            configured = ConfiguredPage(self._context)
            configured.sheet_wanted.connect(self.dialogs.open)
            return configured
        if page == JOURNAL:
            journal = JournalView(self._context)
            journal.sheet_wanted.connect(self.dialogs.open)
            return self._with_trend(journal)
        if page == ALARM_KPIS:
            performance = AlarmKpisPage(self._context)
            performance.sheet_wanted.connect(self.dialogs.open)
            performance.file_told.connect(self.file_told)
            performance.journal_wanted.connect(self.journal_wanted)
            performance.journal_at_wanted.connect(self.journal_at_wanted)
            performance.alarms_wanted.connect(self.alarms_wanted)
            performance.menu_wanted.connect(self.menu_wanted)
            return performance
        return None

    def _bring_past(self, view: DisplayView, span_us: int, tags: tuple[str, ...]) -> None:
        if self._context.tasks.is_running:
            self._context.tasks.start(ask_past(self._context, view, span_us, tags))
        else:
            view.want_past()

    def _with_trend(self, page: AlarmsPage | JournalView) -> QWidget:
        """Let the rows of a page lead to menu and trend."""
        page.menu_wanted.connect(self.menu_wanted)
        page.trend_at_wanted.connect(self.trend_at_wanted)
        return page

    def _make_faceplate(self, equipment: Equipment) -> Faceplate:
        faceplate = Faceplate(self._context, equipment, self)
        faceplate.closed.connect(lambda: self.close_faceplate(faceplate))
        faceplate.command_wanted.connect(self.ask_command)
        faceplate.setpoint_wanted.connect(self.ask_setpoint)
        faceplate.trend_wanted.connect(self.trend_wanted)
        faceplate.trend_at_wanted.connect(self.trend_at_wanted)
        faceplate.alarms_wanted.connect(self.alarms_wanted)
        faceplate.shelve_wanted.connect(self.shelve_wanted)
        faceplate.reset_wanted.connect(lambda alarm: self.aside.act(AlarmAct.RESET, (alarm,)))
        faceplate.menu_wanted.connect(self.menu_wanted)
        faceplate.installEventFilter(self)
        Shadow(faceplate)
        faceplate.show()
        return faceplate

    def _arrange(self) -> None:
        """Put the faceplates at the right, the newest outermost."""
        top = _COMPACT_TOP if self.height() < _LOW else _TOP
        right = self.width() - _GAP
        for faceplate in reversed(self._faceplates):
            height = faceplate.height_within(self.height() - 2 * top)
            faceplate.setGeometry(right - WIDTH, top, WIDTH, height)
            right -= WIDTH + _GAP

    def _mark(self) -> None:
        if self.view is not None:
            self.view.set_selected(self._faceplates[-1].equipment.name if self._faceplates else None)
