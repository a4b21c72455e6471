"""Bad actors: the alarms that make most of the load, those that chatter, and those that nobody could act on. Pure."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alarms.kpi.columns import Columns, Indices
from alarms.kpi.rows import KpiRow
from plant_models.alarm_philosophy import KpiTargets

TOP: Final = 10
CONDENSED_S: Final = 60.0
"""What one row stands for happened within this time (`alarms/condensing.py`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadActor:
    """One alarm and how often it did what it is listed for; `share` is that of all annunciations.

    `worst` is the most activations within the time in which an alarm chatters, and `shortest_s` the shortest life of a
    fleeting one; 0 in other lists. `proposal` says in words which setting would make it better, "" if that isn't known.
    """

    alarm: str
    tag: str
    text: str
    area: str
    priority: int
    count: int
    last_us: int
    share: float = 0.0
    worst: int = 0
    shortest_s: float = 0.0
    proposal: str = ""


def top_ten(columns: Columns) -> tuple[BadActor, ...]:
    """Return the alarms that were annunciated most often, the most frequent first."""
    of_alarm = columns.alarm[columns.calls]
    counts = np.bincount(of_alarm, minlength=len(columns.names))
    order = [at for at in np.argsort(-counts, kind="stable")[:TOP].tolist() if counts[at]]
    last = _last(columns, columns.calls)
    total = len(columns.calls)
    return tuple(_actor(columns.rows[last[at]], int(counts[at]), share=int(counts[at]) / total) for at in order)


def chattering(columns: Columns, targets: KpiTargets) -> tuple[BadActor, ...]:
    """Return the alarms that came `chatter_count` times within `chatter_s`, the end included, the worst first.

    `count` are the activations that lie in such a time.
    """
    raised = columns.raised
    raised = raised[np.argsort(columns.alarm[raised], kind="stable")]
    reach = targets.chatter_count - 1
    if len(raised) <= reach:
        return ()
    is_one_alarm = columns.alarm[raised[reach:]] == columns.alarm[raised[:-reach]]
    is_close = columns.seconds(raised[:-reach], raised[reach:]) <= targets.chatter_s
    begins = np.flatnonzero(is_one_alarm & is_close)
    if not len(begins):
        return ()
    is_in = np.zeros(len(raised), np.bool_)
    for step in range(reach + 1):
        is_in[begins + step] = True
    counts = np.bincount(columns.alarm[raised[is_in]], minlength=len(columns.names))
    last = _last(columns, raised[is_in])
    edges = np.searchsorted(columns.alarm[raised], np.arange(len(columns.names) + 1)).tolist()
    found = [
        _actor(
            columns.rows[last[at]],
            int(counts[at]),
            worst=_worst(columns, raised[edges[at] : edges[at + 1]], targets.chatter_s),
        )
        for at in np.flatnonzero(counts).tolist()
    ]
    return tuple(sorted(found, key=lambda each: (-each.count, each.alarm)))


def fleeting(columns: Columns, targets: KpiTargets) -> tuple[BadActor, ...]:
    """Return the alarms that were annunciated and over within less than `fleeting_s`, the most frequent first."""
    turns = np.flatnonzero(columns.comes | columns.goes)
    turns = turns[np.argsort(columns.alarm[turns], kind="stable")]
    came, went = turns[:-1], turns[1:]
    is_pair = columns.comes[came] & columns.goes[went] & (columns.alarm[came] == columns.alarm[went])
    is_pair &= np.isin(came, columns.calls) & (columns.condensed[went] == 0)
    came, went = came[is_pair], went[is_pair]
    lives = columns.seconds(came, went)
    is_short = lives < targets.fleeting_s
    many, many_lives = _condensed_returns(columns)
    came, lives = np.concatenate((came[is_short], many)), np.concatenate((lives[is_short], many_lives))
    counts = np.bincount(columns.alarm[came], minlength=len(columns.names))
    shortest = np.full(len(columns.names), np.inf)
    np.minimum.at(shortest, columns.alarm[came], lives)
    last = _last(columns, came)
    found = [
        _actor(columns.rows[last[at]], int(counts[at]), shortest_s=float(shortest[at]))
        for at in np.flatnonzero(counts).tolist()
    ]
    return tuple(sorted(found, key=lambda each: (-each.count, each.alarm)))


def _condensed_returns(columns: Columns) -> tuple[Indices, NDArray[np.float64]]:
    """Return the returns that stand in rows for many, and how long such an alarm lived at most on average.

    All of them lie within a minute, and the alarm was gone for about as long as it stood.
    """
    rows = np.unique(columns.calls[columns.condensed[columns.calls] > 0])
    returns = (columns.condensed[rows] + columns.goes[rows]) // 2
    return np.repeat(rows, returns), np.repeat(CONDENSED_S / columns.condensed[rows], returns)


def _worst(columns: Columns, mine: Indices, within_s: float) -> int:
    """Return the most activations of one alarm within so many seconds."""
    gaps = columns.seconds(mine[:-1], mine[1:])
    at_s: NDArray[np.float64] = np.concatenate(([0.0], np.cumsum(gaps)))
    return int((np.searchsorted(at_s, at_s + within_s, side="right") - np.arange(len(mine))).max())


def _last(columns: Columns, chosen: Indices) -> dict[int, int]:
    """Return the last of the chosen rows of each alarm."""
    return dict(zip(columns.alarm[chosen].tolist(), chosen.tolist(), strict=True))


def _actor(row: KpiRow, count: int, share: float = 0.0, worst: int = 0, shortest_s: float = 0.0) -> BadActor:
    return BadActor(
        alarm=row.alarm,
        tag=row.tag,
        text=row.text,
        area=row.area,
        priority=row.priority,
        count=count,
        last_us=row.time_us,
        share=share,
        worst=worst,
        shortest_s=shortest_s,
    )
