"""How a device is doing, for people. Immutable snapshots, replaced as a whole; read from any thread."""

from dataclasses import dataclass
from enum import StrEnum


class LinkState(StrEnum):
    """Where the connection stands."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    DOWN = "down"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceHealth:
    """One device. Counters run from the start of the station; `since_us` is when `state` was entered (µs UTC).

    `address` is the HOST:PORT or serial port that is really asked, "" while that isn't known; `identification` what the
    device says it is. `late` replies came after their time was over and were thrown away. `restarts` counts how often
    the driver hung and was started anew.
    `is_insecure`: connected, and everything can be read and changed on its way. `warning` is what will go wrong if
    nobody does something, such as a certificate that expires.
    """

    device: str
    state: LinkState
    since_us: int
    address: str = ""
    is_insecure: bool = False
    identification: str = ""
    last_error: str = ""
    warning: str = ""
    requests: int = 0
    timeouts: int = 0
    errors: int = 0
    late: int = 0
    reconnects: int = 0
    restarts: int = 0
    round_trip_ms: float | None = None
