"""One device in detail: sentences, figures, and tabs for its tags, its frames and tests. GUI thread."""

from typing import Final

from PySide6.QtWidgets import QFrame, QStackedWidget

from drivers.health import DeviceHealth
from hmi.context import Context
from hmi.devices.address_tab import AddressTab
from hmi.devices.browse_button import BrowseButton
from hmi.devices.certificate_band import CertificateBand
from hmi.devices.figures import DeviceFigures
from hmi.devices.frames_tab import FramesTab
from hmi.devices.head import DeviceHead
from hmi.devices.service import ServiceButton
from hmi.devices.tags_tab import TagsTab
from hmi.faceplate.tabs import Tabs
from hmi.i18n import tr
from hmi.widgets import column, hairline, row

_TABS_LEFT: Final = 10
_TICKS_PER_SECOND: Final = 10


class DeviceDetails(QFrame):
    """A card; counts run from the start of the station."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._ticks = 0
        self.head, self.figures = DeviceHead(context), DeviceFigures()
        self.tags_tab, self.frames_tab, self.address_tab = TagsTab(context), FramesTab(context), AddressTab(context)
        self.service = ServiceButton(context)
        self.certificate, self.browse = CertificateBand(context), BrowseButton(context)
        self.tabs = Tabs((tr("Tags"), tr("Frames"), tr("Test")), self)
        self._stack = QStackedWidget()
        self.setProperty("kind", "card")
        self._build()

    def show_device(self, name: str) -> None:
        """Show another device."""
        self.head.show_device(name)
        self.tags_tab.show_device(name)
        self.frames_tab.show_device(name)
        self.address_tab.show_device(name)
        self.browse.show_device(name)
        self._ticks = 0

    def show_health(self, health: DeviceHealth, skipped: int) -> None:
        """Show how the device is doing now, and how many scans found no time of late; tags follow once a second."""
        self.head.show_health(health, skipped)
        self.service.show_health(health)
        self.certificate.show_health(health)
        self.figures.show_health(health)
        if self._ticks % _TICKS_PER_SECOND == 0:
            self.tags_tab.refresh()
        self._ticks += 1

    def _build(self) -> None:
        layout = column(self, margin=1)
        layout.addWidget(self.head)
        layout.addWidget(self.certificate)
        layout.addWidget(hairline())
        layout.addWidget(self.figures)
        layout.addWidget(hairline())
        beside = row(spacing=8)
        beside.setContentsMargins(_TABS_LEFT, 0, _TABS_LEFT, 0)
        beside.addWidget(self.tabs, 1)
        beside.addWidget(self.browse)
        beside.addWidget(self.service)
        layout.addLayout(beside)
        layout.addWidget(hairline())
        for each in (self.tags_tab, self.frames_tab, self.address_tab):
            self._stack.addWidget(each)
        layout.addWidget(self._stack, 1)
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
