"""The faceplate of one piece of equipment, made from its type. GUI thread."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QMoveEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from hmi.actions import Target
from hmi.context import Context
from hmi.faceplate.alarm_page import AlarmPage, count_of
from hmi.faceplate.foot import Foot
from hmi.faceplate.header import HEIGHT, Header, equipment_title
from hmi.faceplate.intent import Intent
from hmi.faceplate.operate import OperatePage
from hmi.faceplate.page_area import PADDING, PageArea, height_at
from hmi.faceplate.part import Part
from hmi.faceplate.tabs import HEIGHT as TABS_HEIGHT
from hmi.faceplate.tabs import Tabs
from hmi.i18n import tr
from hmi.looking import Looking
from hmi.trends.pens import equipment_tags, target_of
from hmi.widgets import column, hairline, row
from plant_models.equipment import Equipment
from plant_models.tag import Tag

WIDTH: Final = 344
GREATEST_HEIGHT: Final = 920
OPERATE: Final = 0
ALARMS: Final = 1
_BORDER: Final = 1
_INSIDE: Final = WIDTH - 2 * _BORDER
_TABS_LEFT: Final = 6
_SLOW_TICKS: Final = 5


class Faceplate(QFrame):
    """344 px wide, as high as it needs, scrolling when the window is low. The page of alarms is made when asked for."""

    closed = Signal()
    command_wanted = Signal(Intent)
    setpoint_wanted = Signal(Equipment, Tag)
    trend_wanted = Signal(object)
    trend_at_wanted = Signal(object)
    alarms_wanted = Signal(str)
    shelve_wanted = Signal(object)
    reset_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, context: Context, equipment: Equipment, parent: QWidget) -> None:
        super().__init__(parent)
        self.equipment = equipment
        self._context = context
        index = context.station.table.index
        names = (equipment.tag_name(member.name) for member in context.type_of(equipment).members)
        self._rows = np.array([index[name] for name in names if name in index], np.intp)
        self._looking = Looking(context.station)
        self._sequence = 0
        self.refreshes = 0
        self._ticks = 0
        self.setProperty("kind", "floating")
        self.setAccessibleName(equipment_title(context, equipment))
        self.setFixedWidth(WIDTH)
        self._alarms: AlarmPage | None = None
        self._build()
        self.tabs.currentChanged.connect(self._on_tab)
        context.alarms.changed.connect(self._count_alarms)
        context.ticker.tick.connect(self._on_tick)
        self._count_alarms()
        self.refresh()

    def sizeHint(self) -> QSize:
        """Return the size at which nothing has to scroll, within the greatest height."""
        return QSize(WIDTH, self.height_within(GREATEST_HEIGHT))

    def height_within(self, most: int) -> int:
        """Return the height to take when there are `most`: all it needs, else such that no part is cut in two.

        A page of alarms that fits takes at least the height of the first page, so that the foot stays where it is.
        """
        first = self._height_of(self._operate_area, most)
        if self.tabs.currentIndex() == OPERATE:
            return first
        area = self._shown_area
        fits = self._fixed_height() + area.whole_height(_INSIDE) <= first
        return first if fits else self._height_of(area, most)

    def refresh(self) -> None:
        """Show what holds now; what is hidden is refreshed when it is shown."""
        self.refreshes += 1
        self._sequence = self._context.station.table.sequence
        if self._alarms is not None and self.tabs.currentIndex() == ALARMS:
            self._alarms.refresh()
        else:
            self._operate.refresh()
        self._foot.refresh()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for a trend on a click with the middle button."""
        target = self._target(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and target.trend:
            self.trend_wanted.emit(target.trend)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(self._target(event.pos()), event.globalPos())

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        if self._alarms is not None:
            self._alarms.unsettle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.tabs.switch_by(event):
            super().keyPressEvent(event)

    @property
    def _shown_area(self) -> PageArea:
        area = self._pages.currentWidget()
        assert isinstance(area, PageArea)
        return area

    def _height_of(self, area: PageArea, most: int) -> int:
        fixed = self._fixed_height()
        most = min(most, GREATEST_HEIGHT)
        whole = fixed + area.whole_height(_INSIDE)
        return whole if whole <= most else fixed + area.height_within(most - fixed, _INSIDE)

    def _fixed_height(self) -> int:
        return HEIGHT + TABS_HEIGHT + 1 + height_at(self._foot, _INSIDE) + 2 * _BORDER

    def _want_trend(self) -> None:
        table = self._context.station.table
        self.trend_wanted.emit(equipment_tags(self._context.plant, table, self.equipment))

    def _target(self, at: QPoint) -> Target:
        """Return what lies at a place: the value of one part, else the whole equipment."""
        below = self.childAt(at)
        while below is not None and not (isinstance(below, Part) and below.shown_tag):
            below = None if below is self else below.parentWidget()
        tag = below.shown_tag if isinstance(below, Part) else ""
        return target_of(self._context.plant, self._context.station.table, self.equipment.name, tag)

    def _on_tick(self) -> None:
        """Follow the plant at once; what isn't in the table (links, commands of others) twice a second."""
        self._ticks += 1
        self._looking.at(self._rows)
        has_changed = self._context.station.table.changed_since(self._sequence, self._rows).size > 0
        if has_changed or self._ticks % _SLOW_TICKS == 0:
            self.refresh()
        else:
            self._foot.refresh()

    def _on_tab(self, index: int) -> None:
        if index == ALARMS and self._alarms is None:
            self._pages.addWidget(PageArea(self._make_alarms, self._pages))
        self._pages.setCurrentIndex(index)
        self.refresh()
        self.updateGeometry()

    def _make_operate(self, parent: QWidget) -> QWidget:
        self._operate = OperatePage(self._context, self.equipment, parent)
        self._operate.command_wanted.connect(self.command_wanted)
        self._operate.setpoint_wanted.connect(lambda tag: self.setpoint_wanted.emit(self.equipment, tag))
        return self._operate

    def _make_alarms(self, parent: QWidget) -> QWidget:
        self._alarms = AlarmPage(self._context, self.equipment, parent)
        self._alarms.trend_at_wanted.connect(self.trend_at_wanted)
        self._alarms.shelve_wanted.connect(self.shelve_wanted)
        self._alarms.reset_wanted.connect(self.reset_wanted)
        self._alarms.list_wanted.connect(lambda: self.alarms_wanted.emit(self.equipment.name))
        return self._alarms

    def _count_alarms(self) -> None:
        count = count_of(self._context, self.equipment)
        spoken = tr("{count} alarms").format(count=count) if count else tr("Alarms")
        self.tabs.show_count(ALARMS, count, spoken)

    def _build(self) -> None:
        layout = column(self)
        header = Header(self._context, self.equipment, self)
        header.closed.connect(self.closed)
        header.trend_wanted.connect(self._want_trend)
        layout.addWidget(header)
        self.tabs = Tabs((tr("Operate"), tr("Alarms")), self)
        tabs = row()
        tabs.setContentsMargins(_TABS_LEFT, 0, _TABS_LEFT, 0)
        tabs.addWidget(self.tabs)
        layout.addLayout(tabs)
        layout.addWidget(hairline())
        self._pages = QStackedWidget(self)
        layout.addWidget(self._pages, 1)
        self._operate_area = PageArea(self._make_operate, self._pages)
        self._pages.addWidget(self._operate_area)
        self._foot = Foot(self._context, self.equipment, self)
        self._foot.setContentsMargins(PADDING, 0, PADDING, 12)
        layout.addWidget(self._foot)
