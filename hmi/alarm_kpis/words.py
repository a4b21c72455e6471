"""What the figures of the alarm system are called, and how they read. Pure, GUI thread."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from alarms.kpi.figures import Figure, FigureKey, Verdict
from alarms.kpi.report import AlarmReport
from hmi.history.words import duration_text
from hmi.i18n import tr
from hmi.numbers import DASH, local_time, number_text
from plant_models.alarm_philosophy import KpiTargets
from plant_models.message import Message, message

_TITLES: Final[dict[FigureKey, Message]] = {
    FigureKey.PER_DAY: message("Annunciated a day"),
    FigureKey.PER_HOUR: message("Annunciated an hour"),
    FigureKey.PER_10_MIN: message("Annunciated in 10 min"),
    FigureKey.PEAK_10_MIN: message("Most in 10 min"),
    FigureKey.BUSY_HOURS: message("Hours with more than {busy_hour}", busy_hour=30),
    FigureKey.BUSY_10_MIN: message("10 min with more than {flood_begins}", flood_begins=10),
    FigureKey.FLOOD_SHARE: message("Time in flood"),
    FigureKey.TOP_SHARE: message("Share of the ten most frequent"),
    FigureKey.CHATTERING: message("Chattering alarms"),
    FigureKey.FLEETING: message("Fleeting alarms"),
    FigureKey.STALE: message("Stale alarms on a day"),
    FigureKey.URGENT_SHARE: message("Share of priority 1"),
    FigureKey.HIGH_SHARE: message("Share of priority 2"),
    FigureKey.LOW_SHARE: message("Share of priorities 3 and 4"),
    FigureKey.URGENT_ANSWER: message("Priority 1: 95 % acknowledged within"),
    FigureKey.URGENT_LATE: message("Priority 1: later than 10 min or never"),
    FigureKey.UNANSWERED: message("Never acknowledged"),
    FigureKey.OVERDUE: message("Shelved or out of service, overdue"),
    FigureKey.REFUSED: message("Refused acts on alarms"),
}
GROUPS: Final[tuple[tuple[Message, tuple[FigureKey, ...]], ...]] = (
    (message("Rate"), (FigureKey.PER_DAY, FigureKey.PER_HOUR, FigureKey.PER_10_MIN, FigureKey.PEAK_10_MIN)),
    (message("Peaks"), (FigureKey.BUSY_HOURS, FigureKey.BUSY_10_MIN, FigureKey.FLOOD_SHARE)),
    (
        message("Single alarms"),
        (FigureKey.TOP_SHARE, FigureKey.CHATTERING, FigureKey.FLEETING, FigureKey.STALE),
    ),
    (message("Priorities"), (FigureKey.URGENT_SHARE, FigureKey.HIGH_SHARE, FigureKey.LOW_SHARE)),
    (
        message("Handling"),
        (
            FigureKey.URGENT_ANSWER,
            FigureKey.URGENT_LATE,
            FigureKey.UNANSWERED,
            FigureKey.OVERDUE,
            FigureKey.REFUSED,
        ),
    ),
)
VERDICTS: Final[dict[Verdict, Message]] = {
    Verdict.GOOD: message("Good"),
    Verdict.MANAGEABLE: message("Manageable"),
    Verdict.ACTION: message("Action needed"),
    Verdict.UNKNOWN: message("Not known"),
}
ASIDE_STATES: Final = {
    "SHLVD": message("Shelved"),
    "DSUPR": message("Suppressed"),
    "OOSRV": message("Out of service"),
}
_SHARES: Final = frozenset(
    {
        FigureKey.BUSY_HOURS, FigureKey.BUSY_10_MIN, FigureKey.FLOOD_SHARE, FigureKey.TOP_SHARE, FigureKey.URGENT_SHARE,
        FigureKey.HIGH_SHARE, FigureKey.LOW_SHARE, FigureKey.URGENT_LATE,
    }
)  # fmt: skip
_RATES: Final = frozenset({FigureKey.PER_DAY, FigureKey.PER_HOUR, FigureKey.PER_10_MIN})


def title_of(key: FigureKey, targets: KpiTargets) -> str:
    """Return what a figure is called, with the numbers of the site."""
    title = _TITLES[key]
    values = {name: getattr(targets, name) for name in title.values}
    return tr(Message(title.template, values))


def value_text(key: FigureKey, value: float | None) -> str:
    """Return a figure as it reads: a share in percent, a time with its unit, a dash for what isn't known."""
    if value is None:
        return DASH
    if key in _SHARES:
        return share_text(value)
    if key is FigureKey.URGENT_ANSWER:
        return wait_text(value)
    return number_text(value, 1 if key in _RATES and value < 100 else 0)


