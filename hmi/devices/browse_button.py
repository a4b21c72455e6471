"""The button that looks round in the shown server for new tags. GUI thread."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from hmi.browse.sheet import BrowseSheet
from hmi.context import Context
from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.widgets import button, row
from station.session import ENGINEERS


class BrowseButton(QWidget):
    """Absent for devices that tell nobody what they have; only engineers can press it."""

    sheet_wanted = Signal(Sheet)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._device = ""
        self.button: QPushButton = button(tr("Add tags…"))
        self.button.setEnabled(bool(context.session.roles & ENGINEERS))
        if not self.button.isEnabled():
            self.button.setToolTip(tr("Only an engineer or an administrator may add tags."))
        self.button.clicked.connect(lambda: self.sheet_wanted.emit(BrowseSheet(self._context, self._device)))
        row(self).addWidget(self.button)

    def show_device(self, name: str) -> None:
        """Look round in another device from now on."""
        self._device = name
        self.setVisible(self._context.plant.devices[name].protocol == "opcua")
