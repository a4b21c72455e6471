"""Lengths of time in words. Pure, any thread."""

from plant_models.message import Message, message

_MINUTE_S, _HOUR_S, _DAY_S = 60.0, 3_600.0, 86_400.0


def length_words(seconds: float) -> Message:
    """Return a length of time in the unit in which it reads best: "12 s", "5 min", "7 h", "30 days"."""
    if seconds < 2 * _MINUTE_S:
        return message("{n:.0f} s", n=seconds)
    if seconds < 2 * _HOUR_S:
        return message("{n:.0f} min", n=seconds / _MINUTE_S)
    if seconds < 2 * _DAY_S:
        return message("{n:.0f} h", n=seconds / _HOUR_S)
    return message("{n:.0f} days", n=seconds / _DAY_S)
