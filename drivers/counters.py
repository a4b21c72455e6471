"""What a device's worker counts while it runs, and the snapshot that people see.

Any thread may count and take snapshots: a worker that was given up for stuck may still count beside its successor. What
happens with every request costs a lock that nobody else holds, and no memory.
"""

import threading
from collections.abc import Callable
from typing import Final

from drivers.certificate_facts import ServerCertificate
from drivers.figures import Samples
from drivers.frames import FrameTrace
from drivers.health import DeviceHealth, ExceptionCount, LinkState
from plant_models.clock import Clock


class Counters:
    """State, last error and counts of one device since the start of the station, and the trace of its frames.

    Drivers set as they learn them: `address` (where it is asked), `identification`, `is_insecure`, `warning` (what will
    go wrong if nobody does something), `certificate` (what the server showed last), `clock_name` (whose clock is seen,
    where there are several), `waiting_writes` (how many commands stand in line), `describe` (what a frame is that was
    sent, or wasn't, in a few words).
    """

    def __init__(self, device: str, clock: Clock, state: LinkState = LinkState.CONNECTING, error: str = "") -> None:
        self._device = device
        self._clock = clock
        self.address = self.identification = self.clock_name = ""
        self.is_insecure = False
        self.warning = ""
        self.certificate: ServerCertificate | None = None
        self.waiting_writes: Callable[[], int] = int
        self.trace = FrameTrace(clock)
        self.describe: Callable[[bool, bytes], str] = lambda _is_sent, _data: ""
        self._lock = threading.Lock()
        self._state = state
        self._since_us = clock.wall_us()
        self._last_error = error
        self._was_connected = False
        self._requests = self._replies = self._timeouts = self._errors = self._late = 0
        self._reconnects = self._overruns = self._dropped = 0
        self._bytes_sent = self._bytes_received = 0
        self._exceptions: dict[str, tuple[int, str]] = {}
        self._round_trip_ms: float | None = None
        self._samples = Samples(clock.mono_ns())

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
                self._samples.forget_skews()
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
            self._replies += 1
            if round_trip_ms is not None:
                self._round_trip_ms = round_trip_ms
                self._samples.add_round_trip(round_trip_ms)

    def timed_out(self) -> None:
        """Count a request that was never answered."""
        with self._lock:
            self._requests += 1
            self._timeouts += 1

    def came_late(self, replies: int) -> None:
        """Count replies to requests that had been given up."""
        with self._lock:
            self._late += replies

    def lost(self, error: str) -> None:
        """Count a request that was broken off, or got bytes that are no reply to it; `error` says it in words."""
        with self._lock:
            self._requests += 1
            self._errors += 1
            self._last_error = error

    def failed(self, error: str, code: str = "", meaning: str = "") -> None:
        """Count what went wrong; `error` says it in words. A refusal has a code and what that means, "" if it says it.

        Counts no request: `replied` or `timed_out` does.
        """
        with self._lock:
            self._errors += 1
            self._last_error = error
            if code:
                count, _ = self._exceptions.get(code, (0, ""))
                self._exceptions[code] = count + 1, meaning

    def overran(self, scans: int = 1) -> None:
        """Count scans that were due while the one before had not begun yet."""
        with self._lock:
            self._overruns += scans

    def lost_samples(self, count: int) -> None:
        """Count samples that found no room in a queue."""
        with self._lock:
            self._dropped += count

    def on_frame(self, is_sent: bool, data: bytes) -> None:
        """Count the bytes that leave or arrive, and trace them if somebody wants that."""
        with self._lock:
            if is_sent:
                self._bytes_sent += len(data)
            else:
                self._bytes_received += len(data)
        if self.trace.is_on:
            self.trace.add(is_sent, data, self.describe(is_sent, data))

    def saw_clock(self, device_us: int, station_us: int) -> None:
        """Note what the device's clock showed when the station's showed `station_us` (both µs UTC)."""
        with self._lock:
            self._samples.add_skew((device_us - station_us) / 1e6)

    def successor(self) -> "Counters":
        """Return counters for a new connection: it is connecting, and goes on with the counts and the trace."""
        new = Counters(self._device, self._clock)
        with self._lock:
            for name in _KEPT:
                setattr(new, name, getattr(self, name))
            new._exceptions = dict(self._exceptions)
        return new

    def snapshot(self) -> DeviceHealth:
        """Return the present health of the device."""
        waiting_writes = self.waiting_writes()
        with self._lock:
            figures = self._samples.figures(self._clock.mono_ns(), self._requests)
            exceptions = tuple(ExceptionCount(code, *seen) for code, seen in self._exceptions.items())
            return DeviceHealth(
                device=self._device,
                state=self._state,
                since_us=self._since_us,
                address=self.address,
                identification=self.identification,
                is_insecure=self.is_insecure,
                last_error=self._last_error,
                warning=self.warning,
                certificate=self.certificate,
                requests=self._requests,
                replies=self._replies,
                timeouts=self._timeouts,
                errors=self._errors,
                late=self._late,
                exceptions=exceptions,
                reconnects=self._reconnects,
                overruns=self._overruns,
                waiting_writes=waiting_writes,
                bytes_sent=self._bytes_sent,
                bytes_received=self._bytes_received,
                dropped=self._dropped,
                requests_per_s=figures.requests_per_s,
                round_trip_ms=self._round_trip_ms,
                round_trip_p50_ms=figures.p50_ms,
                round_trip_p99_ms=figures.p99_ms,
                clock_skew_s=figures.skew_s,
                clock_name=self.clock_name,
            )


_KEPT: Final = (
    "identification", "certificate", "trace", "_samples", "_was_connected", "_round_trip_ms", "_requests", "_replies",
    "_timeouts", "_errors", "_late", "_reconnects", "_overruns", "_dropped", "_bytes_sent", "_bytes_received",
)  # fmt: skip
"""What a new connection goes on with."""


class CounterBook:
    """The counters of every device of a station. They outlive connections: a restart or a change loses no count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counters: dict[str, Counters] = {}

    def of(self, device: str, clock: Clock) -> Counters:
        """Return the counters of a device, new ones if it has none yet."""
        with self._lock:
            if device not in self._counters:
                self._counters[device] = Counters(device, clock)
            return self._counters[device]

    def renew(self, device: str, clock: Clock) -> None:
        """Give a device other counters for its next connection: what a thread that was given up says counts no more."""
        with self._lock:
            old = self._counters.get(device)
            self._counters[device] = Counters(device, clock) if old is None else old.successor()
