"""Everything that was recorded of one event, with both times, its place in the chain and its hash. GUI thread."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QPushButton

from alarms.journal_query import JournalRow, Source
from alarms.states import AlarmState
from hmi.alarm_journal.cells import (
    CATEGORIES,
    LOG_ONS,
    event_word,
    full_time,
    limit_text,
    row_text,
    state_word,
    value_text,
)
from hmi.alarms.formula_words import formula_words
from hmi.alarms.rights import class_word
from hmi.alarms.words import STATES, kind_word, priority_word
from hmi.context import Context
from hmi.devices.of_alarm import device_in_name
from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.numbers import DASH
from hmi.widgets import button, label, wrapped
from plant_models.alarm_definition import AlarmClass, AlarmKind
from plant_models.message import Message, message

_WIDEST: Final = 800
_STATES: Final[dict[str, Message]] = {AlarmState.NORM: message("Normal"), **STATES}
_KINDS: Final = frozenset(AlarmKind)
_CLASSES: Final = frozenset(AlarmClass)
_SHORT: Final = 26
"""Characters that have room in half the width."""
_OF_HASH: Final = 8


class JournalDetails(Sheet):
    """What holds nothing is left out. Its text can be copied as a whole."""

    def __init__(self, context: Context, event: JournalRow) -> None:
        super().__init__(event_word(event.event), row_text(event), _WIDEST)
        self.facts = [fact for fact in facts_of(context, event) if fact[1] not in ("", DASH)]
        short = [fact for fact in self.facts if len(fact[1]) <= _SHORT]
        half = -(-len(short) // 2)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        for at, fact in enumerate(short):
            _add(grid, fact, at % half, 2 * (at // half), 1)
        for at, fact in enumerate(fact for fact in self.facts if fact not in short):
            _add(grid, fact, half + at, 0, 3)
        self.body.addLayout(grid)
        self.copy_button: QPushButton = button(tr("Copy"), icon_name="copy")
        self.copy_button.clicked.connect(self._copy)
        self.footer.addStretch(1)
        self.footer.addWidget(self.copy_button)

    def _copy(self) -> None:
        QApplication.clipboard().setText("\n".join(f"{name}: {words}" for name, words in self.facts))


def _add(grid: QGridLayout, fact: tuple[str, str], line: int, place: int, span: int) -> None:
    value = wrapped(fact[1])
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    grid.addWidget(label(fact[0], "text2"), line, place, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(value, line, place + 1, 1, span)


def facts_of(context: Context, event: JournalRow) -> list[tuple[str, str]]:
    """Return what was recorded, each with its name; empty or a dash where nothing was."""
    return [*_when_and_where(context, event), *_how(context, event), *_aside(context, event), *_recording(event)]


def _when_and_where(context: Context, event: JournalRow) -> list[tuple[str, str]]:
    return [
        (tr("Happened"), full_time(context, event.at_us)),
        (tr("Recorded"), full_time(context, event.recorded_us)),
        (tr("Clock of the source"), tr("was not believed") if event.is_time_suspect else ""),
        (tr("Category"), tr(CATEGORIES[event.category])),
        (tr("Priority"), priority_word(event.priority) if event.priority else ""),
        (tr("Class"), _class_word(event.alarm_class or "")),
        (tr("Area"), context.area_title(event.area)),
        (tr("Tag"), event.tag or device_in_name(event.kind, event.alarm)),
        (tr("Alarm"), event.alarm),
        (tr("Condition"), kind_word(AlarmKind(event.kind)) if event.kind in _KINDS else event.kind),
    ]


def _how(context: Context, event: JournalRow) -> list[tuple[str, str]]:
    first_out = {1: tr("first of its group"), 2: tr("first of its group, together with others")}
    return [
        (tr("Asked for"), tr(event.title)),
        (tr("Outcome"), "" if event.state in LOG_ONS else state_word(event.state)),
        (tr("Value before"), value_text(context, event, event.value_old)),
        (tr("Value"), value_text(context, event, event.value)),
        (tr("Read back"), value_text(context, event, event.readback)),
        (tr("Limit"), limit_text(context, event)),
        (tr("State before"), _alarm_state(event.from_state)),
        (tr("State after"), _alarm_state(event.to_state)),
        (tr("Raised"), tr("{count} times").format(count=event.count) if event.count > 1 else ""),
        (tr("First out"), first_out.get(event.first_out or 0, "")),
        (tr("Operator"), event.user),
        (tr("Log-on"), state_word(event.state) if event.state in LOG_ONS else ""),
        (tr("Roles"), event.roles),
        (tr("Workstation"), event.seat),
        (tr("Comment"), event.comment),
    ]


def _aside(context: Context, event: JournalRow) -> list[tuple[str, str]]:
    def time(at_us: int | None) -> str:
        return "" if at_us is None else full_time(context, at_us)

    return [
        (tr("Put aside by"), event.aside_by or ""),
        (tr("Put aside at"), time(event.aside_us)),
        (tr("Put aside until"), time(event.until_us)),
        (tr("Put aside because"), event.aside_why or ""),
        (tr("Suppressed while"), formula_words(context, event.rule or "")),
        (tr("Note"), event.note or ""),
    ]


def _alarm_state(state: str) -> str:
    """Return the state of an alarm in words; one that has none stays as it was recorded."""
    return tr(_STATES[state]) if state in _STATES else state


def _class_word(alarm_class: str) -> str:
    return class_word(AlarmClass(alarm_class)) if alarm_class in _CLASSES else alarm_class


def _recording(event: JournalRow) -> list[tuple[str, str]]:
    parts = [event.hash[at : at + _OF_HASH] for at in range(0, len(event.hash), _OF_HASH)]
    chain = tr("journal of the alarms") if event.source is Source.ALARMS else tr("audit")
    return [
        (tr("Definitions"), event.config),
        (tr("Recorded in"), chain),
        (tr("Start of the station"), str(event.epoch) if event.epoch else ""),
        (tr("Row"), str(event.seq)),
        (tr("Hash"), " ".join(parts)),
    ]
