"""Which devices don't answer, which needn't, and which haven't had the time to. Station thread.

A new connection is no answer yet: a device that was lost stays lost until it is connected, however often its driver is
started anew meanwhile. One that is being connected to for too long counts as lost as well.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from drivers.health import DeviceHealth, LinkState

LONGEST_NS: Final = 60_000_000_000
"""How long a device may be connected to before it counts as one that doesn't answer."""
_NONE: Final[frozenset[str]] = frozenset()


class Away(NamedTuple):
    """Devices by name."""

    silent: frozenset[str] = _NONE
    switched_off: frozenset[str] = _NONE
    connecting: frozenset[str] = _NONE


class AwayDevices:
    """Follows the links of a station."""

    def __init__(self) -> None:
        self._silent = _NONE
        self._since_ns: dict[str, int] = {}

    def look(self, links: Iterable[DeviceHealth], now_ns: int) -> Away:
        """Return how the devices are now."""
        of_state: dict[LinkState, set[str]] = {state: set() for state in LinkState}
        for link in links:
            of_state[link.state].add(link.device)
        connecting = of_state[LinkState.CONNECTING]
        self._since_ns = {device: self._since_ns.get(device, now_ns) for device in connecting}
        lost = {
            device
            for device, since_ns in self._since_ns.items()
            if device in self._silent or now_ns - since_ns > LONGEST_NS
        }
        self._silent = frozenset(of_state[LinkState.DOWN] | lost)
        return Away(self._silent, frozenset(of_state[LinkState.DISABLED]), frozenset(connecting - lost))
