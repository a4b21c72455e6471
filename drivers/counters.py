"""What a device's worker counts while it runs, and the snapshot that people see.

One worker writes; any thread takes snapshots.
"""

import threading

from drivers.health import DeviceHealth, LinkState
from plant_models.clock import Clock


class Counters:
    """State, last error and counts of one device since the start of the station.

    `address` is where it is asked, `identification` what it says it is.
    """

    def __init__(self, device: str, clock: Clock, state: LinkState = LinkState.CONNECTING, error: str = "") -> None:
        self._device = device
        self.address = self.identification = ""
        self.is_insecure = False
        self.warning = ""
        self._clock = clock
        self._lock = threading.Lock()
        self._state = state
        self._since_us = clock.wall_us()
        self._last_error = error
        self._was_connected = False
        self._requests = 0
        self._timeouts = 0
        self._errors = 0
        self._late = 0
        self._reconnects = 0
        self._round_trip_ms: float | None = None

    @property
    def last_error(self) -> str:
        return self._last_error

    def enter(self, state: LinkState, error: str = "") -> bool:
        """Note where the link stands and why; True if that is new. Connecting again counts as a reconnection."""
        with self._lock:
            changed = state is not self._state
            if changed:
                self._state = state
                self._since_us = self._clock.wall_us()
            if changed or error:
                self._last_error = error
            if changed and state is LinkState.CONNECTED:
                self._reconnects += self._was_connected
                self._was_connected = True
            return changed

    def replied(self, round_trip_ms: float | None = None) -> None:
        """Count a request that was answered; a publish, which the server times, has no round trip."""
        with self._lock:
            self._requests += 1
            if round_trip_ms is not None:
                self._round_trip_ms = round_trip_ms

    def timed_out(self) -> None:
        """Count a request that was never answered."""
        with self._lock:
            self._requests += 1
            self._timeouts += 1

    def came_late(self, replies: int) -> None:
        """Count replies to requests that had been given up."""
        with self._lock:
            self._late += replies

    def failed(self, error: str) -> None:
        """Count an answer that was wrong or a refusal; `error` says it in words."""
        with self._lock:
            self._errors += 1
            self._last_error = error

    def snapshot(self) -> DeviceHealth:
        """Return the present health of the device."""
        with self._lock:
            return DeviceHealth(
                device=self._device,
                state=self._state,
                since_us=self._since_us,
                address=self.address,
                is_insecure=self.is_insecure,
                identification=self.identification,
                last_error=self._last_error,
                warning=self.warning,
                requests=self._requests,
                timeouts=self._timeouts,
                errors=self._errors,
                late=self._late,
                reconnects=self._reconnects,
                round_trip_ms=self._round_trip_ms,
            )