def wait_text(seconds: float) -> str:
    """Return how long something waited, short times finely: "68 s", "3.3 min", "45 min"."""
    minutes = seconds / 60.0
    if 2.0 <= minutes < 9.95:
        return tr("{minutes} min").format(minutes=number_text(minutes, 1).replace(".0", ""))
    return duration_text(seconds)


def share_text(share: float) -> str:
    """Return a share in percent, with a decimal where it is small."""
    percent = 100 * share
    decimals = 1 if 0 < percent < 10 else 0
    return f"{number_text(percent, decimals)}\u00a0%"


def target_text(figure: Figure) -> str:
    """Return what a figure ought to be: "≤ 150", "< 5", "≥ 80 %"."""
    bound = value_text(figure.key, figure.target)
    if figure.key in _SHARES | _RATES:
        bound = bound.replace(".0", "")
    sign = {FigureKey.STALE: "<", FigureKey.LOW_SHARE: "≥"}.get(figure.key, "≤")
    return bound if figure.target == 0 else f"{sign} {bound}"


def change_of(figure: Figure, before: Figure | None) -> int:
    """Return whether a figure is higher (1), lower (-1) or as high (0) as in the time before, as far as it reads."""
    if before is None or before.value is None or figure.value is None:
        return 0
    if value_text(figure.key, figure.value) == value_text(before.key, before.value):
        return 0
    return 1 if figure.value > before.value else -1


def summary(figures: Sequence[Figure]) -> str:
    """Return in one sentence how many figures need something done."""
    needed = sum(figure.verdict is Verdict.ACTION for figure in figures)
    unknown = sum(figure.verdict is Verdict.UNKNOWN for figure in figures)
    if needed:
        return tr("{count} of {all} figures need action").format(count=needed, all=len(figures))
    if unknown == len(figures):
        return tr("Nothing is known of this time")
    if unknown > len(figures) / 2:
        return tr("Too little is known of this time")
    return tr("No figure needs action")


def coverage_text(report: AlarmReport) -> str:
    """Return how much of the time is known, and what was lost of it; "" if all of it is."""
    parts = []
    if report.coverage < 0.9995:
        known = tr("The station ran {share} of this time; what isn't known is not called good.")
        parts.append(known.format(share=share_text(report.coverage)))
    if report.lost:
        parts.append(tr("Events were lost {count} times: there were more than are counted.").format(count=report.lost))
    return " ".join(parts)


def span_text(start_us: int, end_us: int, zone: tzinfo) -> str:
    """Return a span of time: "2026-11-01 00:00 to 2026-11-29 14:40"; on one day without the second date."""
    start, end = local_time(start_us, zone), local_time(end_us, zone)
    last = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
    return tr("{start} to {end}").format(start=f"{start:%Y-%m-%d %H:%M}", end=last)


def day_and_time(at_us: int, zone: tzinfo) -> str:
    """Return date and time of day to the minute."""
    return f"{local_time(at_us, zone):%Y-%m-%d %H:%M}"


def user_text(user: str) -> str:
    """Return who did it; a device where nobody is named."""
    return user or tr("the device")
