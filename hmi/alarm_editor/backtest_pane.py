"""What a setting would have done in the last 30 days, asked of history or the journal in the background. GUI thread."""

from collections.abc import Coroutine
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QWidget

from analytics.backtest import BackTest, BackTestRequest, Event
from analytics.lengths import length_words
from database.errors import DatabaseError
from hmi.alarms.comments import SPAN_US
from hmi.alarms.words import time_text
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import clock_text, number_text
from hmi.widgets import button, column, label, set_text, wrapped
from plant_models.alarm_definition import AlarmDefinition
from plant_models.message import words_of

_MOST: Final = 200
_LEAST: Final = 120


class BackTestPane(QWidget):
    """`wanted` asks the dialog for the setting as it stands; an answer to another one is marked as such.

    `used` carries a proposed setting that somebody wants in the fields.
    """

    wanted = Signal()
    used = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._tested: AlarmDefinition | None = None
        self._proposed: AlarmDefinition | None = None
        self._is_asking = False
        self.test_button = button(tr("Test against the last 30 days"), icon_name="history")
        self.test_button.clicked.connect(self.wanted)
        self.propose_button = button(tr("Propose a better setting"))
        self.use_button = button(tr("Use the proposal"), icon_name="check")
        self.use_button.clicked.connect(lambda: self.used.emit(self._proposed))
        self.words = wrapped()
        self._stale = wrapped(tr("This is about another setting; test again."), "problem")
        self._title = label(role="strong")
        self.events = QListWidget()
        self.events.setAccessibleName(tr("Events"))
        self.events.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.events.setProperty("kind", "flat")
        self.events.setWordWrap(True)
        self.events.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.events.setMinimumHeight(_LEAST)
        layout = column(self, spacing=10)
        layout.addWidget(label(tr("Back-test"), "card"))
        layout.addWidget(self.test_button)
        layout.addWidget(self.propose_button)
        layout.addWidget(self._stale)
        layout.addWidget(self.use_button)
        layout.addWidget(self.words)
        layout.addWidget(self._title)
        layout.addWidget(self.events, 100)
        self._rest = label(role="small")
        layout.addWidget(self._rest)
        layout.addStretch(1)
        self._show("")

    def test(self, definition: AlarmDefinition, present: AlarmDefinition | None) -> None:
        """Ask what a setting would have done, beside the present one; one question at a time."""
        end_us = self._context.clock.wall_us()
        self._begin(definition, self._ask(BackTestRequest(definition, end_us - SPAN_US, end_us, present)))

    def propose(self, definition: AlarmDefinition) -> None:
        """Ask for a better setting than this one, which is in force."""
        self._begin(definition, self._ask_for_proposal(definition.name))

    def note_edit(self, definition: AlarmDefinition) -> None:
        """Say of an answer that it is about another setting than the one that stands there now."""
        is_other = (
            self._tested is not None and self._tested != definition and not self._is_asking and self._proposed is None
        )
        self._stale.setVisible(is_other and bool(self.words.text()))

    def _begin(self, definition: AlarmDefinition, question: Coroutine[Any, Any, None]) -> None:
        if self._is_asking:
            question.close()
            return
        self._is_asking, self._tested = True, definition
        self._show(tr("The last 30 days are being read"))
        self._allow(False)
        task = self._context.tasks.start(question)
        self.destroyed.connect(lambda: task.cancel())

    def _allow(self, is_allowed: bool) -> None:
        self._is_asking = not is_allowed
        for each in (self.test_button, self.propose_button):
            each.setEnabled(is_allowed)

    async def _ask(self, request: BackTestRequest) -> None:
        try:
            answer = await self._context.station.back_test(request)
        except (ValueError, DatabaseError) as error:
            self._show(tr(words_of(error)))
        else:
            self._show_answer(answer, answer.words())
        finally:
            self._allow(True)

    async def _ask_for_proposal(self, name: str) -> None:
        try:
            found = await self._context.station.propose(name)
        except (KeyError, DatabaseError) as error:
            self._show(tr(words_of(error)))
        else:
            self._show(tr(found.words))
            if found.test is not None:
                self._show_answer(found.test, found.words)
            if found.definition is not None:
                self._tested = self._proposed = found.definition
            self.use_button.setVisible(found.definition is not None)
        finally:
            self._allow(True)

    def _show_answer(self, answer: BackTest, words: str) -> None:
        events = [*answer.missed, *answer.caught]
        self._show(tr(words))
        set_text(self._title, tr("What it would have caught, or missed") if events else "")
        self._title.setVisible(bool(events))
        for event in sorted(events, key=lambda each: -each.activation.start_us)[:_MOST]:
            self.events.addItem(self._event_text(event))
        self.events.setVisible(bool(events))
        rest = len(events) - _MOST
        set_text(self._rest, tr("and {count} more").format(count=number_text(rest, 0)) if rest > 0 else "")

    def _event_text(self, event: Event) -> str:
        now_us, start_us = self._context.clock.wall_us(), event.activation.start_us
        day, clock = time_text(self._context, start_us, now_us), clock_text(start_us, self._context.zone)
        when = clock if day == clock else f"{day}, {clock}"
        length = tr(length_words(event.activation.length_us(now_us) / 1e6))
        acknowledged = (tr("acknowledged"),) if event.is_short else ()
        return " · ".join((when, length, _caught_text(event.later_s), *acknowledged))

    def _show(self, words: str) -> None:
        set_text(self.words, words)
        self.words.setVisible(bool(words))
        self._proposed = None
        self.events.clear()
        for each in (self._title, self.events, self._stale, self.use_button):
            each.hide()
        set_text(self._rest, "")


def _caught_text(later_s: float | None) -> str:
    if later_s is None:
        return tr("missed")
    if abs(later_s) < 1:
        return tr("caught")
    words = tr("caught {time} later") if later_s > 0 else tr("caught {time} earlier")
    return words.format(time=tr(length_words(abs(later_s))))
