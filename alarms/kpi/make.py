"""From rows of the journal to a report. Pure; runs on a worker that may take its time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from alarms.kpi.actors import BadActor, chattering, fleeting, top_ten
from alarms.kpi.answers import Answers, answers
from alarms.kpi.columns import Columns, columns_of
from alarms.kpi.figures import ENOUGH, Figure, FigureKey, less_is_better, more_is_better
from alarms.kpi.floods import Flood, floods
from alarms.kpi.report import AlarmReport, AlarmReportQuery, DayLoad
from alarms.kpi.rows import KpiRow
from alarms.kpi.standing import Aside, Stood, aside, stale, stale_by_day, stood
from alarms.kpi.window import DAY_S, HOUR_US, PERIOD_US, Window
from alarms.snapshot import PRIORITIES
from alarms.states import AlarmEvent
from plant_models.alarm_philosophy import KpiTargets

LOST: Final = "LOST"
FEW: Final = 100
"""With fewer annunciations neither their mix nor the share of ten alarms says anything."""
PEAK_MOST: Final = 100.0
"""More in ten minutes is excessive even in an upset (EEMUA 191)."""
BUSY_MOST: Final = 0.05
TOP_MOST: Final = 0.2
_SHARES: Final = {FigureKey.URGENT_SHARE: (0.05, 0.1), FigureKey.HIGH_SHARE: (0.15, 0.3)}
_LOW: Final = (0.8, 0.6)
"""Of 100 annunciations about 5 are urgent, 15 high and 80 low; up to twice as many of the upper two can be managed."""
_ANSWER_MOST_S: Final = 600.0
_SHELVE: Final = AlarmEvent.SHELVE.value


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the figures are made from."""

    columns: Columns
    window: Window
    targets: KpiTargets
    hours: tuple[int, ...]
    periods: tuple[int, ...]
    stood: tuple[Stood, ...]
    days: tuple[DayLoad, ...]
    by_priority: dict[int, int]
    floods: tuple[Flood, ...]
    top: tuple[BadActor, ...]
    chattering: tuple[BadActor, ...]
    fleeting: tuple[BadActor, ...]
    aside: tuple[Aside, ...]
    answers: tuple[Answers, ...]


def make_report(
    query: AlarmReportQuery, rows: Sequence[KpiRow], window: Window, targets: KpiTargets, refused: int | None = None
) -> AlarmReport:
    """Return the report of a window over the rows of one position, in the order of the journal.

    Rows from before the window say what stood at its start; those after it are left out.
    """
    rows = _until(rows, window.end_us)
    columns = columns_of(rows, window)
    parts = _parts(columns, window, targets)
    times = columns.time_us
    in_window = [rows[at] for at in np.flatnonzero(window.has(times)).tolist()]
    return AlarmReport(
        query=query,
        coverage=window.coverage,
        known=window.known,
        lost=sum(row.event == LOST for row in in_window),
        annunciated=len(columns.calls),
        figures=tuple(_figures(parts, refused)),
        days=parts.days,
        per_10_min=parts.periods,
        by_priority=parts.by_priority,
        floods=parts.floods,
        top=parts.top,
        chattering=parts.chattering,
        fleeting=parts.fleeting,
        stale=stale(parts.stood, window, targets),
        aside=parts.aside,
        answers=parts.answers,
        shelvings=sum(row.event == _SHELVE for row in in_window),
        refused=refused,
    )


def _until(rows: Sequence[KpiRow], end_us: int) -> Sequence[KpiRow]:
    """Leave out what was written after the last row of the window; a clock that was set back keeps its order."""
    last = next((at for at in range(len(rows) - 1, -1, -1) if rows[at].time_us < end_us), -1)
    return rows[: last + 1]


def _parts(columns: Columns, window: Window, targets: KpiTargets) -> _Parts:
    times = columns.time_us[columns.calls]
    stays = stood(columns.rows)
    priorities = [columns.rows[at].priority for at in columns.calls.tolist()]
    return _Parts(
        columns=columns,
        window=window,
        targets=targets,
        hours=tuple(window.counts(times, HOUR_US).tolist()),
        periods=tuple(window.counts(times, PERIOD_US).tolist()),
        stood=stays,
        days=_days(columns, stays, window, targets),
        by_priority={priority: priorities.count(priority) for priority in PRIORITIES},
        floods=floods(columns, window, targets),
        top=top_ten(columns),
        chattering=chattering(columns, targets),
        fleeting=fleeting(columns, targets),
        aside=aside(columns.rows, window),
        answers=answers(columns, window),
    )


def _days(columns: Columns, stays: tuple[Stood, ...], window: Window, targets: KpiTargets) -> tuple[DayLoad, ...]:
    starts = window.day_starts()
    times = np.sort(columns.time_us[columns.calls])
    counts = np.diff(np.searchsorted(times, starts))
    stale_counts = stale_by_day(stays, window, targets)
    edges = starts.tolist()
    return tuple(
        DayLoad(start, end, count, old, window.known_of(start, end))
        for start, end, count, old in zip(edges[:-1], edges[1:], counts.tolist(), stale_counts, strict=True)
    )


