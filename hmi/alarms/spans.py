"""Lengths of time as people read and type them. Pure, any thread."""

import re
from typing import Final

from hmi.i18n import tr

_HOUR: Final = 60
_DAY: Final = 1440
_TYPED: Final = re.compile(r"(?:(\d{1,3}):([0-5]\d)|(\d{1,5}))")


def span_text(minutes: float) -> str:
    """Return "45 min", "8 h", "1 h 30 min", "1 day", "2 days 4 h"."""
    whole = round(minutes)
    days, hours, rest = whole // _DAY, whole % _DAY // _HOUR, whole % _HOUR
    parts = []
    if days:
        parts.append(tr("1 day") if days == 1 else tr("{count} days").format(count=days))
    if hours:
        parts.append(tr("{hours} h").format(hours=hours))
    if rest or not parts:
        parts.append(tr("{minutes} min").format(minutes=rest))
    return " ".join(parts)


def typed_minutes(text: str) -> float | None:
    """Return the minutes of "90" or "1:30"; None for what is neither, and for none at all."""
    match = _TYPED.fullmatch(text.strip())
    if match is None:
        return None
    minutes = int(match[3]) if match[3] else int(match[1]) * _HOUR + int(match[2])
    return float(minutes) or None
