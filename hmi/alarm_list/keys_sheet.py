"""The keys of the alarm list, to look up. GUI thread."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.widgets import label, wrapped
from plant_models.message import message

KEYS: Final = (
    (message("↑ ↓"), message("The alarm above or below; with Shift also select it")),
    (message("Home, End"), message("The first alarm, the last one")),
    (message("Space"), message("Select an alarm, or no longer")),
    (message("Ctrl+A"), message("Select all")),
    (message("Enter"), message("Open the display that shows it")),
    (message("→ ←"), message("Show or fold away what an alarm explains")),
    (message("F7"), message("Acknowledge the selected ones, and go on to the next")),
    (message("Shift+F7"), message("Acknowledge the visible ones")),
    (message("F8"), message("Acknowledge the most urgent alarm")),
    (message("F4"), message("Details and guidance")),
    (message("Ctrl+Shift+C"), message("Comment the selected ones")),
    (message("Ctrl+Shift+S"), message("Shelve the selected ones")),
    (message("Ctrl+E"), message("Export as CSV")),
    (message("Ctrl+P"), message("Print")),
    (message("Ctrl++, Ctrl+−"), message("Larger or smaller text")),
    (message("Pause"), message("Hold the list, or go on")),
    (message("Ctrl+F"), message("Filter by words; Enter leads back to the list")),
    (message("Ctrl+PgUp, Ctrl+PgDown"), message("The tab before or after")),
    (message("Shift+F10"), message("The menu of an alarm")),
    (message("Esc"), message("Close a message, else the details, else show everything again")),
)
"""They hold while the list has the keyboard, those of functions everywhere on the page."""


class KeysSheet(Sheet):
    """Two columns."""

    def __init__(self) -> None:
        super().__init__(tr("Keys"), tr("Of the alarm list"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for at, (keys, words) in enumerate(KEYS):
            grid.addWidget(label(tr(keys), "strong"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(wrapped(tr(words)), at, 1)
        self.body.addLayout(grid)
