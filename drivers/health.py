"""How a device is doing, for people. Immutable snapshots, replaced as a whole; read from any thread."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from drivers.certificate_facts import ServerCertificate

SKEW_LIMIT_S: Final = 5.0
"""A device's clock that is further from the station's than this is marked."""


class LinkState(StrEnum):
    """Where the connection stands."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    DOWN = "down"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class ExceptionCount:
    """How often a device refused with `code`: a Modbus exception code ("2") or an OPC UA status ("BadNodeIdUnknown").

    `words` say for people what the code means, "" where the code itself says it.
    """

    code: str
    count: int
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceHealth:
    """One device. Counters run from the start of the station; `since_us` is when `state` was entered (µs UTC).

    `address` is the HOST:PORT or serial port that is really asked, "" while that isn't known; `identification` what the
    device says it is. `is_insecure`: connected, and everything can be read and changed on its way. `warning` is what
    will go wrong if nobody does something, such as a certificate that expires. `certificate` is the one that the server
    showed last, trusted or not; None if it showed none since the start, or isn't asked for one. Of `requests`,
    `replies` were answered (a refusal is an answer), `timeouts` never, the rest was broken off or got bytes that are no
    reply; `errors` are these last and the refusals. `late` replies came after their time was over and were thrown away.
    `restarts` counts how often the driver hung and was started anew. `requests_per_s` is the mean of the last ten
    seconds, or since somebody last asked; the round trips are of the last 512 replies. `overruns` are scans that were
    due while the one before had not begun yet, `dropped` samples or messages that found no room in a queue.
    `clock_skew_s` is how far the device's clock is ahead of the station's, the median of the last samples, None where
    it gives no time; `clock_name` whose clock that is where a device has several: the topic of an MQTT broker.
    """

    device: str
    state: LinkState
    since_us: int
    address: str = ""
    identification: str = ""
    is_insecure: bool = False
    last_error: str = ""
    warning: str = ""
    certificate: ServerCertificate | None = None
    requests: int = 0
    replies: int = 0
    timeouts: int = 0
    errors: int = 0
    late: int = 0
    exceptions: tuple[ExceptionCount, ...] = ()
    reconnects: int = 0
    restarts: int = 0
    overruns: int = 0
    waiting_writes: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0
    dropped: int = 0
    requests_per_s: float | None = None
    round_trip_ms: float | None = None
    round_trip_p50_ms: float | None = None
    round_trip_p99_ms: float | None = None
    clock_skew_s: float | None = None
    clock_name: str = ""

    @property
    def is_clock_wrong(self) -> bool:
        """Whether the device's clock is further from the station's than can be overlooked."""
        return self.clock_skew_s is not None and abs(self.clock_skew_s) > SKEW_LIMIT_S
