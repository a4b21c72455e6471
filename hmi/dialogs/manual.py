"""Asks for a manual value, one that stands in place of what the device says, or takes it back. GUI thread."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hmi.amount import Amount
from hmi.context import Context
from hmi.dialogs.entry import Entry
from hmi.dialogs.number_field import HEIGHT, NumberField
from hmi.dialogs.reason_field import ReasonField
from hmi.dialogs.sheet import Sheet
from hmi.drop_list import DropList
from hmi.i18n import tr
from hmi.numbers import amount_text, moment_text
from hmi.widgets import button, column, label, row, set_text, wrapped
from plant_models.tag import Tag
from station.protocol import ManualRequest, ManualValue

_FIGURE: Final = 32


class ManualDialog(Sheet):
    """The present value, the manual one, and why; the station says if it can't be."""

    def __init__(self, context: Context, tag: Tag) -> None:
        super().__init__(tr("Manual value"), " · ".join(filter(None, (tag.description, tag.name))))
        self._context, self._tag = context, tag
        self._held = manual_value(context, tag.name)
        self._is_busy = False
        self._present = Amount(_FIGURE, "text", is_right=False)
        self.number = NumberField(tag, tag.range) if not tag.states else None
        self.states = _state_list(tag) if tag.states else None
        self.reason = ReasonField(is_needed=True)
        self._problem = wrapped(role="problem")
        self.cancel_button = button(tr("Cancel"), "command")
        self.release_button = button(tr("Take it back"), "command")
        self.confirm_button = button(kind="primary")
        self._build()
        self.refresh()

    @property
    def may_close(self) -> bool:
        return not self._is_busy

    def first_focus(self) -> QWidget:
        return self.cancel_button

    def problem_text(self) -> str:
        """Return what is wrong with the entry, or why the station refused it."""
        return self._problem.text()

    def refresh(self) -> None:
        """Follow the plant and the entry."""
        self._present.show_reading(self._context.live.reading(self._tag.name))
        entry = self._entry()
        wanted = "" if entry.value is None else amount_text(entry.value, self._tag)
        if self.states is not None:
            wanted = self.states.currentText()
        set_text(self.confirm_button, tr("Use {value}").format(value=wanted) if wanted else tr("Use"))
        self.confirm_button.setEnabled(entry.value is not None and bool(self.reason.text()) and not self._is_busy)
        if entry.problem:
            self._say(entry.problem)

    def _entry(self) -> Entry:
        if self.number is not None:
            return self.number.entry()
        assert self.states is not None
        at = self.states.currentIndex()
        return Entry(float(at) if at >= 0 else None)

    def _on_edited(self) -> None:
        self._say("")
        self.refresh()

    def _confirm(self) -> None:
        value = self._entry().value
        if value is not None:
            self._ask(ManualRequest(tag=self._tag.name, value=value, reason=self.reason.text()))

    def _release(self) -> None:
        self._ask(ManualRequest(tag=self._tag.name, value=None, reason=self.reason.text()))

    def _ask(self, request: ManualRequest) -> None:
        if not self._is_busy:
            self._set_busy(True)
            self._context.tasks.start(self._send(request))

    async def _send(self, request: ManualRequest) -> None:
        try:
            refusal = await self._context.station.set_manual(request, self._context.session)
        finally:
            self._set_busy(False)
        if refusal:
            self._say(tr(refusal))
        else:
            self.close_sheet()

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        for each in (self.cancel_button, self.release_button, self.close_button):
            each.setEnabled(not is_busy)
        self.refresh()

    def _say(self, problem: str) -> None:
        set_text(self._problem, problem)
        self._problem.setVisible(bool(problem))

    def _build(self) -> None:
        meaning = tr(
            "It counts in place of what {device} says, on displays and in formulas, alarms and history, and is marked "
            "M, until somebody takes it back."
        )
        self.body.addWidget(wrapped(meaning.format(device=self._tag.device)))
        self.body.addLayout(self._figures())
        if self._held is not None:
            self.body.addWidget(wrapped(held_words(self._context, self._held), "text2"))
        self.body.addWidget(self._problem)
        self.body.addWidget(self.reason)
        self._say("")
        self.reason.edited.connect(self._on_edited)
        self.cancel_button.clicked.connect(self.close_sheet)
        self.release_button.clicked.connect(self._release)
        self.confirm_button.clicked.connect(self._confirm)
        self.confirm_button.setProperty("scale", "command")
        self.release_button.setVisible(self._held is not None)
        self.footer.addWidget(self.release_button)
        self.footer.addStretch(1)
        self.footer.addWidget(self.cancel_button)
        self.footer.addWidget(self.confirm_button)
        self._context.ticker.tick.connect(self.refresh)

    def _figures(self) -> QHBoxLayout:
        figures = row(spacing=24)
        present = column(spacing=4)
        present.addWidget(label(tr("Present"), "text2"))
        self._present.setFixedHeight(HEIGHT)
        present.addWidget(self._present)
        figures.addLayout(present, 1)
        if self.number is not None:
            self.number.edited.connect(self._on_edited)
            figures.addWidget(self.number, 1, Qt.AlignmentFlag.AlignLeft)
        if self.states is not None:
            self.states.currentIndexChanged.connect(self._on_edited)
            choice = column(spacing=4)
            choice.addWidget(label(tr("New"), "text2"))
            choice.addWidget(self.states)
            figures.addLayout(choice, 1)
        return figures


def manual_value(context: Context, tag: str) -> ManualValue | None:
    """Return the manual value of a tag, None if it has none."""
    return next((each for each in context.station.manual_values if each.tag == tag), None)


def held_words(context: Context, held: ManualValue) -> str:
    """Return who gave a manual value, when and why."""
    since = moment_text(held.since_us, context.clock.wall_us(), context.zone)
    return tr("Manual since {time}, by {user}: {reason}").format(time=since, user=held.user, reason=held.reason)


def _state_list(tag: Tag) -> DropList:
    made = DropList()
    made.addItems([tr(state) for state in tag.states])
    made.setCurrentIndex(-1)
    made.setProperty("scale", "large")
    made.setAccessibleName(tr("New"))
    return made
