"""One line about the certificate of the shown server, and the ways to look at it and at ours. GUI thread."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from drivers.certificate_facts import Standing
from drivers.health import DeviceHealth
from hmi.context import Context
from hmi.devices.certificate_words import band_words
from hmi.dialogs.certificate import CertificateDialog
from hmi.dialogs.own_certificate import OwnCertificateDialog
from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.widgets import IconLabel, button, row, set_property, set_text, wrapped

_PADDING: Final = 20
_SIGN: Final = 18
_UNDER_SIGN: Final = 25
"""The sign stands below the middle of the one of the head, the words below its words."""
_NONE: Final = "None"


class CertificateBand(QWidget):
    """Absent where a device is asked for none: another protocol, or no encryption."""

    sheet_wanted = Signal(Sheet)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._health: DeviceHealth | None = None
        self._icon = IconLabel("lock", "text", _SIGN)
        self.words = wrapped(role="text2")
        self.look = button(tr("Look at it…"))
        self.own = button(tr("Ours…"))
        self.own.setToolTip(tr("The certificate by which servers know this station"))
        self.look.clicked.connect(self._on_look)
        self.own.clicked.connect(lambda: self.sheet_wanted.emit(OwnCertificateDialog(self._context)))
        self.own.setAccessibleName(self.own.toolTip())
        layout = row(self, spacing=8)
        layout.setContentsMargins(_UNDER_SIGN, 4, _PADDING, 10)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addSpacing(_UNDER_SIGN - _PADDING + 6)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.look)
        layout.addWidget(self.own)

    def show_health(self, health: DeviceHealth) -> None:
        """Show what the server shows now."""
        device = self._context.plant.devices[health.device]
        self._health = health
        self.setVisible(device.protocol == "opcua" and device.security != _NONE and not health.is_insecure)
        words, is_urgent = band_words(health, self._context.clock.wall_us(), self._context.zone)
        set_text(self.words, words)
        set_property(self.words, "role", "strong" if is_urgent else "text2")
        self._icon.set_icon("warning" if is_urgent else "lock")
        shown = health.certificate
        self.look.setVisible(shown is not None)
        is_unknown = shown is not None and shown.standing is Standing.UNKNOWN
        set_text(self.look, tr("Look and decide…") if is_unknown else tr("Look at it…"))

    def _on_look(self) -> None:
        if self._health is not None and self._health.certificate is not None:
            self.sheet_wanted.emit(CertificateDialog(self._context, self._health.device, self._health.certificate))
