"""The figures that a report is judged by: value, target and verdict. Immutable, any thread.

What wasn't recorded can't make a figure better: where too much of a window isn't known, nothing is called good, and
only what is too much even if nothing happened in the rest is said to be so.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ENOUGH: Final = 0.9
"""The share of a window that must be known before anything in it is called good."""


class Verdict(StrEnum):
    """What a figure means."""

    GOOD = "good"
    MANAGEABLE = "manageable"
    ACTION = "action"
    UNKNOWN = "unknown"


class FigureKey(StrEnum):
    """Which figure it is. Shares are from 0 to 1, times in seconds, all else are counts."""

    PER_DAY = "per day"
    PER_HOUR = "per hour"
    PER_10_MIN = "per 10 min"
    BUSY_HOURS = "busy hours"
    BUSY_10_MIN = "busy 10 min"
    PEAK_10_MIN = "peak 10 min"
    FLOOD_SHARE = "flood share"
    TOP_SHARE = "top share"
    CHATTERING = "chattering"
    FLEETING = "fleeting"
    STALE = "stale"
    URGENT_SHARE = "urgent share"
    HIGH_SHARE = "high share"
    LOW_SHARE = "low share"
    URGENT_ANSWER = "urgent answer"
    URGENT_LATE = "urgent late"
    UNANSWERED = "unanswered"
    OVERDUE = "overdue"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is None where nothing is known. Up to `target` it is good, up to `most` it can be managed.

    For `LOW_SHARE` both are the least that it may be; `STALE` must be below its target.
    """

    key: FigureKey
    value: float | None
    target: float
    most: float
    verdict: Verdict


def less_is_better(
    key: FigureKey, value: float | None, bounds: tuple[float, float], is_enough: bool = True, least: float | None = None
) -> Figure:
    """Judge a figure by target and most. `least` is what it is if nothing happened in the time that isn't known."""
    target, most = bounds
    if value is None:
        return Figure(key, None, target, most, Verdict.UNKNOWN)
    if not is_enough:
        known = value if least is None else least
        return Figure(key, value, target, most, Verdict.ACTION if known > most else Verdict.UNKNOWN)
    verdict = Verdict.GOOD if value <= target else Verdict.MANAGEABLE if value <= most else Verdict.ACTION
    return Figure(key, value, target, most, verdict)


def more_is_better(key: FigureKey, value: float | None, bounds: tuple[float, float]) -> Figure:
    """Judge a figure that must reach its target."""
    target, most = bounds
    if value is None:
        return Figure(key, None, target, most, Verdict.UNKNOWN)
    verdict = Verdict.GOOD if value >= target else Verdict.MANAGEABLE if value >= most else Verdict.ACTION
    return Figure(key, value, target, most, verdict)