def _figures(parts: _Parts, refused: int | None) -> Iterator[Figure]:
    yield from _rates(parts)
    yield from _shares_of_time(parts)
    yield from _of_alarms(parts)
    yield from _mix(parts)
    yield from _of_people(parts, refused)


def _rates(parts: _Parts) -> Iterator[Figure]:
    window, targets = parts.window, parts.targets
    count = len(parts.columns.calls)
    per_10_min = targets.per_10_min, targets.per_10_min_max
    per_hour = 6 * targets.per_10_min, 6 * targets.per_10_min_max
    per_day = targets.per_day, targets.per_day_max
    seconds = (window.end_us - window.start_us) / 1e6
    for key, step_s, bounds in (
        (FigureKey.PER_DAY, DAY_S, per_day),
        (FigureKey.PER_HOUR, HOUR_US / 1e6, per_hour),
        (FigureKey.PER_10_MIN, PERIOD_US / 1e6, per_10_min),
    ):
        is_long = window.known_s >= max(step_s / 24, PERIOD_US / 1e6)  # a day of one minute says nothing
        value = count * step_s / window.known_s if window.known and is_long else None
        yield less_is_better(key, value, bounds, _is_enough(window), count * step_s / seconds)


def _shares_of_time(parts: _Parts) -> Iterator[Figure]:
    window, targets = parts.window, parts.targets
    is_enough = _is_enough(window)
    hours = sum(count > targets.busy_hour for count in parts.hours)
    periods = sum(count > targets.flood_begins for count in parts.periods)
    flood_s = sum(flood.end_us - flood.start_us for flood in parts.floods) / 1e6
    most = targets.share_max
    for key, busy_s, bounds in (
        (FigureKey.BUSY_HOURS, hours * HOUR_US / 1e6, (most, most)),
        (FigureKey.BUSY_10_MIN, periods * PERIOD_US / 1e6, (most, BUSY_MOST)),
        (FigureKey.FLOOD_SHARE, flood_s, (most, most)),
    ):
        value = min(1.0, busy_s / window.known_s) if window.known else None
        least = busy_s * 1e6 / (window.end_us - window.start_us)
        yield less_is_better(key, value, bounds, is_enough, least)
    peak = float(max(parts.periods)) if window.known else None
    yield less_is_better(FigureKey.PEAK_10_MIN, peak, (float(targets.flood_begins), PEAK_MOST), is_enough)


def _of_alarms(parts: _Parts) -> Iterator[Figure]:
    window, targets = parts.window, parts.targets
    is_enough = _is_enough(window)
    is_many = len(parts.columns.calls) >= FEW
    share = sum(actor.share for actor in parts.top) if is_many else None
    yield less_is_better(FigureKey.TOP_SHARE, share, (targets.top_share_max, max(TOP_MOST, targets.top_share_max)))
    none = 0.0, 0.0
    for key, actors in ((FigureKey.CHATTERING, parts.chattering), (FigureKey.FLEETING, parts.fleeting)):
        yield less_is_better(key, float(len(actors)) if window.known else None, none, is_enough)
    old = float(max(day.stale for day in parts.days)) if window.known else None
    figure = less_is_better(FigureKey.STALE, old, (targets.stale_max - 1.0, targets.stale_max - 1.0), is_enough)
    yield Figure(figure.key, figure.value, float(targets.stale_max), float(targets.stale_max), figure.verdict)


def _mix(parts: _Parts) -> Iterator[Figure]:
    count = len(parts.columns.calls)
    shares = {key: number / count if count >= FEW else None for key, number in parts.by_priority.items()}
    yield less_is_better(FigureKey.URGENT_SHARE, shares[1], _SHARES[FigureKey.URGENT_SHARE])
    yield less_is_better(FigureKey.HIGH_SHARE, shares[2], _SHARES[FigureKey.HIGH_SHARE])
    low = None if shares[3] is None or shares[4] is None else shares[3] + shares[4]
    yield more_is_better(FigureKey.LOW_SHARE, low, _LOW)


def _of_people(parts: _Parts, refused: int | None) -> Iterator[Figure]:
    urgent = parts.answers[0]
    target_s = parts.targets.urgent_ack_min * 60.0
    yield less_is_better(FigureKey.URGENT_ANSWER, urgent.most_s, (target_s, max(target_s, _ANSWER_MOST_S)))
    yield less_is_better(FigureKey.URGENT_LATE, urgent.late_share, (0.0, 0.0))
    is_enough, is_known = _is_enough(parts.window), bool(parts.window.known)
    never = float(sum(each.never for each in parts.answers)) if is_known else None
    yield less_is_better(FigureKey.UNANSWERED, never, (0.0, 0.0), is_enough)
    overdue = float(sum(each.is_overdue for each in parts.aside)) if is_known else None
    yield less_is_better(FigureKey.OVERDUE, overdue, (0.0, 0.0))
    denied = None if refused is None or not is_known else float(refused)
    yield less_is_better(FigureKey.REFUSED, denied, (0.0, 0.0), is_enough)


def _is_enough(window: Window) -> bool:
    return window.coverage >= ENOUGH
