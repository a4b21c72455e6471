"""The text of the card of one alarm: what it means, what to do, what is known of it. GUI thread."""

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from alarms.definitions import Alarm
from alarms.snapshot import AlarmRow
from hmi.alarm_list.before import Past
from hmi.alarm_list.facts import Fact, aside_facts, cause_facts, facts_of, more_facts
from hmi.alarms.guidance import guidance_lines, steps
from hmi.alarms.words import time_text
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import clock_text, number_text
from hmi.widgets import column, hairline, label, wrapped

_NAMES: Final = 122
"""Width of the names of facts (px)."""


def fill_body(layout: QVBoxLayout, context: Context, row: AlarmRow, past: Past | None) -> None:
    """Add everything below the live value."""
    layout.addLayout(fact_grid(facts_of(context, row)))
    title, facts = aside_facts(context, row)
    if title:
        _add_section(layout, title).addLayout(fact_grid(facts))
    causes = cause_facts(context, row)
    if causes:
        layout.addWidget(hairline())
        layout.addLayout(fact_grid(causes))
    known = context.station.alarms.configured.get(row.name)
    for title, texts in _sections(row, known):
        if texts:
            _add_texts(_add_section(layout, title), texts)
    if row.name:
        _add_past(_add_section(layout, tr("Before")), context, past)
    more = more_facts(context, row)
    if more:
        layout.addWidget(hairline())
        layout.addLayout(fact_grid(more))


def fact_grid(facts: Sequence[Fact]) -> QGridLayout:
    """Return names at the left and words at the right."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnMinimumWidth(0, _NAMES)
    grid.setColumnStretch(1, 1)
    for at, (name, words) in enumerate(facts):
        grid.addWidget(label(name, "text2"), at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(wrapped(words), at, 1)
    return grid


def _sections(row: AlarmRow, known: Alarm | None) -> Iterator[tuple[str, Sequence[str]]]:
    definition = None if known is None else known.definition
    yield tr("Likely cause"), steps(tr(definition.causes)) if definition else ()
    yield tr("What to do"), steps(tr(row.action))
    yield tr("How to confirm"), steps(tr(definition.confirmation)) if definition else ()
    yield tr("Guidance"), guidance_lines(known) if known else ()
    yield tr("Procedure"), (definition.procedure,) if definition and definition.procedure else ()
    yield tr("Comment"), (row.note,) if row.note else ()


def _add_section(layout: QVBoxLayout, title: str) -> QVBoxLayout:
    layout.addWidget(hairline())
    section = column(spacing=6)
    section.addWidget(label(title, "strong"))
    layout.addLayout(section)
    return section


def _add_texts(layout: QVBoxLayout, texts: Sequence[str]) -> None:
    """Add one text as it is, several with numbers before them."""
    if len(texts) == 1:
        layout.addWidget(wrapped(texts[0]))
        return
    grid = QGridLayout()
    grid.setHorizontalSpacing(6)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for at, text in enumerate(texts):
        number = label(tr("{number}.").format(number=at + 1))
        grid.addWidget(number, at, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        grid.addWidget(wrapped(text), at, 1)
    layout.addLayout(grid)


def _add_past(layout: QVBoxLayout, context: Context, past: Past | None) -> None:
    if past is None:
        layout.addWidget(wrapped(tr("The journal is being read"), "text2"))
    elif past.problem:
        layout.addWidget(wrapped(past.problem, "text2"))
    else:
        layout.addWidget(wrapped(past_words(context, past)))
        if past.said is not None:
            layout.addWidget(wrapped(" ".join(filter(None, (f"“{past.said.words}”", past.said.user))), "text2"))


def past_words(context: Context, past: Past) -> str:
    """Return "2 times in 30 days. Last: 9 Nov, 22:14"."""
    if not past.count:
        return tr("Not in the last 30 days.")
    count = number_text(past.count, 0)
    once = tr("Once in 30 days.")
    times = tr("At least {count} times in 30 days.") if past.is_more else tr("{count} times in 30 days.")
    words = once if past.count == 1 and not past.is_more else times.format(count=count)
    if past.last_us is None:
        return words
    now_us = context.clock.wall_us()
    day, clock = time_text(context, past.last_us, now_us), clock_text(past.last_us, context.zone)
    last = clock if day == clock else f"{day}, {clock[:5]}"
    return tr("{words} Last: {time}").format(words=words, time=last)
