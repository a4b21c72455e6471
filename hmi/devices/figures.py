"""The band of figures of a device: as many side by side as there is room for. GUI thread."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from drivers.health import DeviceHealth
from hmi.devices.words import bytes_text, milliseconds, rate_text, skew_text
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.widgets import column, label, set_text
from plant_models.message import Message, message

_PADDING: Final = 20
_GAP: Final = 12
_LEAST: Final = 82


@dataclass(frozen=True, slots=True)
class _Figure:
    """What a figure is called, what it is when somebody asks, and how it is read off a device's health."""

    title: Message
    more: Message
    text: Callable[[DeviceHealth], str]


def _count(name: str) -> Callable[[DeviceHealth], str]:
    return lambda health: number_text(getattr(health, name), 0)


FIGURES: Final = {
    "rate": _Figure(
        message("Requests/s"),
        message("The mean of the last 10 seconds"),
        lambda health: rate_text(health.requests_per_s),
    ),
    "p50": _Figure(
        message("Round trip"),
        message("Half of the last 512 replies came within this time"),
        lambda health: milliseconds(health.round_trip_p50_ms),
    ),
    "p99": _Figure(
        message("99 % within"),
        message("99 of 100 of the last 512 replies came within this time"),
        lambda health: milliseconds(health.round_trip_p99_ms),
    ),
    "timeouts": _Figure(message("Time-outs"), message("Requests that were never answered"), _count("timeouts")),
    "errors": _Figure(
        message("Errors"), message("Refusals, broken connections and replies that make no sense"), _count("errors")
    ),
    "overruns": _Figure(
        message("Overruns"), message("Scans that were due while the one before had not begun yet"), _count("overruns")
    ),
    "reconnects": _Figure(
        message("Reconnects"), message("How often the connection was made again"), _count("reconnects")
    ),
    "restarts": _Figure(
        message("Restarts"), message("How often the driver hung and was started again"), _count("restarts")
    ),
    "waiting": _Figure(message("Write queue"), message("Commands that wait to be sent"), _count("waiting_writes")),
    "sent": _Figure(message("Sent"), message("Since the start"), lambda health: bytes_text(health.bytes_sent)),
    "received": _Figure(
        message("Received"), message("Since the start"), lambda health: bytes_text(health.bytes_received)
    ),
    "dropped": _Figure(message("Dropped"), message("Samples that found no room in a queue"), _count("dropped")),
    "skew": _Figure(
        message("Its clock"),
        message("How far the device's clock is ahead (+) or behind (−)"),
        lambda health: skew_text(health.clock_skew_s),
    ),
}


class DeviceFigures(QWidget):
    """A title in small print above each figure; counts run from the start of the station."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, QLabel] = {}
        self._cells = [self._make_cell(name, figure) for name, figure in FIGURES.items()]
        self._widest = max(_LEAST, *(cell.sizeHint().width() for cell in self._cells))
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(_PADDING, 8, _PADDING, 8)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(4)
        self._arrange(self._widest)

    def show_health(self, health: DeviceHealth) -> None:
        """Show how the device is doing now."""
        for name, figure in FIGURES.items():
            set_text(self.values[name], figure.text(health))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        most = (width - 2 * _PADDING + _GAP) // (self._widest + _GAP)
        rows = -(-len(self._cells) // max(1, most))
        columns = -(-len(self._cells) // rows)
        if columns == self._columns:
            return
        self._columns = columns
        for at, cell in enumerate(self._cells):
            self._grid.addWidget(cell, at // columns, at % columns)
        for at in range(len(self._cells)):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)

    def _make_cell(self, name: str, figure: _Figure) -> QWidget:
        cell = QWidget()
        self.values[name] = label(role="strong")
        cell.setToolTip(tr(figure.more))
        layout = column(cell)
        layout.addWidget(label(tr(figure.title), "small"))
        layout.addWidget(self.values[name])
        return cell
