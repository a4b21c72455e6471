"""The tags of a device and how many of each scan class are good. GUI thread."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from hmi.context import Context
from hmi.devices.tag_delegate import TagDelegate
from hmi.devices.tags import ADDRESS, COLUMNS, DESCRIPTION, SCAN, DeviceTags
from hmi.drawing.text import TextStyle, text_width
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.table_view import set_up_table
from hmi.widgets import column, hairline, row, set_text, wrapped
from plant_models.quality import is_good

_PADDING: Final = 20
_CELL: Final = 8
_HEADING: Final = TextStyle(weight=500)
_ROW: Final = 32
_COMPACT: Final = 860
_LEAST: Final = 90


class TagsTab(QWidget):
    """A line of scan classes above the table."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._rows_of: dict[str, NDArray[np.intp]] = {}
        self.scans = wrapped(role="text2")
        self.scans.setContentsMargins(_PADDING, 8, _PADDING, 8)
        self.tags = DeviceTags(context)
        self.view = QTableView()
        self._set_up_view()
        layout = column(self)
        layout.addWidget(self.scans)
        layout.addWidget(hairline())
        below = row()
        below.setContentsMargins(_PADDING - _CELL, 0, 0, 0)
        below.addWidget(self.view)
        layout.addLayout(below, 1)

    def show_device(self, name: str) -> None:
        """Show another device."""
        table = self._context.station.table
        self.tags.show_device(name)
        self._rows_of = {
            scan: np.array([table.index[tag.name] for tag in self.tags.tags if tag.scan == scan], np.intp)
            for scan in dict.fromkeys(tag.scan for tag in self.tags.tags)
        }
        self.view.setColumnWidth(ADDRESS, self._address_width())
        self.view.scrollToTop()
        self._show_scans()

    def refresh(self) -> None:
        """Show what holds now."""
        self.tags.refresh()
        self._show_scans()

    def hasHeightForWidth(self) -> bool:
        """The table takes what is left: it never has a height by itself, which would be taken from the sentences."""
        return False

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

    def _show_scans(self) -> None:
        set_text(self.scans, " · ".join(self._scan_text(scan) for scan in self._rows_of) or tr("It has no tags."))

    def _scan_text(self, scan: str) -> str:
        rows = self._rows_of[scan]
        good = sum(is_good(int(quality)) for quality in self._context.station.table.read(rows).qualities)
        return tr("{scan} ({seconds} s): {good} of {count} good").format(
            scan=scan,
            seconds=f"{self._context.plant.scan_s.get(scan, 1.0):g}",
            good=number_text(good, 0),
            count=number_text(len(rows), 0),
        )

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
