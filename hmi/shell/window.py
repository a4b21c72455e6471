"""The main window: top bar, navigation, content, alarm banner. GUI thread."""

from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from hmi.actions import Actions
from hmi.context import Context
from hmi.i18n import tr
from hmi.shell.banner import Banner
from hmi.shell.display_area import DisplayArea
from hmi.shell.message_bar import ProblemBar, StandingBar
from hmi.shell.navigation import COMPACT_WIDTH, WIDTH, Navigation
from hmi.shell.page import DEVICES
from hmi.shell.search import Place
from hmi.shell.top_bar import TopBar
from hmi.shell.visits import Visits
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
        self.navigation = Navigation(plant)
        self.area = DisplayArea(self.context)
        self.banner = Banner()
        self._stopped, self._unaudited, self._problem = StandingBar(), StandingBar(), ProblemBar()
        self._build()
        self.navigation.chosen.connect(self.open_page)
        self.top_bar.path.chosen.connect(self.open_page)
        self.top_bar.search.found.connect(self.open_place)
        self.area.link_clicked.connect(self.open_page)
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

    def search(self) -> None:
        self.top_bar.open_search()

    def open_place(self, place: Place) -> None:
        """Open what was searched for."""
        self.open_page(place.page)
        if place.equipment:
            self.area.open_faceplate(place.equipment)

    def switch_theme(self) -> None:
        theme().set_name("dark" if theme().name == "light" else "light")

    def toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def close_top(self) -> None:
        self.area.close_top()

    def quit(self) -> None:
        self.close()

    def say_problem(self, problem: str) -> None:
        """Show what failed in this window until somebody closes it."""
        self._problem.say(problem)

    @property
    def problem(self) -> str:
        """What is shown to have failed, "" if nothing is."""
        return self._problem.text if self._problem.isVisibleTo(self) else ""

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
        self.action_table["back"].setEnabled(self._visits.can_go_back)
        self.action_table["forward"].setEnabled(self._visits.can_go_forward)
        self._show_path(page)

    def _show_path(self, page: str) -> None:
        displays = self.context.plant.displays
        display = displays.get(page)
        if display is None:
            self.top_bar.path.show_path((), tr("Devices"), "")
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
        unaudited = tr("Commands are refused, the audit trail can't be written: {reason}")
        self._unaudited.say(unaudited.format(reason=tr(health.audit_error)) if health.audit_error else "")

    def _build(self) -> None:
        layout = column(self)
        layout.addWidget(self.top_bar)
        middle = row()
        middle.addWidget(self.navigation)
        content = column()
        content.addWidget(self._stopped)
        content.addWidget(self._unaudited)
        content.addWidget(self._problem)
        content.addWidget(self.area, 1)
        middle.addLayout(content, 1)
        layout.addLayout(middle, 1)
        layout.addWidget(self.banner)
