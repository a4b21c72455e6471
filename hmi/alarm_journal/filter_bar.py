"""What the journal is narrowed to: time, words, events, categories, areas and priorities. GUI thread."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from alarms.journal_query import Category, JournalQuery, Source
from alarms.snapshot import PRIORITIES
from hmi.alarm_journal.cells import CATEGORIES, EVENTS
from hmi.alarm_journal.range_sheet import range_sheet
from hmi.alarm_journal.span import ALL, PRESETS, Moment, Span
from hmi.alarms.choice_button import ChoiceButton
from hmi.alarms.priority_toggle import PriorityToggle
from hmi.alarms.subject import Subject, subject_of
from hmi.alarms.subject_chip import SubjectChip
from hmi.context import Context
from hmi.filter_field import filter_field
from hmi.i18n import tr
from hmi.numbers import local_time
from hmi.widgets import button, column, row, set_text

NO_ALARM: Final = 0
"""The priority of what is about no alarm, such as a loss of events: no choice of priorities hides it."""
BOTH: Final = frozenset(Source)


class JournalFilterBar(QWidget):
    """Two lines; `changed` follows each choice. Its right ends are for the buttons of the page."""

    changed = Signal()
    sheet_wanted = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._subject: Subject | None = None
        self.span = PRESETS[0][0]
        self.spans = QButtonGroup(self)
        self.field = filter_field(tr("Words, tag or operator"))
        self.field.setToolTip(tr('All words must be there; * and ? stand for others, "two words" for just that'))
        self.chip = SubjectChip()
        self.events = ChoiceButton(tr("Events"), {name: tr(words) for name, words in EVENTS.items()})
        self.categories = ChoiceButton(tr("Categories"), {each.value: tr(words) for each, words in CATEGORIES.items()})
        self.areas = ChoiceButton(tr("Areas"), {area.name: tr(area.title) for area in context.plant.areas})
        self.priorities: dict[int, QPushButton] = {}
        self.first, self.second = row(spacing=12), row(spacing=12)
        self._build()
        self.field.textChanged.connect(self._tell)
        self.chip.clicked.connect(lambda: self.show_subject(None))

    @property
    def subject(self) -> Subject | None:
        """What the events must be about, None for anything."""
        return self._subject

    def query(self) -> JournalQuery:
        """Return the question at this moment."""
        now_us = self._context.clock.wall_us()
        shown = frozenset(priority for priority, each in self.priorities.items() if each.isChecked())
        return JournalQuery(
            start_us=self.span.start_us(now_us),
            end_us=self.span.end_us(now_us),
            text=self.field.text().strip(),
            tags=frozenset() if self._subject is None else self._subject.tags,
            events=self.events.chosen,
            categories=frozenset(map(Category, self.categories.chosen)),
            areas=self.areas.chosen,
            priorities=frozenset() if len(shown) == len(PRIORITIES) else shown | {NO_ALARM},
            sources=BOTH,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything may be left out."""
        query = self.query()
        chosen = query.tags or query.events or query.categories or query.areas or query.priorities
        return self.span != ALL or bool(query.text or chosen)

    def show_subject(self, subject: Subject | None) -> None:
        """Show only what is about a subject, None for all."""
        self._subject = subject
        self.chip.show_subject(subject)
        self._tell()

    def show_events_of(self, name: str) -> None:
        """Show only the events of a tag, or of a piece of equipment with its parts, whatever was chosen before."""
        self._clear()
        self.show_subject(subject_of(self._context.plant, name))

    def clear(self) -> None:
        """Let everything of all times through."""
        self._clear()
        self.show_span(ALL)
        self.show_subject(None)

    def show_span(self, span: Span) -> None:
        """Show another time."""
        self.span = span
        self.spans.setExclusive(False)
        for (each, _), made in zip(PRESETS, self.spans.buttons(), strict=True):
            made.setChecked(each == span)
        is_own = span not in dict(PRESETS)
        self.spans.setExclusive(not is_own)
        self.range.setChecked(is_own)
        set_text(self.range, self._span_words() if is_own else tr("From … to …"))
        self._tell()

    def _clear(self) -> None:
        self.field.clear()
        for choice in (self.events, self.categories, self.areas):
            choice.clear()
        for shown in self.priorities.values():
            shown.setChecked(True)

    def _tell(self) -> None:
        self.changed.emit()

    def _span_words(self) -> str:
        now_us, zone = self._context.clock.wall_us(), self._context.zone
        times = (self.span.start_us(now_us), self.span.end_us(now_us))
        words = (tr("now") if at is None else f"{local_time(at, zone):%Y-%m-%d %H:%M}" for at in times)
        return " – ".join(words)

    def _ask_for_range(self) -> None:
        self.show_span(self.span)
        sheet = range_sheet(self._context, self.span.start_us(self._context.clock.wall_us()))
        sheet.chosen.connect(self._take_range)
        self.sheet_wanted.emit(sheet)

    def _take_range(self, moments: Sequence[Moment]) -> None:
        self.show_span(Span(moments[0], moments[1]))

    def _build(self) -> None:
        lines = column(self, spacing=12)
        lines.addLayout(self.first)
        lines.addLayout(self.second)
        self.first.addLayout(self._make_spans())
        self.first.addStretch(1)
        self.first.addWidget(self.chip)
        self.first.addWidget(self.field)
        for choice in (self.events, self.categories, self.areas):
            choice.changed.connect(self._tell)
            self.second.addWidget(choice)
        toggles = row(spacing=4)
        for priority in PRIORITIES:
            made = self.priorities[priority] = PriorityToggle(priority)
            made.toggled.connect(self._tell)
            toggles.addWidget(made)
        self.second.addLayout(toggles)
        self.second.addStretch(1)

    def _make_spans(self) -> QHBoxLayout:
        layout = row()
        for at, (span, words) in enumerate(PRESETS):
            made = segment(tr(words), "" if at else "first")
            made.clicked.connect(lambda _checked=False, span=span: self.show_span(span))
            self.spans.addButton(made, at)
            layout.addWidget(made)
        self.range = segment(tr("From … to …"), "last")
        self.range.clicked.connect(self._ask_for_range)
        layout.addWidget(self.range)
        self.spans.buttons()[0].setChecked(True)
        return layout


def segment(words: str, place: str) -> QPushButton:
    """Return one of a row of buttons that stand side by side."""
    made = button(words, "segment")
    made.setProperty("place", place)
    made.setCheckable(True)
    return made
