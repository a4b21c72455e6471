"""The mode of equipment as a segmented control, one segment per state of the mode tag. GUI thread."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from hmi.context import Context
from hmi.faceplate.intent import Intent
from hmi.faceplate.part import Part, Refused
from hmi.i18n import tr
from hmi.live import Reading
from hmi.widgets import button, column, label, row, set_text
from plant_models.equipment import Equipment
from plant_models.tag import Tag


class ModeSegment(Part):
    """Shows the present mode; a click asks for another one, and the plant decides whether it comes."""

    wanted = Signal(Intent)

    def __init__(self, context: Context, equipment: Equipment, tag: Tag, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._equipment, self._tag, self._title = context, equipment, tag, title
        self._reasons: list[tuple[str, ...]] = []
        layout = column(self, spacing=6)
        head = row(spacing=8)
        head.addWidget(label(tr(title), "text2"))
        self._problem = label(role="stale")
        head.addWidget(self._problem)
        head.addStretch(1)
        layout.addLayout(head)
        segments = row()
        self._buttons = [self._segment(value, word) for value, word in enumerate(tag.states)]
        for segment in self._buttons:
            segments.addWidget(segment, 1)
        layout.addLayout(segments)

    def refresh(self) -> None:
        reading = self._context.live.reading(self._tag.name)
        set_text(self._problem, _problem(reading))
        self._reasons = [self._ask(value) for value in range(len(self._buttons))]
        for value, (segment, reasons) in enumerate(zip(self._buttons, self._reasons, strict=True)):
            segment.setChecked(reading.is_usable and reading.value == value)
            segment.setEnabled(self._tag.writable and not reasons)
            segment.setToolTip("\n".join(reasons))

    @property
    def is_allowed(self) -> bool:
        return any(segment.isEnabled() for segment in self._buttons)

    def refused(self) -> tuple[Refused, ...]:
        if not self._tag.writable:
            return ()
        refused = [Refused(tr(word), why) for word, why in zip(self._tag.states, self._reasons, strict=True)]
        if len({each.reasons for each in refused}) == 1:  # the same for every mode: say it once
            refused = [Refused(tr(self._title), refused[0].reasons)]
        return tuple(each for each in refused if each.reasons)

    def _ask(self, value: int) -> tuple[str, ...]:
        request = self._intent(value).request()
        return tuple(tr(reason) for reason in self._context.station.refusals(request, self._context.session))

    def _intent(self, value: int) -> Intent:
        return Intent(self._equipment, self._tag, float(value), self._tag.states[value])

    def _segment(self, value: int, word: str) -> QPushButton:
        segment = button(tr(word), "segment")
        segment.setCheckable(True)
        segment.setProperty("place", _place(value, len(self._tag.states)))
        segment.clicked.connect(lambda: self._on_clicked(value))
        return segment

    def _on_clicked(self, value: int) -> None:
        was_chosen = self._context.live.reading(self._tag.name).value == value
        self.refresh()  # the click must not look as if the mode had changed
        if not was_chosen:
            self.wanted.emit(self._intent(value))


def _place(index: int, count: int) -> str:
    if count == 1:
        return "only"
    return "first" if index == 0 else "last" if index == count - 1 else "middle"


def _problem(reading: Reading) -> str:
    return f"{reading.mark} {reading.word}" if reading.mark else ""
