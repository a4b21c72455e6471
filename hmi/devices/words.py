"""The figures of a device as people read them. Pure; GUI thread."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from drivers.health import DeviceHealth, ExceptionCount, LinkState
from hmi.i18n import tr
from hmi.numbers import DASH, MINUS, number_text
from plant_models.message import message
from plant_models.source_time import TRUST_US

ICONS: Final = {
    LinkState.CONNECTED: "check",
    LinkState.CONNECTING: "clock",
    LinkState.DOWN: "warning",
    LinkState.DISABLED: "minus",
}
_SENTENCES: Final = {
    LinkState.CONNECTING: message("Connecting since {time}. Nothing can be read or commanded yet."),
    LinkState.CONNECTED: message("Connected since {time}."),
    LinkState.DOWN: message("No connection since {time}. Nothing new can be read or commanded."),
    LinkState.DISABLED: message("Out of service since {time}. Nothing is asked of it."),
}
_SHORT_MS: Final = 10
_WINDOW_NS: Final = 10_000_000_000
_MINUTE_S: Final = 60
_HOUR_S: Final = 3600
_LONG: Final = 120
_THOUSAND: Final = 1000
_BUSY: Final = 0.25
_BYTE_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


def state_sentence(state: LinkState, time: str) -> str:
    """Return what the state means for who looks at the values, and since when."""
    return tr(_SENTENCES[state]).format(time=time)


def waits_for_device(health: DeviceHealth) -> bool:
    """Tell whether a good part of the time goes by waiting for a device: then it's the device that is slow, else we."""
    rate, round_trip_ms = health.requests_per_s, health.round_trip_p50_ms
    is_connected = health.state is LinkState.CONNECTED and rate is not None and round_trip_ms is not None
    return is_connected and rate * round_trip_ms / 1000 >= _BUSY


def slow_sentence(skipped: int) -> str:
    """Return that a device answers too slowly, "" if no scan was skipped of late."""
    return (
        tr("Slow: {count} scans were skipped in the last 10 s.").format(count=number_text(skipped, 0))
        if skipped
        else ""
    )


def milliseconds(time_ms: float | None) -> str:
    """Return a duration, a dash for none."""
    return DASH if time_ms is None else f"{number_text(time_ms, 1 if time_ms < _SHORT_MS else 0)}\u00a0ms"


def rate_text(per_s: float | None) -> str:
    """Return a rate with one decimal, a dash for none."""
    return DASH if per_s is None else number_text(per_s, 1)


def bytes_text(count: int) -> str:
    """Return a number of bytes in the decimal unit in which it reads best: 812 B, 1.2 MB."""
    value, at = float(count), 0
    while value >= _THOUSAND and at < len(_BYTE_UNITS) - 1:
        value, at = value / _THOUSAND, at + 1
    return f"{number_text(value, 1 if at else 0)}\u00a0{_BYTE_UNITS[at]}"


def skew_text(skew_s: float | None) -> str:
    """Return how far a clock is ahead (+) or behind (−) in a few characters, a dash where nobody knows."""
    if skew_s is None:
        return DASH
    amount = _duration(abs(skew_s))
    return f"{'+' if skew_s > 0 else MINUS}{amount}" if round(abs(skew_s), 1) else amount


def clock_sentence(health: DeviceHealth) -> str:
    """Return by how much a device's clock is wrong and what that means, "" for one that can be overlooked."""
    skew_s = health.clock_skew_s
    if skew_s is None or not health.is_clock_wrong:
        return ""
    if health.clock_name:
        ahead, behind = tr("The clock of {name} is {time} ahead."), tr("The clock of {name} is {time} behind.")
    else:
        ahead, behind = tr("The device's clock is {time} ahead."), tr("The device's clock is {time} behind.")
    words = (ahead if skew_s > 0 else behind).format(time=_duration(abs(skew_s)), name=health.clock_name)
    is_believed = abs(skew_s) * 1e6 <= TRUST_US
    return words if is_believed else f"{words} {tr('Its times are replaced by those of the station.')}"


def exceptions_text(exceptions: Sequence[ExceptionCount]) -> str:
    """Return each kind of refusal and how often it came, the most frequent first; "" for none."""
    ordered = sorted(exceptions, key=lambda each: -each.count)
    return " · ".join(f"{tr(each.words) or each.code}: {number_text(each.count, 0)}" for each in ordered)


class Growth:
    """How much a count has grown in the last ten seconds that were watched."""

    def __init__(self) -> None:
        self._seen: deque[tuple[int, int]] = deque()

    def see(self, at_ns: int, count: int) -> int:
        """Note the count of now; return the growth."""
        self._seen.append((at_ns, count))
        while at_ns - self._seen[0][0] > _WINDOW_NS:
            self._seen.popleft()
        return count - self._seen[0][1]


def _duration(seconds: float) -> str:
    if seconds < _LONG:
        return f"{number_text(seconds, 1 if seconds < _SHORT_MS else 0)}\u00a0s"
    if seconds < _LONG * _MINUTE_S:
        return f"{number_text(seconds / _MINUTE_S, 0)}\u00a0min"
    return f"{number_text(seconds / _HOUR_S, 0)}\u00a0h"
