"""The line for a reason, with the reasons of the last weeks to pick from. GUI thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from hmi.alarms.comments import recent_reasons
from hmi.context import Context
from hmi.dialogs.reason_field import ReasonField
from hmi.i18n import tr
from hmi.widgets import button, row


class PickedReason(QWidget):
    """A needed reason; the button beside it lists those that were given lately, once the journal has told them."""

    edited = Signal()

    def __init__(self, context: Context, title: str) -> None:
        super().__init__()
        self._reason = ReasonField(is_needed=True, title=title)
        self._reason.edited.connect(self.edited)
        self.recent = button(tr("Recent"), icon_name="history")
        self.recent.setToolTip(tr("Pick a reason that was given lately"))
        self.recent.hide()
        self.menu = QMenu(self.recent)
        self.recent.setMenu(self.menu)
        layout = row(self, spacing=8)
        layout.addWidget(self._reason, 1)
        layout.addWidget(self.recent, 0, Qt.AlignmentFlag.AlignBottom)
        task = context.tasks.start(self._ask(context))
        self.destroyed.connect(lambda: task.cancel())

    def text(self) -> str:
        return self._reason.text()

    def enter(self, text: str) -> None:
        """Put a reason into the field, as if it had been typed."""
        self._reason.enter(text)

    def focus_widget(self) -> QLineEdit:
        """Return what the keyboard types into."""
        return self._reason.focus_widget()

    def lock(self) -> None:
        self._reason.lock()
        self.recent.setEnabled(False)

    async def _ask(self, context: Context) -> None:
        for reason in await recent_reasons(context):
            action = self.menu.addAction(reason.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, reason=reason: self.enter(reason))
        self.recent.setVisible(not self.menu.isEmpty())
