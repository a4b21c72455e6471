"""The L4 page of devices: all of them with their state, and the chosen one in detail. GUI thread."""

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from drivers.health import LinkState
from hmi.alarms.glyph import Glyph
from hmi.alarms.looks import glyph_of
from hmi.context import Context
from hmi.devices.details import DeviceDetails
from hmi.devices.of_alarm import device_of_alarm
from hmi.devices.row import DeviceRow, columns
from hmi.drawing.text import TextStyle, draw_text
from hmi.i18n import tr
from hmi.shell.health import connected_count
from hmi.widgets import column, label, row, set_text

_MARGIN: Final = 24
_COMPACT_MARGIN: Final = 16
_WIDE: Final = 1400
_HEAD: Final = 36
_LIST: Final = 640
_COMPACT_LIST: Final = 464
_TROUBLE: Final = {LinkState.DOWN: 0, LinkState.CONNECTING: 1, LinkState.CONNECTED: 2, LinkState.DISABLED: 3}
_HEADING: Final = {"": TextStyle(15, role="text2"), "right": TextStyle(15, role="text2", align="right")}


class DevicesPage(QWidget):
    """The list at the left, in order of the plant folder; the details of the chosen device beside it.

    Until somebody chooses, that is the first device in trouble, else the first of all.
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._summary = label(role="title")
        self.rows = {name: DeviceRow(context, name) for name in context.plant.devices}
        self.details = DeviceDetails(context)
        self.chosen = ""
        self._is_chosen_by_hand = False
        self._list = QFrame()
        self._build()
        context.ticker.tick.connect(self._on_tick)
        context.ticker.blink.connect(self._on_tick)
        self.refresh()

    def choose(self, name: str) -> None:
        """Show the details of a device, from now on whatever happens to others."""
        if name in self.rows:
            self._is_chosen_by_hand = True
            self._show_details_of(name)
            self.refresh()

    def refresh(self) -> None:
        """Show the present health."""
        devices = self._context.station.health.devices
        good, wanted = connected_count(devices)
        set_text(self._summary, tr("{good} of {wanted} devices are connected").format(good=good, wanted=wanted))
        if devices and not self._is_chosen_by_hand:
            self._show_details_of(min(devices, key=lambda health: _TROUBLE[health.state]).device)
        glyphs = self._glyphs()
        for health in devices:
            is_lit = self._context.ticker.is_lit
            self.rows[health.device].show_health(health, glyphs.get(health.device), is_lit)
            if health.device == self.chosen:
                self.details.show_health(health, self.rows[health.device].skipped)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = event.size().width() >= _WIDE
        margin = _MARGIN if is_wide else _COMPACT_MARGIN
        self._outer.setContentsMargins(margin, margin, margin, margin)
        self._list.setFixedWidth(_LIST if is_wide else _COMPACT_LIST)

    def _show_details_of(self, name: str) -> None:
        if name != self.chosen:
            self.chosen = name
            self.rows[name].setChecked(True)
            self.details.show_device(name)

    def _glyphs(self) -> dict[str, Glyph]:
        found: dict[str, Glyph] = {}
        for alarm in self._context.alarms.rows:
            device = device_of_alarm(self._context, alarm)
            if device:
                found.setdefault(device, glyph_of(alarm))
        return found

    def _on_tick(self) -> None:
        if self.isVisible():
            self.refresh()

    def _build(self) -> None:
        self._outer = column(self, spacing=16)
        self._outer.addWidget(self._summary)
        middle = row(spacing=16)
        self._list.setProperty("kind", "card")
        inside = column(self._list, margin=1)
        inside.addWidget(_Heading())
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.viewport().setAutoFillBackground(False)
        rows = QWidget()
        rows.setAutoFillBackground(False)
        lines = column(rows)
        for name, each in self.rows.items():
            each.clicked.connect(lambda _checked=False, name=name: self.choose(name))
            lines.addWidget(each)
        lines.addStretch(1)
        scroll.setWidget(rows)
        rows.setAutoFillBackground(False)
        inside.addWidget(scroll, 1)
        middle.addWidget(self._list)
        middle.addWidget(self.details, 1)
        self._outer.addLayout(middle, 1)


class _Heading(QWidget):
    """The titles of the columns, above the same places."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_HEAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        titles = {
            "name": tr("Device"),
            "protocol": tr("Protocol"),
            "state": tr("State"),
            "round_trip": tr("Round trip"),
            "errors": tr("Errors"),
            "tags": tr("Tags"),
        }
        with QPainter(self) as painter:
            for name, (left, width) in columns(self.width()).items():
                style = _HEADING["right" if name in ("round_trip", "errors", "tags") else ""]
                draw_text(painter, QRectF(left, 0, width, _HEAD), titles[name], style)
