"""The button that takes the shown device out of service or puts it back. GUI thread."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from drivers.health import DeviceHealth, LinkState
from hmi.context import Context
from hmi.dialogs.device_switch import DeviceSwitchDialog
from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.widgets import button, row, set_text


class ServiceButton(QWidget):
    """Follows the health of the device; `sheet_wanted` carries the dialog that asks first."""

    sheet_wanted = Signal(Sheet)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._device = ""
        self._is_out = False
        self.button: QPushButton = button()
        self.button.clicked.connect(self._ask)
        row(self).addWidget(self.button)

    def show_health(self, health: DeviceHealth) -> None:
        """Offer what the present state allows; a device from which no tag is read is in no service."""
        if health.device != self._device:
            self._device = health.device
            self.setVisible(any(tag.device == health.device for tag in self._context.station.table.tags))
        self._is_out = health.state is LinkState.DISABLED
        set_text(self.button, tr("Put into service") if self._is_out else tr("Take out of service"))

    def _ask(self) -> None:
        if self._device:
            self.sheet_wanted.emit(DeviceSwitchDialog(self._context, self._device, self._is_out))
