"""Drivers of a station that is up before anybody knows where its devices are.

Until then every device is connecting, no value is good, and nothing can be written. The real drivers are made and
started by the thread that tells the endpoints. Every other method may be called from any thread.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future

from drivers.base import Pool, WriteOutcome, WriteRequest, WriteState
from drivers.counters import Counters
from drivers.frames import TraceView
from drivers.health import DeviceHealth, LinkState
from drivers.once import AnyRequest, OnceAnswer, Question
from drivers.write_words import NOT_STARTED, SWITCHED_OFF, TAKEN_OUT, not_connected
from plant_models.batch import TagIndices
from plant_models.clock import Clock
from plant_models.device import Device, Endpoint
from plant_models.message import message
from plant_models.plant import Plant

Found = Future[Mapping[str, Endpoint]]
"""The endpoints of devices, by name, once they are known. Whoever promised them tells people if that fails."""
_log = logging.getLogger(__name__)


class LatePool:
    """Fulfils `drivers.base.Pool`; `make` makes the real one."""

    def __init__(
        self, plant: Plant, clock: Clock, found: Found, make: Callable[[Mapping[str, Endpoint]], Pool]
    ) -> None:
        self._plant = plant
        self._found = found
        self._make = make
        self._clock = clock
        self._devices: Mapping[str, Device] = plant.devices
        self._counters = self._waiting()
        self._lock = threading.Lock()  # of starting and stopping
        self._is_stopped = False
        self._pool: Pool | None = None

    def start(self) -> None:
        """Start the real drivers as soon as the endpoints are known; returns at once if they aren't yet."""
        self._found.add_done_callback(self._connect)

    def stop(self) -> None:
        """Stop the real drivers, or never start them."""
        with self._lock:
            self._is_stopped = True
            if self._pool is not None:
                self._pool.stop()

    def use(self, devices: Mapping[str, Device]) -> None:
        """Reach these devices from now on; without the real drivers, as soon as there are any."""
        with self._lock:
            if self._pool is not None:
                self._pool.use(devices)
            elif devices != self._devices:
                self._devices = devices
                self._counters = self._waiting()

    def lease(self, rows: TagIndices) -> None:
        """Read rows at their period; without the real drivers nothing is read."""
        if self._pool is not None:
            self._pool.lease(rows)

    def write(self, request: WriteRequest) -> Future[WriteOutcome]:
        """Queue a write with the real drivers; without them it isn't sent."""
        if self._pool is not None:
            return self._pool.write(request)
        outcome: Future[WriteOutcome] = Future()
        device = self._plant.tags[request.tag].device
        words = not_connected(device, "") if device else NOT_STARTED
        outcome.set_result(WriteOutcome(WriteState.NOT_SENT, message=words))
        return outcome

    def health(self) -> tuple[DeviceHealth, ...]:
        """Return the present health of every device, in the order of the plant folder or of `use`."""
        if self._pool is not None:
            return self._pool.health()
        return tuple(counters.snapshot() for counters in self._counters)

    def once(self, request: AnyRequest) -> Future[OnceAnswer]:
        """Ask the real drivers; without them nothing is sent."""
        if self._pool is not None:
            return self._pool.once(request)
        question = Question(request)
        question.not_sent(not_connected(request.device, ""))
        return question.future

    def trace(self, device: str, is_on: bool) -> None:
        """Begin or end the trace of a device's frames; without the real drivers there are none."""
        if self._pool is not None:
            self._pool.trace(device, is_on)

    def frames(self, device: str, after: int) -> TraceView:
        """Return the frames of a device that are newer than number `after`."""
        return TraceView() if self._pool is None else self._pool.frames(device, after)

    def _connect(self, found: Found) -> None:
        if found.cancelled() or found.exception() is not None:
            return
        with self._lock:
            if self._is_stopped:
                return
            try:
                self._pool = self._started(found.result())
            except Exception as error:  # noqa: BLE001 - the border: logged with its traceback, shown at every device
                _log.exception("the drivers can't be started")
                for counters in self._counters:
                    counters.enter(LinkState.DOWN, message("Internal error: {error}", error=str(error)))

    def _started(self, endpoints: Mapping[str, Endpoint]) -> Pool:
        pool = self._make(endpoints)
        try:
            pool.use(self._devices)
            pool.start()
        except BaseException:
            pool.stop()
            raise
        return pool

    def _waiting(self) -> list[Counters]:
        return [self._waiting_for(name) for name in self._devices]

    def _waiting_for(self, name: str) -> Counters:
        if self._devices[name].enabled:
            return Counters(name, self._clock)
        is_out = name in self._plant.devices and self._plant.devices[name].enabled
        return Counters(name, self._clock, LinkState.DISABLED, TAKEN_OUT if is_out else SWITCHED_OFF)
