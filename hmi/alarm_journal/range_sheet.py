"""Asks for times: from when to when the journal is to be shown, or where its list is to be scrolled. GUI thread."""

import itertools
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from hmi.alarm_journal.span import Moment, moment_of
from hmi.context import Context
from hmi.dialogs.sheet import Sheet
from hmi.dialogs.titled import titled
from hmi.i18n import tr
from hmi.numbers import local_time
from hmi.widgets import button, row, set_text, wrapped

FORMAT: Final = "%Y-%m-%d %H:%M:%S"
"""How a fixed time is typed."""


class MomentsSheet(Sheet):
    """A field for each moment; `chosen` carries their list once. It says what is wrong while they can't be used."""

    chosen = Signal(object)

    def __init__(self, context: Context, title: str, does: str, fields: Sequence[tuple[str, str]]) -> None:
        self._context = context
        now = local_time(context.clock.wall_us(), context.zone)
        super().__init__(title, tr("Local time of the plant, now {zone}").format(zone=now.tzname() or ""))
        self._hint = tr("A time like {example}, one like -12 h or -30 min before now, or now").format(
            example=f"{now:{FORMAT}}"
        )
        line = row(spacing=16)
        self.fields: list[QLineEdit] = []
        self.problem = wrapped(role="text2")
        self.show_button = button(does, "primary")
        for name, text in fields:
            field = QLineEdit(text)
            field.returnPressed.connect(self._choose)
            field.textChanged.connect(self._check)
            line.addLayout(titled(name, field), 1)
            self.fields.append(field)
        self.body.addLayout(line)
        self.body.addWidget(self.problem)
        self.cancel_button = button(tr("Cancel"), "command")
        self.cancel_button.clicked.connect(self.close_sheet)
        self.show_button.setProperty("scale", "command")
        self.show_button.clicked.connect(self._choose)
        self.footer.addStretch(1)
        self.footer.addWidget(self.cancel_button)
        self.footer.addWidget(self.show_button)
        self._check()

    def first_focus(self) -> QLineEdit:
        return self.fields[0]

    def _moments(self) -> list[Moment] | None:
        """Return what was typed, None if any of it can't be read or nothing lies between them."""
        found = [moment_of(field.text(), self._context.zone) for field in self.fields]
        moments = [each for each in found if each is not None]
        now_us = self._context.clock.wall_us()
        if len(moments) < len(found) or any(
            later.at(now_us) <= earlier.at(now_us) for earlier, later in itertools.pairwise(moments)
        ):
            return None
        return moments

    def _check(self) -> None:
        set_text(self.problem, self._hint)
        self.show_button.setEnabled(self._moments() is not None)

    def _choose(self) -> None:
        moments = self._moments()
        if moments is not None:
            self.chosen.emit(moments)
            self.close_sheet()


def range_sheet(context: Context, start_us: int | None) -> MomentsSheet:
    """Return a sheet that asks for a beginning and an end."""
    now_us = context.clock.wall_us()
    start = local_time(now_us - 86_400_000_000 if start_us is None else start_us, context.zone)
    fields = (tr("From"), f"{start:{FORMAT}}"), (tr("To"), tr("now"))
    return MomentsSheet(context, tr("Show a time"), tr("Show"), fields)


def jump_sheet(context: Context, at_us: int) -> MomentsSheet:
    """Return a sheet that asks where the list is to be scrolled."""
    fields = ((tr("To"), f"{local_time(at_us, context.zone):{FORMAT}}"),)
    return MomentsSheet(context, tr("Go to a time"), tr("Go"), fields)
