"""One display on screen: one widget that draws a cached static layer and, on each tick, only the items that changed.

GUI thread. The layout is the full one where it fits, else the compact one, scaled evenly to the size of the widget.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from hmi.actions import Target
from hmi.alarms.model import AlarmModel
from hmi.displays.alarm_layer import AlarmLayer
from hmi.displays.hotspot import Hotspot
from hmi.displays.hover_card import HoverCard
from hmi.displays.items.base import DisplayItem
from hmi.displays.past import DAY_US, HOUR_US, Past
from hmi.displays.picture import Picture
from hmi.displays.scene import Scene
from hmi.displays.static_layer import LayerKey, StaticLayer
from hmi.drawing.corners import REACH, draw_corners
from hmi.live import Live
from hmi.theme.theme import theme
from hmi.ticker import Ticker
from hmi.trends.pens import target_of
from hmi.units.choice import units
from plant_models.display import Display, Layout
from station.protocol import Station

SMALLEST_SCALE: Final = 0.9
"""A layout is drawn this small at most, so that title and task bars of a desktop don't cost the full layout."""
_MARGIN: Final = 2.0
"""Around the rectangle of an item that is repainted, in layout units: antialiased edges reach beyond it."""
_PAST_TICKS: Final[Mapping[int, int]] = {HOUR_US: 600, DAY_US: 1800}
"""How old what history said may become: in a minute or three, lines move by little more than a pixel."""


