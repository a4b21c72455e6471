"""Asks before the program is left: with its window the station stops. GUI thread."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from hmi.context import Context
from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.widgets import button, wrapped


class LeaveDialog(Sheet):
    """Says what ends with the window; `confirmed` is emitted once somebody wants that."""

    confirmed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Leave Clearwell?"), context.plant.name)
        words = tr("The station stops with this window: nothing is watched, alarmed or recorded until it runs again.")
        self.body.addWidget(wrapped(words))
        waiting = len(context.alarms.unacknowledged)
        if waiting:
            wait = tr("Alarms that wait for an acknowledgement: {count}.").format(count=waiting)
            self.body.addWidget(wrapped(wait, "problem"))
        self.stay_button = button(tr("Stay"), "command")
        self.stay_button.clicked.connect(self.close_sheet)
        self.leave_button = button(tr("Leave"), "primary")
        self.leave_button.setProperty("scale", "command")
        self.leave_button.clicked.connect(self.confirmed)
        self.footer.addStretch(1)
        self.footer.addWidget(self.stay_button)
        self.footer.addWidget(self.leave_button)

    def first_focus(self) -> QPushButton:
        return self.stay_button
