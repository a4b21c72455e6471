"""Where the marks of a time axis stand and what they say: in the plant's zone, on days of 23 and 25 hours too. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from hmi.numbers import local_time

_SECOND_US: Final = 1_000_000
_QUARTER_US: Final = 900 * _SECOND_US
_DAY_S: Final = 86_400
_STEPS_S: Final = (
    *(1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10_800, 21_600, 43_200),
    *(_DAY_S, 2 * _DAY_S, 7 * _DAY_S, 14 * _DAY_S, 30 * _DAY_S, 60 * _DAY_S),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A time (µs UTC) and its text; a mark at midnight is a date."""

    at_us: int
    text: str
    is_day: bool = False


def time_marks(start_us: int, end_us: int, most: int, zone: tzinfo) -> tuple[Mark, ...]:
    """Return at most about `most` marks at round local times.

    Where clocks go back, an hour occurs twice: both have a mark, which then names its zone ("01:00 BST", "01:00 GMT").
    """
    wanted_s = (end_us - start_us) / _SECOND_US / max(1, most)
    step_s = next((step for step in _STEPS_S if step >= wanted_s), _STEPS_S[-1])
    return tuple(_mark(at_us, step_s, zone) for at_us in _times(start_us, end_us, step_s, zone))


def is_twofold(at: datetime) -> bool:
    """Tell whether clocks show this local time, which must be a real one, twice."""
    return at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()


def _times(start_us: int, end_us: int, step_s: int, zone: tzinfo) -> Iterator[int]:
    """Yield round times; offsets from UTC and their changes are multiples of a quarter of an hour."""
    every_us = min(step_s * _SECOND_US, _QUARTER_US)
    for at_us in range(-(-start_us // every_us) * every_us, end_us + 1, every_us):
        if step_s * _SECOND_US <= _QUARTER_US or _is_round(local_time(at_us, zone), step_s):
            yield at_us


def _is_round(at: datetime, step_s: int) -> bool:
    second = at.hour * 3600 + at.minute * 60 + at.second
    if step_s < _DAY_S:
        return second % step_s == 0
    return second == 0 and at.toordinal() % (step_s // _DAY_S) == 0


def _mark(at_us: int, step_s: int, zone: tzinfo) -> Mark:
    at = local_time(at_us, zone)
    if at.hour == at.minute == at.second == 0:
        return Mark(at_us, f"{at:%d.%m.}" if step_s >= _DAY_S else f"{at:%Y-%m-%d}", is_day=True)
    text = f"{at:%H:%M:%S}" if step_s % 60 else f"{at:%H:%M}"
    return Mark(at_us, f"{text} {at.tzname()}" if is_twofold(at) else text)
