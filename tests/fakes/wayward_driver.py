"""A driver of another package that hangs, breaks down and raises when a test wants it to. Its threads are real."""

import threading
from collections.abc import Callable, Hashable, Sequence

from drivers.connection import Connection, DeviceTags, DriverContext
from drivers.counters import Counters
from drivers.health import DeviceHealth, LinkState
from drivers.worker import Worker
from drivers.writes import PendingWrite, WriteQueue
from plant_models.batch import samples
from plant_models.device import Device
from plant_models.quality import Quality


class WaywardDriver:
    """Fulfils `drivers.connection.Driver`; a context manager that frees every thread that hangs.

    Each step offers `value`. The step in which `hang` is called after the value was taken stands still until
    `let_go`; `breaks` lists the methods that raise.
    """

    def __init__(self) -> None:
        self.value = 1.0
        self.is_hanging = False
        self.breaks: set[str] = set()
        self.jobs: list[WaywardJob] = []
        self.freed = threading.Event()

    def __enter__(self) -> "WaywardDriver":
        return self

    def __exit__(self, *_: object) -> None:
        self.freed.set()

    def key_of(self, device: Device) -> Hashable:
        self.check("key_of")
        return device.name

    def connect(self, members: Sequence[DeviceTags], context: DriverContext) -> Connection:
        self.check("connect")
        self.jobs.append(WaywardJob(self, members, context))
        return WaywardWorker("wayward", self.jobs[-1], context.clock)

    def check(self, method: str) -> None:
        if method in self.breaks:
            raise ZeroDivisionError(f"{method}, on purpose")


class WaywardJob:
    """Fulfils `drivers.worker.Job`."""

    def __init__(self, driver: WaywardDriver, members: Sequence[DeviceTags], context: DriverContext) -> None:
        self._driver = driver
        self._rows = [row for _, tags in members for row, _ in tags]
        self._context = context
        self._counters = [Counters(device.name, context.clock, LinkState.CONNECTED) for device, _ in members]
        self._queue = WriteQueue()
        self.hung = threading.Event()
        self.offered: bool | None = None
        self.is_aborted = False

    def step(self) -> int:
        value, clock = self._driver.value, self._context.clock
        hangs = self._driver.is_hanging
        if hangs:
            self.hung.set()
            assert self._driver.freed.wait(60)
        batch = samples(self._rows, value, Quality.GOOD, clock.wall_us(), clock.mono_ns())
        self.offered = self._context.sink.offer(batch)
        return clock.mono_ns() + 20_000_000

    def write(self, write: PendingWrite) -> None:
        self._driver.check("write")
        self._queue.put(write)

    def health(self) -> tuple[DeviceHealth, ...]:
        self._driver.check("health")
        return () if "told" in self._driver.breaks else tuple(counters.snapshot() for counters in self._counters)

    def abort(self) -> None:
        self._driver.check("abort")
        self.is_aborted = True

    def close(self) -> None:
        self._queue.close()

    def fail(self, words: str) -> None:
        raise ZeroDivisionError(words)


class WaywardWorker(Worker):
    """A worker whose own methods raise as well."""

    def __init__(self, name: str, job: WaywardJob, clock: object) -> None:
        super().__init__(name, job, clock)  # type: ignore[arg-type]
        self._check: Callable[[str], None] = job._driver.check

    def start(self) -> None:
        self._check("start")
        super().start()

    def join(self, timeout_s: float) -> bool:
        self._check("join")
        return super().join(timeout_s)
