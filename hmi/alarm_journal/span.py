"""The time that the journal shows: from when to when, each fixed or counted back from now. Pure, any thread."""

import re
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from hmi.i18n import tr
from hmi.trends.range_sheet import time_of
from plant_models.message import Message, message

_MIN_US: Final = 60_000_000
_HOUR_US: Final = 60 * _MIN_US
_DAY_US: Final = 24 * _HOUR_US
_UNITS: Final = {"s": 1_000_000, "min": _MIN_US, "h": _HOUR_US, "d": _DAY_US, "w": 7 * _DAY_US}
_BACK: Final = re.compile(r"[-−]\s*(\d+(?:[.,]\d+)?)\s*(s|min|h|d|w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in µs UTC, or so long before now."""

    us: int
    is_back: bool = False

    def at(self, now_us: int) -> int:
        return now_us - self.us if self.is_back else self.us


NOW: Final = Moment(0, is_back=True)


@dataclass(frozen=True, slots=True)
class Span:
    """`start` None is the beginning of the journal; an `end` of now leaves room for what is still to come."""

    start: Moment | None
    end: Moment = NOW

    def start_us(self, now_us: int) -> int | None:
        return None if self.start is None else self.start.at(now_us)

    def end_us(self, now_us: int) -> int | None:
        return None if self.end == NOW else self.end.at(now_us)

    def holds(self, at_us: int, now_us: int) -> bool:
        """Tell whether a time lies in it."""
        start, end = self.start_us(now_us), self.end_us(now_us)
        return (start is None or start <= at_us) and (end is None or at_us < end)


ALL: Final = Span(None)
PRESETS: Final[tuple[tuple[Span, Message], ...]] = (
    (Span(Moment(8 * _HOUR_US, is_back=True)), message("8 h")),
    (Span(Moment(_DAY_US, is_back=True)), message("24 h")),
    (Span(Moment(7 * _DAY_US, is_back=True)), message("7 d")),
    (Span(Moment(30 * _DAY_US, is_back=True)), message("30 d")),
    (ALL, message("All")),
)
"""The first is what a person finds: a shift."""


def moment_of(text: str, zone: tzinfo) -> Moment | None:
    """Return a typed time, "2026-11-22 06:00", "-12 h" or "now"; None if it can't be read."""
    typed = text.strip()
    if typed.casefold() in ("now", tr("now").casefold()):
        return NOW
    if (back := _BACK.fullmatch(typed)) is not None:
        return Moment(round(float(back[1].replace(",", ".")) * _UNITS[back[2].lower()]), is_back=True)
    at_us = time_of(typed, zone)
    return None if at_us is None else Moment(at_us)
