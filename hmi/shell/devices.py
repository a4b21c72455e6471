"""The page of devices: state, since when, and the last error in words. GUI thread."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from drivers.health import DeviceHealth, LinkState
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import DASH, moment_text, number_text
from hmi.shell.health import connected_count, link_word, protocol_name
from hmi.widgets import ElidedLabel, IconLabel, column, hairline, label, set_text, wrapped

_ICONS: Final = {
    LinkState.CONNECTED: "check",
    LinkState.CONNECTING: "clock",
    LinkState.DOWN: "warning",
    LinkState.DISABLED: "minus",
}
_ROW: Final = 44
_NAME: Final = 240
_MARGIN: Final = 24
_COMPACT_MARGIN: Final = 16
_WIDE: Final = 1400
_SHORT_MS: Final = 10
_NUMBER: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class DevicesPage(QScrollArea):
    """A table in a card, one row of two lines per device, in order of the plant folder."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._rows: dict[str, _Row] = {}
        self._summary = label(role="title")
        self._grid = QGridLayout()
        content = QWidget()
        layout = self._layout = column(content, spacing=16, margin=_MARGIN)
        layout.addWidget(self._summary)
        layout.addWidget(self._card())
        layout.addStretch(1)
        self.setWidgetResizable(True)
        self.setWidget(content)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        context.ticker.tick.connect(self._on_tick)
        self.refresh()

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        margin = _MARGIN if event.size().width() >= _WIDE else _COMPACT_MARGIN
        self._layout.setContentsMargins(margin, margin, margin, margin)

    def refresh(self) -> None:
        """Show the present health."""
        devices = self._context.station.health.devices
        good, wanted = connected_count(devices)
        set_text(self._summary, tr("{good} of {wanted} devices are connected").format(good=good, wanted=wanted))
        for health in devices:
            self._rows[health.device].show_health(health)

    def _on_tick(self) -> None:
        if self.isVisible():
            self.refresh()

    def _card(self) -> QFrame:
        card = QFrame()
        card.setProperty("kind", "card")
        layout: QVBoxLayout = column(card)
        grid = self._grid
        grid.setContentsMargins(20, 12, 20, 12)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(0)
        titles = ("", tr("Device"), tr("Protocol"), tr("State"), tr("Since"), tr("Round trip"), tr("Errors"))
        for at, title in enumerate((*titles, tr("Last error"))):
            heading = label(title, "text2")
            heading.setMinimumHeight(36)
            if title in titles[5:]:
                heading.setAlignment(_NUMBER)
            grid.addWidget(heading, 0, at)
        grid.setColumnMinimumWidth(1, _NAME)
        grid.setColumnMinimumWidth(7, _NAME)
        grid.setColumnStretch(7, 1)
        for health in self._context.station.health.devices:
            self._rows[health.device] = _Row(self._context, grid, health.device)
        layout.addLayout(grid)
        return card


class _Row:
    """The cells of one device."""

    def __init__(self, context: Context, grid: QGridLayout, name: str) -> None:
        self._context = context
        device = context.plant.devices[name]
        self._icon = IconLabel("clock")
        self._state = label(role="strong")
        self._since, self._round_trip, self._errors = label(), label(), label()
        self._last_error = wrapped()
        at = grid.rowCount()
        grid.addWidget(hairline(), at, 0, 1, 8)
        cells: tuple[QWidget, ...] = (
            self._icon,
            _named(name, device.description),
            label(protocol_name(device.protocol)),
            self._state,
            self._since,
            _right(self._round_trip),
            _right(self._errors),
            self._last_error,
        )
        for index, cell in enumerate(cells):
            grid.addWidget(cell, at + 1, index)
        grid.setRowMinimumHeight(at + 1, _ROW)

    def show_health(self, health: DeviceHealth) -> None:
        now_us = self._context.clock.wall_us()
        self._icon.set_icon(_ICONS[health.state])
        set_text(self._state, link_word(health.state))
        set_text(self._since, moment_text(health.since_us, now_us, self._context.zone))
        time_ms = health.round_trip_ms
        set_text(self._round_trip, DASH if time_ms is None else _time_text(time_ms))
        set_text(self._errors, number_text(health.errors + health.timeouts, 0))
        set_text(self._last_error, tr(health.last_error) or DASH)


def _time_text(time_ms: float) -> str:
    return f"{number_text(time_ms, 1 if time_ms < _SHORT_MS else 0)} ms"


def _named(name: str, description: str) -> QWidget:
    cell = QWidget()
    layout = column(cell)
    layout.setContentsMargins(0, 4, 0, 4)
    layout.addWidget(ElidedLabel(name, "strong"))
    if description:
        layout.addWidget(ElidedLabel(description, "small"))
    return cell


def _right(cell: QLabel) -> QLabel:
    cell.setAlignment(_NUMBER)
    return cell
