"""All manual values of the plant, so that none is forgotten; each can be taken back here. GUI thread."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from hmi.context import Context
from hmi.dialogs.manual import held_words
from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.numbers import amount_text
from hmi.widgets import ElidedLabel, button, column, label, row, set_text, wrapped
from station.protocol import ManualRequest, ManualValue


class ManualList(Sheet):
    """Closes by itself when the last one is taken back."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Manual values"), tr("They stand in place of what the devices say"))
        self._context = context
        self._shown: tuple[ManualValue, ...] = ()
        self._lines = column(spacing=20)
        self._problem = wrapped(role="problem")
        self.body.addLayout(self._lines)
        self.body.addWidget(self._problem)
        self._problem.hide()
        self._leave = button(tr("Close"), "command")
        self._leave.clicked.connect(self.close_sheet)
        self.footer.addStretch(1)
        self.footer.addWidget(self._leave)
        context.ticker.tick.connect(self.refresh)
        self.refresh()

    def first_focus(self) -> QWidget:
        return self._leave

    def refresh(self) -> None:
        """Show the present ones, newest first."""
        present = self._context.station.manual_values
        if present is self._shown:
            return
        if self._shown and not present:
            self.close_sheet()
            return
        self._shown = present
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for manual in reversed(present):
            self._lines.addWidget(self._line(manual))

    def _line(self, manual: ManualValue) -> QFrame:
        line = QFrame()
        layout = row(line, spacing=16)
        words = column(spacing=2)
        tag = self._context.tag(manual.tag)
        words.addWidget(ElidedLabel(" · ".join(filter(None, (manual.tag, tag.description if tag else ""))), "strong"))
        words.addWidget(wrapped(held_words(self._context, manual), "text2"))
        layout.addLayout(words, 1)
        shown = "" if tag is None else self._value(manual)
        layout.addWidget(label(shown, "strong"), 0, Qt.AlignmentFlag.AlignTop)
        back = button(tr("Take it back"))
        back.setAccessibleName(tr("Take back the manual value of {tag}").format(tag=manual.tag))
        back.clicked.connect(partial(self._release, manual.tag))
        layout.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _value(self, manual: ManualValue) -> str:
        tag = self._context.tag(manual.tag)
        assert tag is not None
        at = int(manual.value)
        return tr(tag.states[at]) if at < len(tag.states) else amount_text(manual.value, tag)

    def _release(self, tag: str, _checked: bool = False) -> None:
        self._context.tasks.start(self._send(ManualRequest(tag=tag, value=None)))

    async def _send(self, request: ManualRequest) -> None:
        refusal = await self._context.station.set_manual(request, self._context.session)
        set_text(self._problem, tr(refusal) if refusal else "")
        self._problem.setVisible(bool(refusal))
