"""The figures of a device as people read them. Pure; GUI thread."""

from collections import deque
from typing import Final

from drivers.health import DeviceHealth, LinkState
from hmi.i18n import tr
from hmi.numbers import DASH, number_text
from plant_models.message import message

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
_LEAST_NS: Final = 1_000_000_000


def state_sentence(state: LinkState, time: str) -> str:
    """Return what the state means for who looks at the values, and since when."""
    return tr(_SENTENCES[state]).format(time=time)


def milliseconds(time_ms: float | None) -> str:
    """Return a duration, a dash for none."""
    return DASH if time_ms is None else f"{number_text(time_ms, 1 if time_ms < _SHORT_MS else 0)}\u00a0ms"


class Rate:
    """How many requests a second a device has had in the last ten seconds that were watched."""

    def __init__(self) -> None:
        self._seen: deque[tuple[int, int]] = deque()

    def see(self, at_ns: int, health: DeviceHealth) -> None:
        """Note how many requests there have been by now."""
        self._seen.append((at_ns, health.requests))
        while at_ns - self._seen[0][0] > _WINDOW_NS:
            self._seen.popleft()

    @property
    def words(self) -> str:
        """The rate; a dash until a second has been watched."""
        if not self._seen:
            return DASH
        (first_ns, first), (last_ns, last) = self._seen[0], self._seen[-1]
        if last_ns - first_ns < _LEAST_NS:
            return DASH
        return number_text((last - first) * 1e9 / (last_ns - first_ns), 1)
