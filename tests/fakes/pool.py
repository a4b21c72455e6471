"""Drivers without sockets: values come from the test, and writes end as the test says."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future

from database.errors import DatabaseError
from drivers.base import Sink, WriteOutcome, WriteRequest, WriteState
from drivers.frames import FrameTrace, TraceView
from drivers.health import DeviceHealth, LinkState
from drivers.once import OnceAnswer, OnceRequest, OnceState
from drivers.write_words import TAKEN_OUT
from plant_models.batch import TagIndices, failure, samples
from plant_models.clock import Clock
from plant_models.device import Device, Endpoint
from plant_models.message import words_of
from plant_models.plant import Plant
from plant_models.quality import Quality


class FakePool:
    """Fulfils `drivers.base.Pool`; made like `drivers.pool.DriverPool`.

    A write is answered at once in the thread that asks: sent, then `outcome` (None: verified with its value). While
    `is_holding`, writes wait in `held` until the test calls `answer`. A dead PLC is `put_link(..., DOWN)`.
    `on_write` is called before anything else happens to a write, `stops` counts the calls of `stop`, `uses` keeps what
    `use` was given. `traces` are those of the devices, into which a test puts frames. `asked` are the questions to
    single addresses, answered from `registers` unless there is a `once_answer`.
    """

    def __init__(
        self, plant: Plant, index: Mapping[str, int], sink: Sink, clock: Clock, endpoints: Mapping[str, Endpoint]
    ) -> None:
        self.plant, self.index, self.sink, self.clock, self.endpoints = plant, index, sink, clock, endpoints
        self.written: list[WriteRequest] = []
        self.outcome: WriteOutcome | None = None
        self.is_holding = False
        self.held: list[tuple[WriteRequest, Future[WriteOutcome]]] = []
        self.on_write: Callable[[WriteRequest], None] = lambda request: None
        self.start_error: Exception | None = None
        self.starts = self.stops = 0
        self.leased: list[list[int]] = []
        self.uses: list[dict[str, Device]] = []
        self.traces = {name: FrameTrace(clock) for name in plant.devices}
        self.asked: list[OnceRequest] = []
        self.registers: dict[str, float] = {}
        self.once_answer: OnceAnswer | None = None
        self._links = dict.fromkeys(plant.devices, (LinkState.CONNECTED, ""))

    def start(self) -> None:
        self.starts += 1
        if self.start_error:
            raise self.start_error

    def stop(self) -> None:
        """Answer what is held, as the real pool does."""
        self.stops += 1
        for _, future in self.held:
            if not future.done():
                future.set_result(WriteOutcome(WriteState.NOT_SENT, message="The station is stopping"))

    def use(self, devices: Mapping[str, Device]) -> None:
        """Switch devices off and on as the real pool does."""
        self.uses.append(dict(devices))
        for name, device in devices.items():
            if not device.enabled:
                self.put_link(name, LinkState.DISABLED, TAKEN_OUT)
                rows = [self.index[tag.name] for tag in self.plant.tags if tag.device == name]
                stamps = self.clock.wall_us(), self.clock.mono_ns()
                self.sink.offer(failure(rows, Quality.BAD_OUT_OF_SERVICE, *stamps))
            elif self._links[name][0] is LinkState.DISABLED:
                self.put_link(name, LinkState.CONNECTED)

    def lease(self, rows: TagIndices) -> None:
        self.leased.append(rows.tolist())

    def health(self) -> tuple[DeviceHealth, ...]:
        return tuple(
            DeviceHealth(device=name, state=state, since_us=0, last_error=error)
            for name, (state, error) in self._links.items()
        )

    def trace(self, device: str, is_on: bool) -> None:
        self.traces[device].switch(is_on)

    def frames(self, device: str, after: int) -> TraceView:
        return self.traces[device].view(after)

    def once(self, request: OnceRequest) -> Future[OnceAnswer]:
        self.asked.append(request)
        future: Future[OnceAnswer] = Future()
        if request.value is not None:
            try:
                request.on_sent()
            except (RuntimeError, DatabaseError) as error:
                future.set_result(OnceAnswer(OnceState.NOT_SENT, message=words_of(error)))
                return future
            self.registers[request.address] = request.value
        value = self.registers.get(request.address, 0.0)
        future.set_result(self.once_answer or OnceAnswer(OnceState.DONE, (round(value),), value))
        return future

    def write(self, request: WriteRequest) -> Future[WriteOutcome]:
        self.on_write(request)
        self.written.append(request)
        future: Future[WriteOutcome] = Future()
        if self.is_holding:
            self.held.append((request, future))
        else:
            self.answer(request, future, self.outcome)
        return future

    def answer(self, request: WriteRequest, future: Future[WriteOutcome], outcome: WriteOutcome | None) -> None:
        """Send a write and end it; nothing is sent if `on_sent` raises."""
        try:
            request.on_sent()
        except (RuntimeError, TimeoutError, DatabaseError) as error:
            future.set_result(WriteOutcome(WriteState.NOT_SENT, message=words_of(error)))
            return
        future.set_result(outcome or WriteOutcome(WriteState.VERIFIED, readback=request.value))

    def put(self, values: Mapping[str, float], quality: int = Quality.GOOD) -> bool:
        """Offer samples as if a device had just sent them."""
        rows = [self.index[name] for name in values]
        stamps = self.clock.wall_us(), self.clock.mono_ns()
        return self.sink.offer(samples(rows, list(values.values()), quality, *stamps))

    def put_link(self, device: str, state: LinkState, last_error: str = "") -> None:
        """Set the state of a device's connection."""
        self._links[device] = (state, last_error)
