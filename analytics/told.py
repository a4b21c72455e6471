"""What the journal's rows say of one alarm: when it was active, and how its condition ran before the delays. Pure.

Any thread. An alarm that was raised has held for its on-delay before, one that was cleared has been clear for its
off-delay: so the runs of the condition are known, but for those shorter than the delays of that day. That nobody knew
at a start how an alarm stood ended nothing (`alarms/recalling.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from alarms.book import CONFIG
from alarms.config_words import is_about_condition
from alarms.ending import REMOVED
from alarms.journal_thread import LOST
from alarms.kpi.window import within
from alarms.past_row import PastRow
from alarms.recalling import RECALL, UNREAD
from alarms.states import AlarmEvent
from analytics.activations import Activations
from analytics.alarm_past import AlarmPast
from analytics.coverage import Coverage
from analytics.pages import Span
from analytics.replay import Seen
from analytics.runs import Runs
from plant_models.alarm_definition import AlarmDefinition
from plant_models.message import message

MOST_EVENTS: Final = 300_000
"""How often an alarm may have come and gone to be told of: three seconds of a worker, and 100 MB."""
_JUDGED: Final = (AlarmEvent.ALM, AlarmEvent.RTN, RECALL, REMOVED)
"""The events that tell for themselves whether an alarm is active; after UNREAD others only repeat what wasn't known."""


@dataclass(frozen=True, slots=True)
class Told:
    """`seen` is what the present setting saw, and did. `n_condensed` of its activations stand in rows for many.

    `n_lost` rows of the journal say that events could not be kept.
    """

    seen: Seen
    coverage: Coverage
    n_condensed: int = 0
    n_lost: int = 0


@dataclass(frozen=True, slots=True)
class _Turn:
    at_us: int
    is_active: bool
    is_condensed: bool = False


def told_of(past: AlarmPast, present: AlarmDefinition, span: Span, wider: Span) -> Told:
    """Return what the journal tells of an alarm in a span; runs reach back to `wider`.

    What was before its setting was changed, or while the station didn't run, isn't known.

    Raises:
        ValueError: it came and went too often; the words are for people.
    """
    rows = [row for row in past.rows if row.alarm]
    if sum(row.condensed or 1 for row in rows) > MOST_EVENTS:
        words = message(
            "{alarm} did more than {n} things in this time, too many to go through; mend what makes it chatter, or ask "
            "for a shorter time",
            alarm=rows[0].alarm,
            n=MOST_EVENTS,
        )
        raise ValueError(words)
    since_us = max((row.time_us for row in rows if _is_cut(row)), default=wider.start_us)
    turns = list(_turns(rows))
    known = within(past.known, max(since_us, wider.start_us), wider.end_us)
    inside = within(known, span.start_us, span.end_us)
    usable_us = sum(end - start for start, end in inside)
    whole_us = span.end_us - span.start_us
    counted = [turn for turn in turns if turn.is_condensed and turn.is_active and turn.at_us >= span.start_us]
    runs = _runs(turns, present, known)
    activations = _activations(turns, Span(max(since_us, span.start_us), span.end_us))
    return Told(
        Seen(present, span, float("nan"), runs, activations),
        Coverage(usable_us, 0, whole_us - usable_us, inside[0][0] if inside else None),
        len(counted),
        sum(row.event == LOST and row.time_us >= span.start_us for row in past.rows),
    )


def _is_cut(row: PastRow) -> bool:
    """Whether what was before a row came of another setting, or of none."""
    return row.event == REMOVED or (row.event == CONFIG and is_about_condition(row.comment))


def _turns(rows: list[PastRow]) -> Iterator[_Turn]:
    """Yield when the alarm was raised and cleared, in turn; those of a row for many evenly spread before it."""
    is_active, is_known, now_us = False, True, 0
    for row in rows:
        since_us, now_us = now_us, max(now_us, row.time_us)
        is_known = row.event in _JUDGED or (is_known and row.event != UNREAD)
        if not is_known:
            continue
        n = row.condensed or 1
        for number in range(1, n + 1):
            is_next = row.is_active ^ bool((n - number) % 2)
            if is_next != is_active:
                is_active = is_next
                yield _Turn(since_us + (now_us - since_us) * number // n, is_next, n > 1)


def _activations(turns: list[_Turn], span: Span) -> Activations:
    """Return when the alarm was active in a span."""
    ends = [*(turn.at_us for turn in turns[1::2]), span.end_us]
    pairs = [(turn.at_us, end_us) for turn, end_us in zip(turns[::2], ends, strict=False)]
    inside = [
        (max(start_us, span.start_us), min(end_us, span.end_us))
        for start_us, end_us in pairs
        if start_us < span.end_us and end_us > span.start_us
    ]
    columns = np.array(inside, np.int64).reshape(-1, 2)
    is_open = bool(inside) and inside[-1][1] == span.end_us
    return Activations(columns[:, 0], columns[:, 1], np.full(len(inside), np.nan), is_open)


def _runs(turns: list[_Turn], present: AlarmDefinition, known: tuple[tuple[int, int], ...]) -> Runs:
    rows = [run for span in known for run in _runs_of(turns, present, Span(*span))]
    columns = np.array(rows, np.int64).reshape(-1, 3)
    return Runs(columns[:, 0] == 1, columns[:, 1], columns[:, 2], np.full(len(rows), np.nan))


def _runs_of(turns: list[_Turn], present: AlarmDefinition, known: Span) -> Iterator[tuple[bool, int, int]]:
    """Yield how the condition ran while the station did: whether it held, from when, until when."""
    delays_us = round(present.off_delay_s * 1e6), round(present.on_delay_s * 1e6)
    begins: list[tuple[bool, int]] = [(False, known.start_us)]
    earliest_us = known.start_us
    for turn in turns:
        if turn.at_us <= known.start_us:
            begins = [(turn.is_active, known.start_us)]
        elif turn.at_us < known.end_us:
            begins.append((turn.is_active, max(turn.at_us - delays_us[turn.is_active], earliest_us)))
            earliest_us = turn.at_us
    for (holds, start_us), (_, end_us) in pairwise([*begins, (False, known.end_us)]):
        yield holds, start_us, end_us
