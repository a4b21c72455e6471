"""The head of a device's details: what it is and how it is doing, in sentences. GUI thread."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from drivers.health import DeviceHealth
from hmi.context import Context
from hmi.devices.words import ICONS, clock_sentence, exceptions_text, slow_sentence, state_sentence
from hmi.i18n import tr
from hmi.numbers import moment_text
from hmi.shell.health import protocol_name
from hmi.widgets import ElidedLabel, IconLabel, column, row, set_text, wrapped

_PADDING: Final = 20
_SIGN: Final = 18


class DeviceHead(QWidget):
    """Name, address, state; below, only while there is something to say: errors, a wrong clock, missing encryption."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._icon = IconLabel("clock", size=28)
        self.title, self.address = ElidedLabel(role="title"), ElidedLabel(role="text2")
        self.state, self.error, self.exceptions = wrapped(), wrapped(role="text2"), wrapped(role="text2")
        self.clock = _Marked("clock")
        self.insecure, self.warning = _Marked("lock_open"), _Marked("warning")
        self.insecure.show_text(tr("Not encrypted: everybody on the network can read and change what is sent."))
        self._marked = (self.clock, self.insecure, self.warning)
        layout = row(self, spacing=14)
        layout.setContentsMargins(_PADDING, 10, _PADDING, 10)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=2)
        for each in (self.title, self.address, self.state, self.error, self.exceptions, *self._marked):
            words.addWidget(each)
        layout.addLayout(words, 1)

    def show_device(self, name: str) -> None:
        """Show another device."""
        description = self._context.plant.devices[name].description
        set_text(self.title, " · ".join(part for part in (name, description) if part))

    def show_health(self, health: DeviceHealth, skipped: int) -> None:
        """Show how the device is doing now; `skipped` scans found no time of late."""
        context = self._context
        since = moment_text(health.since_us, context.clock.wall_us(), context.zone)
        self._icon.set_icon("clock" if skipped else ICONS[health.state])
        set_text(self.address, self._address(health))
        set_text(self.state, f"{state_sentence(health.state, since)} {slow_sentence(skipped)}".rstrip())
        error = tr("Last error: {error}").format(error=tr(health.last_error)) if health.last_error else ""
        refusals = exceptions_text(health.exceptions)
        told = tr("Refusals: {refusals}").format(refusals=refusals) if refusals else ""
        for target, text in ((self.error, error), (self.exceptions, told)):
            set_text(target, text)
            target.setVisible(bool(text))
        self.clock.show_text(clock_sentence(health))
        self.insecure.setVisible(health.is_insecure)
        self.warning.show_text("" if self._is_said_below(health) else tr(health.warning))

    def _is_said_below(self, health: DeviceHealth) -> bool:
        """Tell whether the line of the certificate says what would be warned of."""
        shown = health.certificate
        return shown is not None and shown.facts.days_left(self._context.clock.wall_us()) is not None

    def _address(self, health: DeviceHealth) -> str:
        device = self._context.plant.devices[health.device]
        unit = tr("unit {number}").format(number=device.unit_id) if device.protocol == "modbus" else device.path
        where = f"{health.address} {unit}".rstrip() if health.address else ""
        return " · ".join(part for part in (protocol_name(device.protocol), where, health.identification) if part)


class _Marked(QWidget):
    """A sign and a sentence beside it; hidden while there is none."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._text = wrapped(role="strong")
        layout = row(self, spacing=8)
        layout.addWidget(IconLabel(icon, "text", _SIGN), 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._text, 1)
        self.hide()

    def text(self) -> str:
        return self._text.text()

    def show_text(self, text: str) -> None:
        """Show a sentence, or nothing."""
        set_text(self._text, text)
        self.setVisible(bool(text))
