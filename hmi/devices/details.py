"""One device in detail: its state in words, figures, scan classes, tags. GUI thread."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHeaderView, QLabel, QTableView, QWidget

from drivers.health import DeviceHealth
from hmi.context import Context
from hmi.devices.service import ServiceButton
from hmi.devices.tag_delegate import TagDelegate
from hmi.devices.tags import ADDRESS, COLUMNS, DESCRIPTION, SCAN, DeviceTags
from hmi.devices.words import ICONS, Rate, milliseconds, state_sentence
from hmi.drawing.text import TextStyle, text_width
from hmi.i18n import tr
from hmi.numbers import DASH, moment_text, number_text
from hmi.shell.health import protocol_name
from hmi.table_view import set_up_table
from hmi.widgets import ElidedLabel, IconLabel, column, hairline, label, row, set_text, wrapped
from plant_models.message import Message, message
from plant_models.quality import is_good

_PADDING: Final = 20
_CELL: Final = 8
_HEADING: Final = TextStyle(weight=500)
_ROW: Final = 32
_COMPACT: Final = 860
_TICKS_PER_SECOND: Final = 10
_LEAST: Final = 150
_FIGURES: Final[tuple[tuple[str, Message], ...]] = (
    ("address", message("Address")),
    ("protocol", message("Protocol")),
    ("rate", message("Requests/s")),
    ("round_trip", message("Round trip")),
    ("timeouts", message("Time-outs")),
    ("errors", message("Errors")),
    ("reconnects", message("Reconnects")),
)


class DeviceDetails(QFrame):
    """A card; counts run from the start of the station."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._rate = Rate()
        self._ticks = 0
        self._icon = IconLabel("clock", size=28)
        self._title, self._state, self._error = ElidedLabel(role="title"), wrapped(), wrapped(role="text2")
        self.figures: dict[str, QLabel] = {name: label(role="strong") for name, _ in _FIGURES}
        self._scans = QGridLayout()
        self._good: dict[str, tuple[QLabel, NDArray[np.intp]]] = {}
        self.service = ServiceButton(context)
        self.tags = DeviceTags(context)
        self.view = QTableView()
        self.setProperty("kind", "card")
        self._build()

    def show_device(self, name: str) -> None:
        """Show another device."""
        device = self._context.plant.devices[name]
        self._rate = Rate()
        self._title.setText(" · ".join(part for part in (name, device.description) if part))
        self.figures["protocol"].setText(protocol_name(device.protocol))
        self.tags.show_device(name)
        self.view.setColumnWidth(ADDRESS, self._address_width())
        self._make_scans()
        self._show_scans()
        self._ticks = 0
        self.view.scrollToTop()

    def show_health(self, health: DeviceHealth) -> None:
        """Show how the device is doing now; its tags follow once a second."""
        context, device = self._context, self._context.plant.devices[health.device]
        unit = tr("unit {number}").format(number=device.unit_id) if device.protocol == "modbus" else device.path
        set_text(self.figures["address"], f"{health.address} {unit}".rstrip() if health.address else DASH)
        self._rate.see(context.clock.mono_ns(), health)
        since = moment_text(health.since_us, context.clock.wall_us(), context.zone)
        self._icon.set_icon(ICONS[health.state])
        self.service.show_health(health)
        set_text(self._state, state_sentence(health.state, since))
        error = tr("Last error: {error}").format(error=tr(health.last_error)) if health.last_error else ""
        set_text(self._error, error)
        self._error.setVisible(bool(error))
        set_text(self.figures["rate"], self._rate.words)
        set_text(self.figures["round_trip"], milliseconds(health.round_trip_ms))
        for name, count in (
            ("timeouts", health.timeouts),
            ("errors", health.errors),
            ("reconnects", health.reconnects),
        ):
            set_text(self.figures[name], number_text(count, 0))
        if self._ticks % _TICKS_PER_SECOND == 0:
            self.tags.refresh()
            self._show_scans()
        self._ticks += 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_compact = event.size().width() < _COMPACT
        for at in (DESCRIPTION, SCAN):
            self.view.setColumnHidden(at, is_compact)
        mode = QHeaderView.ResizeMode.Stretch if is_compact else QHeaderView.ResizeMode.Fixed
        self.view.horizontalHeader().setSectionResizeMode(ADDRESS, mode)
        self.view.setColumnWidth(ADDRESS, self._address_width())

    def _address_width(self) -> int:
        """Return what the addresses of this device need; what they don't is the description's."""
        texts = [tr(COLUMNS[ADDRESS].title), *(tag.address for tag in self.tags.tags)]
        return min(COLUMNS[ADDRESS].width, round(max(text_width(text, _HEADING) for text in texts)) + 3 * _CELL)

    def _make_scans(self) -> None:
        """Make a line for each scan class of the device: its period, how many tags it reads, how many are good."""
        while (item := self._scans.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        table, self._good = self._context.station.table, {}
        self._add_scan_line(label(tr("Scan class"), "text2"), tr("Period"), tr("Tags"), label(tr("Good"), "text2"))
        for name in dict.fromkeys(tag.scan for tag in self.tags.tags):
            rows = np.array([table.index[tag.name] for tag in self.tags.tags if tag.scan == name], np.intp)
            good = label()
            self._good[name] = good, rows
            period = tr("{seconds} s").format(seconds=f"{self._context.plant.scan_s.get(name, 1.0):g}")
            self._add_scan_line(label(name), period, number_text(len(rows), 0), good)

    def _add_scan_line(self, name: QLabel, period: str, tags: str, good: QLabel) -> None:
        role, line = str(name.property("role") or ""), self._scans.count() // 4
        for at, cell in enumerate((name, label(period, role), label(tags, role), good)):
            side = Qt.AlignmentFlag.AlignRight if at else Qt.AlignmentFlag.AlignLeft
            cell.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self._scans.addWidget(cell, line, at)

    def _show_scans(self) -> None:
        for cell, rows in self._good.values():
            qualities = self._context.station.table.read(rows).qualities
            set_text(cell, number_text(sum(is_good(int(quality)) for quality in qualities), 0))

    def _build(self) -> None:
        layout = column(self, margin=1)
        layout.addWidget(self._make_head())
        layout.addWidget(hairline())
        layout.addWidget(self._make_figures())
        layout.addWidget(hairline())
        scans = QWidget()
        self._scans.setContentsMargins(0, 0, 0, 0)
        self._scans.setHorizontalSpacing(36)
        self._scans.setVerticalSpacing(6)
        beside = row(scans)
        beside.setContentsMargins(_PADDING, 12, _PADDING, 12)
        beside.addLayout(self._scans)
        beside.addStretch(1)
        layout.addWidget(scans)
        layout.addWidget(hairline())
        self._set_up_view()
        below = row()
        below.setContentsMargins(_PADDING - _CELL, 0, 0, 0)
        below.addWidget(self.view)
        layout.addLayout(below, 1)

    def _make_head(self) -> QWidget:
        head = QWidget()
        layout = row(head, spacing=14)
        layout.setContentsMargins(_PADDING, 14, _PADDING, 14)
        layout.addWidget(self._icon)
        words = column(spacing=2)
        for each in (self._title, self._state, self._error):
            words.addWidget(each)
        layout.addLayout(words, 1)
        layout.addWidget(self.service)
        return head

    def _make_figures(self) -> QWidget:
        band = QWidget()
        layout = row(band, spacing=16)
        layout.setContentsMargins(_PADDING, 12, _PADDING, 12)
        for name, title in _FIGURES:
            cell = column(spacing=0)
            cell.addWidget(label(tr(title), "small"))
            cell.addWidget(self.figures[name])
            layout.addLayout(cell)
            layout.addStretch(1)
        return band

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.tags)
        self._delegate = TagDelegate()
        view.setItemDelegate(self._delegate)
        set_up_table(view, tr("Tags"), _ROW)
        view.setMinimumHeight(_LEAST)
        head = view.horizontalHeader()
        for at, each in enumerate(COLUMNS):
            mode = QHeaderView.ResizeMode.Fixed if each.width else QHeaderView.ResizeMode.Stretch
            head.setSectionResizeMode(at, mode)
            view.setColumnWidth(at, each.width or _LEAST)
