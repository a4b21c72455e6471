"""A real driver pool at work for the length of a test."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path

from drivers.base import PastSink, WriteOutcome, WriteRequest
from drivers.health import DeviceHealth, LinkState
from drivers.pool import DriverPool
from plant_models.clock import Clock, SystemClock
from plant_models.device import Endpoint
from plant_models.message import Message
from plant_models.plant import Plant
from tests.fakes.sink import TableSink
from tests.fakes.waiting import wait_until


class RunningPool:
    """Starts on entry, stops on exit."""

    def __init__(
        self,
        plant: Plant,
        folder: Path | None = None,
        endpoints: Mapping[str, Endpoint] | None = None,
        past: PastSink | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.plant = plant
        self.clock = clock or SystemClock()
        self.sink = TableSink(plant, self.clock)
        self.pool = DriverPool(plant, self.sink.table.index, self.sink, self.clock, endpoints or {}, folder, past=past)

    def __enter__(self) -> "RunningPool":
        self.pool.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.stop()

    def health(self, device: str) -> DeviceHealth:
        found = next(health for health in self.pool.health() if health.device == device)
        assert is_translatable(found.last_error), found.last_error
        assert is_translatable(found.warning), found.warning
        return found

    def wait_for(self, device: str, state: LinkState) -> None:
        wait_until(lambda: self.health(device).state is state, what=f"{device} {state.value}")

    def wait_good(self, *tags: str) -> None:
        """Wait for good values, and for the states of their devices, which follow the first values a moment later."""
        wait_until(lambda: self.sink.is_good(*tags), what=f"good values of {tags}")
        devices = {tag.device for tag in self.plant.tags if tag.name in tags and tag.device}
        for device in sorted(devices):
            wait_until(lambda device=device: self._is_connected(device), what=f"the state of {device}")

    def _is_connected(self, device: str) -> bool:
        return any(each.device == device and each.state is LinkState.CONNECTED for each in self.pool.health())

    def wait_bad(self, *tags: str) -> None:
        wait_until(lambda: self.sink.is_bad(*tags), what=f"bad values of {tags}")

    def send(
        self, tag: str, value: float, valid_s: float = 10.0, on_sent: Callable[[], None] = lambda: None
    ) -> Future[WriteOutcome]:
        not_after_ns = self.clock.mono_ns() + round(valid_s * 1e9)
        held = self.sink.table.sample(tag).value
        row = self.sink.table.index[tag]
        kind = self.sink.table.tags[row]
        request = WriteRequest(row, value, held, not_after_ns, on_sent, kind.pulse, kind.is_setpoint)
        return self.pool.write(request)

    def write(self, tag: str, value: float, valid_s: float = 10.0) -> WriteOutcome:
        outcome = self.send(tag, value, valid_s).result(timeout=20)
        assert is_translatable(outcome.message), outcome.message
        return outcome


def is_translatable(words: str) -> bool:
    """Tell whether a sentence for operators is a Message, or none at all."""
    return isinstance(words, Message) or not words
