"""Where the marks of a time axis stand and what they say: in the plant's zone, on days of 23 and 25 hours too. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from hmi.numbers import local_time

_SECOND_US: Final = 1_000_000
_QUARTER_US: Final = 900 * _SECOND_US
_DAY_S: Final = 86_400
_STEPS_S: Final = (
    *(1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10_800, 21_600, 43_200),
)
_DAYS: Final = (1, 2, 7, 14)
_MONTHS: Final = (1, 2, 3, 6)
_MONTH_S: Final = 31 * _DAY_S


@dataclass(frozen=True, slots=True)
class Mark:
    """A time (µs UTC) and its text; a mark where a day begins is a date, or a month."""

    at_us: int
    text: str
    is_day: bool = False


def time_marks(start_us: int, end_us: int, most: int, zone: tzinfo) -> tuple[Mark, ...]:
    """Return at most about `most` marks at round local times.

    Where clocks go back, an hour occurs twice: both have a mark, which then names its zone ("01:00 BST", "01:00 GMT").
    """
    wanted_s = (end_us - start_us) / _SECOND_US / max(1, most)
    step_s = next((step for step in _STEPS_S if step >= wanted_s), None)
    if step_s is None:
        return tuple(_days(start_us, end_us, wanted_s, zone))
    return tuple(_mark(at_us, step_s, zone) for at_us in _times(start_us, end_us, step_s, zone))


def cursor_text(at_us: int, span_us: int, zone: tzinfo) -> str:
    """Return the time of a cursor: with its date in a window of a day or more, with its zone where it occurs twice."""
    at = local_time(at_us, zone)
    text = f"{at:%H:%M:%S} {at.tzname()}" if is_twofold(at) else f"{at:%H:%M:%S}"
    return f"{at:%Y-%m-%d} {text}" if span_us >= _DAY_S * _SECOND_US else text


def is_twofold(at: datetime) -> bool:
    """Tell whether clocks show this local time, which must be a real one, twice."""
    return at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()


def _days(start_us: int, end_us: int, wanted_s: float, zone: tzinfo) -> Iterator[Mark]:
    """Yield the beginnings of days or months; a day that begins later than midnight, for want of it, does too."""
    days = next((days for days in _DAYS if days * _DAY_S >= wanted_s), 0)
    months = next((months for months in _MONTHS if months * _MONTH_S >= wanted_s), _MONTHS[-1])
    day, last = local_time(start_us, zone).date(), local_time(end_us, zone).date()
    while day <= last:
        if day.toordinal() % days == 0 if days else day.day == 1 and (day.month - 1) % months == 0:
            at_us = round(datetime.combine(day, time(), zone).timestamp()) * _SECOND_US
            if start_us <= at_us <= end_us:
                yield Mark(at_us, f"{day:%d.%m.}" if days else f"{day:%Y-%m}", is_day=True)
        day += timedelta(days=1)


def _times(start_us: int, end_us: int, step_s: int, zone: tzinfo) -> Iterator[int]:
    """Yield round times; offsets from UTC and their changes are multiples of a quarter of an hour."""
    every_us = min(step_s * _SECOND_US, _QUARTER_US)
    for at_us in range(-(-start_us // every_us) * every_us, end_us + 1, every_us):
        if step_s * _SECOND_US <= _QUARTER_US or _is_round(local_time(at_us, zone), step_s):
            yield at_us


def _is_round(at: datetime, step_s: int) -> bool:
    return (at.hour * 3600 + at.minute * 60 + at.second) % step_s == 0


def _mark(at_us: int, step_s: int, zone: tzinfo) -> Mark:
    at = local_time(at_us, zone)
    if at.hour == at.minute == at.second == 0:
        return Mark(at_us, f"{at:%Y-%m-%d}", is_day=True)
    text = f"{at:%H:%M:%S}" if step_s % 60 else f"{at:%H:%M}"
    return Mark(at_us, f"{text} {at.tzname()}" if is_twofold(at) else text)
