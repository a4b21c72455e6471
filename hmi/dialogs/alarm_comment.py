"""Takes a comment on alarms, alone or with an acknowledgement, beside what was said before. GUI thread."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QWidget

from alarms.acknowledgement import AckResult
from alarms.handling import AlarmAct, AlarmRequest
from alarms.snapshot import AlarmRow
from hmi.alarm_journal.cells import event_word
from hmi.alarms.comments import Said, comments_on
from hmi.alarms.model import seen_of
from hmi.context import Context
from hmi.dialogs.alarm_act import AlarmActDialog, whose
from hmi.i18n import tr
from hmi.numbers import moment_text, number_text
from hmi.widgets import column, label, set_text, wrapped

LEAST: Final = 4
"""Letters of a comment that says anything."""
_LONGEST: Final = 500
_LINES: Final = 84
_BEFORE: Final = 168
_PADDING: Final = 6


class AlarmCommentDialog(AlarmActDialog):
    """Enter begins a new line; Tab leaves the field. With `is_ack` the alarms are acknowledged with it."""

    def __init__(self, context: Context, rows: Sequence[AlarmRow], is_ack: bool = False) -> None:
        super().__init__(context, tr("Acknowledge with a comment") if is_ack else tr("Comment"), whose(rows), rows, {})
        self._is_ack = is_ack
        self.field = QPlainTextEdit()
        self._count = label(role="small")
        self._before = QScrollArea()
        self._build()
        self.refresh()
        if len(self.rows) == 1:
            task = context.tasks.start(self._ask(self.rows[0]))
            self.destroyed.connect(lambda: task.cancel())

    def first_focus(self) -> QWidget:
        return self.field

    def text(self) -> str:
        return self.field.toPlainText().strip()

    def make_request(self) -> AlarmRequest | None:
        if not LEAST <= len(self.text()) <= _LONGEST:
            return None
        return AlarmRequest(act=AlarmAct.COMMENT, seen=tuple(map(seen_of, self.rows)), comment=self.text())

    async def send(self, request: AlarmRequest) -> Sequence[AckResult]:
        if not self._is_ack:
            return await super().send(request)
        return await self._context.alarms.acknowledge_with(request.seen, request.comment)

    def done_words(self) -> str:
        if self._is_ack:
            return tr("Acknowledged")
        return tr("The comment is recorded")

    def refresh(self) -> None:
        length = len(self.text())
        least = tr("At least {count} letters").format(count=LEAST)
        words = tr("{count} of {most} letters").format(count=number_text(length, 0), most=number_text(_LONGEST, 0))
        set_text(self._count, least if length < LEAST else words)
        self.confirm_button.setEnabled(LEAST <= length <= _LONGEST)

    def lock(self) -> None:
        self.field.setReadOnly(True)

    async def _ask(self, row: AlarmRow) -> None:
        said, problem = await comments_on(self._context, row)
        body = QWidget()
        lines = column(body, spacing=10)
        now_us, zone = self._context.clock.wall_us(), self._context.zone
        for each in said:
            head = f"{moment_text(each.at_us, now_us, zone)} · {each.user} · {event_word(each.event)}"
            lines.addWidget(label(head, "small"))
            lines.addWidget(wrapped(each.words))
        if not said:
            lines.addWidget(wrapped(problem or tr("Nobody has said anything about it in the last 30 days."), "text2"))
        lines.addStretch(1)
        self._show_before(body, said)

    def _show_before(self, body: QWidget, said: Sequence[Said]) -> None:
        self._before.setWidget(body)
        body.setAutoFillBackground(False)
        wanted = body.heightForWidth(self.width() - 2 * 24 - 16)
        self._before.setFixedHeight(min(_BEFORE, max(wanted, body.sizeHint().height())))
        self._before.setFocusPolicy(Qt.FocusPolicy.StrongFocus if len(said) > 1 else Qt.FocusPolicy.NoFocus)

    def _build(self) -> None:
        if self._is_ack:
            rule = tr("The rules of its class want a comment with the acknowledgement.")
            rules = tr("The rules of their classes want a comment with the acknowledgement.")
            self.body.addWidget(wrapped(rule if len(self.rows) == 1 else rules, "text2"))
        self.body.addWidget(self.list)
        if len(self.rows) == 1:
            before = column(spacing=6)
            before.addWidget(label(tr("Before"), "strong"))
            self._before.setWidgetResizable(True)
            self._before.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._before.viewport().setAutoFillBackground(False)
            self._before.setFixedHeight(24)
            before.addWidget(self._before)
            self.body.addLayout(before)
        entry = column(spacing=_PADDING)
        title = label(tr("Comment, kept in the journal"), "text2")
        title.setBuddy(self.field)
        self.field.setAccessibleName(title.text())
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(_LINES)
        self.field.textChanged.connect(self.refresh)
        entry.addWidget(title)
        entry.addWidget(self.field)
        entry.addWidget(self._count)
        self.body.addLayout(entry)
        set_text(self.confirm_button, tr("Acknowledge") if self._is_ack else tr("Comment"))