class DisplayView(QWidget):
    """Shows a display of a station. `equipment_clicked` and `link_clicked` carry the name to open.

    `trend_wanted` carries tag names, `menu_wanted` a `Target` and a place on the screen, `past_wanted` how long a past
    (µs) of which tags `show_past` should be given.
    """

    equipment_clicked = Signal(str)
    link_clicked = Signal(str)
    trend_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)
    past_wanted = Signal(object, object)

    def __init__(self, display: Display, station: Station, ticker: Ticker, alarms: AlarmModel | None = None) -> None:
        super().__init__()
        self.display = display
        self._live = Live(station)
        self._layer = StaticLayer()
        self._picture = Picture()
        self._selected = ""
        self._hotspots: list[Hotspot] = []
        self._names: dict[DisplayItem, Hotspot] = {}
        self._scene = Scene(display.layout, self._live)
        self._ticker, self._alarms = ticker, alarms
        self._alarm_layer = AlarmLayer(alarms, self._scene) if alarms is not None else None
        self._scale, self._offset = 1.0, QPointF()
        self._past_ages = dict(_PAST_TICKS)
        self._pasts: dict[int, Past] = {}
        self._hover = HoverCard(self._live, self)
        self.setAccessibleName(display.title)
        self.setMouseTracking(True)
        self._make_hotspots()
        ticker.tick.connect(self.refresh)
        ticker.blink.connect(self._on_blink)
        if alarms is not None:
            alarms.changed.connect(self._on_alarms)
        theme().changed.connect(self._on_theme)
        units().changed.connect(self._on_units)

    @property
    def scene(self) -> Scene:
        """The items that are shown now."""
        return self._scene

    @property
    def hotspots(self) -> tuple[Hotspot, ...]:
        """Everything that the pointer can rest on or click, in drawing order."""
        return tuple(self._hotspots)

    @property
    def hover_card(self) -> HoverCard:
        """The card beside the pointer, hidden most of the time."""
        return self._hover

    @property
    def static_renders(self) -> int:
        """How often the static layer had to be drawn."""
        return self._layer.renders

    def sizeHint(self) -> QSize:
        return QSize(*self.display.layout.size)

    def minimumSizeHint(self) -> QSize:
        return QSize(*(self.display.compact or self.display.layout).size) * SMALLEST_SCALE

    def hotspot(self, opens: str) -> Hotspot | None:
        """Return the button over the equipment or link of that name, a tab stop if there is one."""
        found = [hotspot for hotspot in self._hotspots if hotspot.item.opens == opens]
        return next((hotspot for hotspot in found if hotspot.item.is_tab_stop), found[0] if found else None)

    def set_selected(self, equipment: str | None) -> None:
        """Mark a piece of equipment, whose faceplate is open; None marks nothing."""
        for name in (self._selected, equipment or ""):
            for item in self._symbols_of(name):
                self._redraw(self._on_screen(item.box.adjusted(-REACH, -REACH, REACH, REACH)))
        self._selected = equipment or ""

    def refresh(self) -> None:
        """Repaint what changed in the live table since the last time; called once per tick."""
        self._past_ages = {span_us: age + 1 for span_us, age in self._past_ages.items()}
        if not self.isVisible():
            return
        region = QRegion()
        for item in self._scene.refresh():
            region += self._on_screen(item.rect)
            if item in self._names:
                self._names[item].setAccessibleName(item.accessible_text())
        if not region.isEmpty():
            self._redraw(region)
        self._hover.on_tick()
        self._follow_past()

    def show_past(self, span_us: int, past: Past) -> None:
        """Take what history says about the past of `span_us`; what it doesn't say has no line."""
        self._pasts[span_us] = past
        items = [item for item in self._scene.pasts if item.span_us == span_us]
        for item in items:
            item.show_past(past)
        self._update_rects(item.rect for item in items)

    def want_past(self) -> None:
        """Ask for the past again at the next tick."""
        self._past_ages = dict(_PAST_TICKS)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._scene.looking.begin()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._picture.drop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        layout = self._choose_layout(event.size())
        if layout is not self._scene.layout:
            self._scene = Scene(layout, self._live)
            for span_us, past in self._pasts.items():
                self.show_past(span_us, past)
            self._want_missing_past()
            if self._alarms is not None:
                self._alarm_layer = AlarmLayer(self._alarms, self._scene)
            self._make_hotspots()
        self._scale = _scale_of(layout, event.size())
        self._offset = QPointF(max(0.0, (event.size().width() - layout.size[0] * self._scale) / 2), 0.0)
        self._layer.drop()
        self._picture.drop()
        for hotspot in self._hotspots:
            hotspot.setGeometry(self._on_screen(hotspot.item.box))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # Qt clips to it
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._picture.pixmap(self._key, self._draw))

    @property
    def _key(self) -> LayerKey:
        return LayerKey(self.size(), self.devicePixelRatio(), theme().name)

    def _draw(self, painter: QPainter, region: QRegion) -> None:
        """Draw what lies in `region`, to which the painter is clipped."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._layer.pixmap(self._key, self._draw_static))
        self._place(painter)
        for item in self._scene.live_items:
            if region.intersects(self._on_screen(item.rect)):
                item.draw(painter)
        for item in self._symbols_of(self._selected):
            draw_corners(painter, item.box)
        if self._alarm_layer is not None:
            self._alarm_layer.draw(painter, self._ticker.is_lit)

    def _redraw(self, region: QRegion | QRect) -> None:
        """Draw anew what lies in `region`; `update` alone would show what was drawn before."""
        self._picture.spoil(region)
        self.update(region)

    def _follow_past(self) -> None:
        """Want the past when the display is shown, and again whenever it has become old."""
        for span_us, most in _PAST_TICKS.items():
            tags = self._scene.past_tags(span_us)
            if tags and self._past_ages[span_us] >= most:
                self._past_ages[span_us] = 0
                self.past_wanted.emit(span_us, tags)

    def _want_missing_past(self) -> None:
        """Ask at the next tick where the layout shows tags that weren't asked for."""
        for span_us, most in _PAST_TICKS.items():
            told = self._pasts.get(span_us)
            if set(self._scene.past_tags(span_us)) - set(told.series if told else ()):
                self._past_ages[span_us] = most

    def _choose_layout(self, size: QSize) -> Layout:
        full, compact = self.display.layout, self.display.compact
        return full if compact is None or _scale_of(full, size) >= SMALLEST_SCALE else compact

    def _draw_static(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._place(painter)
        for item in self._scene.items:
            item.draw_static(painter)

    def _place(self, painter: QPainter) -> None:
        painter.translate(self._offset)
        painter.scale(self._scale, self._scale)

    def _on_screen(self, rect: QRectF) -> QRect:
        """Return where a rectangle of the layout lies in the widget, with a margin, in whole pixels."""
        grown = rect.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        corner = self._offset + grown.topLeft() * self._scale
        return QRectF(corner, grown.size() * self._scale).toAlignedRect()

    def _symbols_of(self, equipment: str) -> list[DisplayItem]:
        if not equipment:
            return []
        return [item for item in self._scene.live_items if item.opens == equipment and item.is_tab_stop]

    def _make_hotspots(self) -> None:
        for hotspot in self._hotspots:
            hotspot.hide()
            hotspot.deleteLater()
        self._hotspots = [Hotspot(item, self) for item in self._scene.items if item.opens or item.item.tag]
        self._names = {hotspot.item: hotspot for hotspot in self._hotspots if hotspot.item.is_tab_stop}
        for hotspot in self._hotspots:
            hotspot.setAccessibleName(hotspot.item.accessible_text())
            hotspot.setGeometry(self._on_screen(hotspot.item.box))
            hotspot.clicked.connect(lambda _checked=False, item=hotspot.item: self._open(item))
            hotspot.hovered.connect(self._on_hovered)
            hotspot.trend_wanted.connect(self._want_trend)
            hotspot.menu_wanted.connect(self._want_menu)
            hotspot.show()

    def _open(self, item: DisplayItem) -> None:
        if not item.opens:
            return
        self._hover.point_at(None, QRect())  # what opens may cover the card
        (self.link_clicked if item.is_link else self.equipment_clicked).emit(item.opens)

    def _want_trend(self, item: DisplayItem) -> None:
        if tags := self._target(item).trend:
            self.trend_wanted.emit(tags)

    def _want_menu(self, item: DisplayItem, at: QPoint) -> None:
        target = self._target(item)
        if target.name:
            self.menu_wanted.emit(target, at)

    def _target(self, item: DisplayItem) -> Target:
        equipment = "" if item.is_link else item.opens
        return target_of(self._live.station.plant, self._live.station.table, equipment, item.item.tag)

    def _on_hovered(self, item: DisplayItem | None) -> None:
        self._hover.point_at(item, QRect() if item is None else self._on_screen(item.box))

    def _on_alarms(self) -> None:
        if self._alarm_layer is not None:
            self._update_rects(self._alarm_layer.follow())

    def _on_blink(self) -> None:
        if self._alarm_layer is not None and self.isVisible():
            self._update_rects(self._alarm_layer.blinking())

    def _update_rects(self, rects: Iterable[QRectF]) -> None:
        for rect in rects:
            self._redraw(self._on_screen(rect))

    def _on_theme(self) -> None:
        self._layer.drop()
        self._picture.drop()
        self.update()

    def _on_units(self) -> None:
        """Write every number anew."""
        for item in self._scene.items:
            if item.refresh() and item in self._names:
                self._names[item].setAccessibleName(item.accessible_text())
        self._redraw(self.rect())


def _scale_of(layout: Layout, size: QSize) -> float:
    """Return how large a layout fits into `size`, evenly."""
    return min(size.width() / layout.size[0], size.height() / layout.size[1])
