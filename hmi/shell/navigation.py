"""The displays and views at the left: 224 px with words, 60 px with signs below 1600 px. It never moves. GUI thread."""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QPushButton, QScrollArea, QWidget

from hmi.alarms.looks import calling, glyph_of
from hmi.alarms.model import AlarmModel
from hmi.alarms.place_mark import PlaceMark
from hmi.drawing.text import TextStyle, text_width
from hmi.i18n import tr
from hmi.shell.page import ALARM_KPIS, ALARMS, AREA_PANEL, DEVICES, HISTORY, JOURNAL, TRENDS
from hmi.theme.icons import icon
from hmi.widgets import ICON, ICON_GAP, button, column, hairline, label, row, set_property, set_text
from plant_models.display import Display
from plant_models.plant import Plant

WIDTH: Final = 224
COMPACT_WIDTH: Final = 60
_MARGIN: Final = 12
_COMPACT_MARGIN: Final = 8
_BESIDE_ICON: Final = 62
_INDENT: Final = 58
_DEEPER: Final = 32
_WIDE_STYLE: Final = TextStyle(15, 600)
_CONDENSED_STYLE: Final = TextStyle(15, 600, condensed=True)


class Navigation(QFrame):
    """Displays in the order of their levels below one another, then the other pages."""

    chosen = Signal(str)

    def __init__(self, plant: Plant, alarms: AlarmModel) -> None:
        super().__init__()
        self._alarms = alarms
        self._displays = tuple(display.name for display, _ in tree(plant))
        self._is_compact = False
        self.marks: dict[str, PlaceMark] = {}
        self.setProperty("kind", "chrome")
        self._buttons: dict[str, QPushButton] = {}
        self._titles: dict[str, str] = {}
        self._headings: list[QLabel] = []
        self._group = QButtonGroup(self)
        self._items = QWidget()
        self._column = column(self._items, spacing=2)
        self._add_heading(tr("Displays"))
        for display, depth in tree(plant):
            self._add(display.name, display.title, "home" if display.name == plant.home else "", depth)
        self._column.addSpacing(_MARGIN)
        self._add_heading(tr("Views"))
        self._add(ALARMS, tr("Alarms"), "bell", 0)
        self._add(AREA_PANEL, tr("Alarm panel"), "panel", 0)
        self._add(TRENDS, tr("Trends"), "trend", 0)
        self._add(JOURNAL, tr("Journal"), "journal", 0)
        self._add(ALARM_KPIS, tr("Alarm performance"), "performance", 0)
        self._column.addSpacing(_MARGIN)
        self._add_heading(tr("Engineering"))
        self._add(DEVICES, tr("Devices"), "devices", 0)
        self._add(HISTORY, tr("History"), "history", 0)
        self._column.addStretch(1)
        layout = row(self)
        layout.addWidget(_scrolling(self._items))
        layout.addWidget(hairline(is_upright=True))
        alarms.changed.connect(self._mark)
        self._mark()

    def set_compact(self, is_compact: bool) -> None:
        """Show signs instead of words."""
        self.setFixedWidth(COMPACT_WIDTH if is_compact else WIDTH)
        side = _COMPACT_MARGIN if is_compact else _MARGIN
        self._column.setContentsMargins(side, side, side - 1, side)
        for heading in self._headings:
            heading.setVisible(not is_compact)
        self._is_compact = is_compact
        for page, item in self._buttons.items():
            self.marks[page].set_compact(is_compact)
            set_property(item, "level", "icon" if is_compact else item.property("depth"))
            self._write(page)

    def show_page(self, page: str) -> None:
        """Mark the present page; one that has no entry marks nothing."""
        self._group.setExclusive(False)
        for name, item in self._buttons.items():
            item.setChecked(name == page)
        self._group.setExclusive(True)

    def _mark(self) -> None:
        """Show the most urgent alarm of each display, and what waits in the list; "?" while nobody knows."""
        if not self._alarms.is_evaluated:
            for page in (*self._displays, ALARMS):
                self.marks[page].show_unknown()
                self._write(page)
            return
        waiting = calling(self._alarms.unacknowledged)
        for page, mark in self.marks.items():
            if page not in (ALARMS, AREA_PANEL):
                glyph = self._alarms.glyphs.get(page)
                mark.show_alarms(None if glyph is None else glyph.plain)
                self._write(page)
        self.marks[ALARMS].show_alarms(glyph_of(waiting[0]).plain if waiting else None, len(waiting))

    def _write(self, page: str) -> None:
        """Write the title of an entry as it fits beside its icon and its mark, or what stands for it.

        What would be cut is condensed first; the room is that for the weight of the chosen entry, so that choosing
        one changes nothing.
        """
        item, title = self._buttons[page], self._titles[page]
        has_icon = not item.icon().isNull()
        beside = _BESIDE_ICON + (_DEEPER if item.property("depth") else 0) if has_icon else _INDENT
        room = WIDTH - 2 * _MARGIN - beside - self.marks[page].room
        is_condensed = not self._is_compact and text_width(title, _WIDE_STYLE) > room
        style = _CONDENSED_STYLE if is_condensed else _WIDE_STYLE
        shown = QFontMetrics(style.font).elidedText(title, Qt.TextElideMode.ElideRight, room)
        set_property(item, "condensed", "yes" if is_condensed else "")
        words = f"{ICON_GAP}{shown}" if has_icon else shown
        set_text(item, ("" if has_icon else initials(title)) if self._is_compact else words)
        item.setToolTip("" if shown == title and not self._is_compact else title)

    def _add_heading(self, text: str) -> None:
        heading = label(text, "section")
        heading.setContentsMargins(12, 8, 0, 6)
        self._headings.append(heading)
        self._column.addWidget(heading)

    def _add(self, page: str, title: str, icon_name: str, depth: int) -> None:
        item = button(title, "nav")
        item.setCheckable(True)
        item.setAccessibleName(title)
        item.setProperty("depth", "sub" if depth else "")
        if icon_name:
            item.setIcon(icon(icon_name))
            item.setIconSize(QSize(ICON, ICON))
        item.clicked.connect(lambda: self.chosen.emit(page))
        self._group.addButton(item)
        self._buttons[page], self._titles[page] = item, title
        self.marks[page] = PlaceMark(item, self._alarms.ticker)
        self._column.addWidget(item)


def tree(plant: Plant) -> Iterator[tuple[Display, int]]:
    """Yield displays and how deep they stand: the first display first, then by level, then in the order of the areas.

    Children stand below their parents.
    """
    areas = [area.name for area in plant.areas]

    def order(display: Display) -> tuple[bool, int, int]:
        area = areas.index(display.area) if display.area in areas else len(areas)
        return display.name != plant.home, display.level, area

    def under(parent: str, depth: int) -> Iterator[tuple[Display, int]]:
        children = [each for each in plant.displays.values() if _parent(plant, each) == parent]
        for display in sorted(children, key=order):
            yield display, depth
            yield from under(display.name, depth + 1)

    return under("", 0)


def _parent(plant: Plant, display: Display) -> str:
    return display.parent if display.parent in plant.displays else ""


def initials(title: str) -> str:
    """Return up to two capitals that stand for a title: "RS" for River pump station."""
    words = title.split()
    return (words[0][0] + words[-1][0] if len(words) > 1 else title[:2]).upper()


def _scrolling(items: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(items)
    area.viewport().setAutoFillBackground(False)
    items.setAutoFillBackground(False)
    return area
