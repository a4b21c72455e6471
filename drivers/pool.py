"""All drivers of a station: a connection for each link, whatever it speaks. Called from any thread."""

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Final

from drivers.base import PastSink, Sink, WriteOutcome, WriteRequest, WriteState, unheard
from drivers.connection import DeviceTags, DriverContext
from drivers.frames import TraceView
from drivers.health import DeviceHealth
from drivers.left_out import mark
from drivers.link import Link
from drivers.link_plan import link_plans
from drivers.memory import Memory
from drivers.once import AnyRequest, OnceAnswer, Question
from drivers.supervisor import Supervisor
from drivers.writes import PendingWrite
from plant_models.batch import TagIndices
from plant_models.clock import Clock
from plant_models.condition import ConditionNews
from plant_models.device import Device, Endpoint
from plant_models.leases import Leases
from plant_models.message import message
from plant_models.plant import Plant
from plant_models.quality import Quality
from plant_models.tag import Tag

STOP_LIMIT_S: Final = 2.8
_LOCK_S: Final = 1.0


class DriverPool:
    """Fulfils `drivers.base.Pool`. `endpoints`, by device name, stand in for those of the plant folder.

    `folder` is the station's data folder, for certificates and passwords; `tell` takes news of devices' own alarms,
    `past` what devices remember of an outage.
    """

    def __init__(
        self,
        plant: Plant,
        index: Mapping[str, int],
        sink: Sink,
        clock: Clock,
        endpoints: Mapping[str, Endpoint],
        folder: Path | None = None,
        tell: Callable[[ConditionNews], bool] = unheard,
        past: PastSink | None = None,
    ) -> None:
        self._leases = Leases(sorted(plant.tags, key=lambda tag: index[tag.name]), plant.rest_s, clock)
        self._context = DriverContext(
            scan_s=plant.scan_s,
            sink=sink,
            clock=clock,
            jitter=random.random,
            leases=self._leases,
            folder=folder,
            tell=tell,
            past=past,
        )
        self._memory = Memory(sink, clock)
        self._endpoints = endpoints
        self._switched_off = {device.name for device in plant.devices.values() if not device.enabled}
        self._device_of = {index[tag.name]: tag.device for tag in plant.tags}
        self._tags: dict[str, list[tuple[int, Tag]]] = defaultdict(list)
        for tag in plant.tags:
            self._tags[tag.device].append((index[tag.name], tag))
        self._changing = threading.Lock()  # of what follows; readers take what stands there
        self._is_running = self._is_stopped = False
        self._devices: Mapping[str, Device] = {}
        self._links: tuple[Link, ...] = ()
        self._link_of: Mapping[str, Link] = {}
        self._supervisor = Supervisor(self._look, clock)
        self.use(plant.devices)

    def start(self) -> None:
        """Start every connection; returns at once."""
        with self._changing:
            self._is_running = True
            for link in self._links:
                link.start()
        self._supervisor.start()

    def stop(self) -> None:
        """Stop every connection; a command under way ends as unknown."""
        self._memory.is_stopping = True
        self._supervisor.stop()
        is_held = self._changing.acquire(timeout=_LOCK_S)  # whoever holds it longer hangs in a driver
        try:
            self._is_running, self._is_stopped = False, True
            self._end(self._links)
        finally:
            if is_held:
                self._changing.release()

    def use(self, devices: Mapping[str, Device]) -> None:
        """Reach these devices from now on, and no others. Connections in which nothing changes aren't touched.

        A device that changes begins anew: until it answers, its values are bad. Blocks until the old connections have
        ended, 3 s at most; does nothing once the pool is stopped.
        """
        with self._changing:
            if self._is_stopped:
                return
            for name in self._changed(devices):
                self._context.outages.forget(name)
            present = {link.plan.key: link for link in self._links}
            links: list[Link] = []
            for plan in link_plans(self._with_tags(devices), self._switched_off):
                old = present.get(plan.key)
                links.append(old if old is not None and old.plan.is_same(plan) else Link(plan, self._context))
            left = [link for link in self._links if link not in links]
            self._end(left)
            self._mark_changed(devices)
            fresh = [link for link in links if link not in self._links]
            self._devices, self._links = dict(devices), tuple(links)
            self._link_of = {device.name: link for link in links for device in link.plan.devices}
            if self._is_running:
                for link in fresh:
                    link.start()

    def lease(self, rows: TagIndices) -> None:
        """Read rows of leased scan classes at their period for the next ten seconds."""
        self._leases.renew(rows)

    def write(self, request: WriteRequest) -> Future[WriteOutcome]:
        """Queue a write before all polls of its device; the future never raises."""
        write = PendingWrite(request)
        device = self._device_of.get(request.tag, "")
        link = self._link_of.get(device)
        if link is not None:
            link.write(write)
        elif not device:
            self._memory.write(write)
        else:
            write.finish(WriteState.NOT_SENT, message("{device} is not in use", device=device))
        return write.future

    def health(self) -> tuple[DeviceHealth, ...]:
        """Return the present health of every device in use, in the order in which they were given."""
        found = {health.device: health for link in self._links for health in link.health()}
        return tuple(found[name] for name in self._devices if name in found)

    def trace(self, device: str, is_on: bool) -> None:
        """Begin or end the trace of a device's frames."""
        self._context.counters_of(device).trace.switch(is_on)

    def frames(self, device: str, after: int) -> TraceView:
        """Return the frames of a device that are kept and newer than number `after`."""
        return self._context.counters_of(device).trace.view(after)

    def once(self, request: AnyRequest) -> Future[OnceAnswer]:
        """Read or write one address, or acknowledge an alarm, once; the future never raises."""
        question = Question(request)
        link = self._link_of.get(request.device)
        if link is None:
            question.not_sent(message("{device} is not in use", device=request.device))
        else:
            link.ask(question)
        return question.future

    def _look(self, since_ns: int) -> None:
        for link in self._links:
            hangs = link.hangs(since_ns)
            if hangs or link.is_in_vain():
                with self._changing:
                    if link in self._links and not self._is_stopped:
                        link.start_anew() if hangs else link.change_over()

    def _end(self, links: Sequence[Link]) -> None:
        """Stop connections and wait for their end, for all of them together as long as is allowed."""
        for link in links:
            link.stop()
        clock = self._context.clock
        end_ns = clock.mono_ns() + round(STOP_LIMIT_S * 1e9)
        for link in links:
            link.join(max(0.0, (end_ns - clock.mono_ns()) / 1e9))

    def _mark_changed(self, devices: Mapping[str, Device]) -> None:
        """Take away the good quality of what an old connection has read of devices that aren't what they were."""
        for name in self._changed(devices):
            quality = Quality.BAD_WAITING_FOR_INITIAL_DATA if name in devices else Quality.BAD_OUT_OF_SERVICE
            mark(self._context.sink, self._context.clock, self._tags[name], quality)

    def _changed(self, devices: Mapping[str, Device]) -> list[str]:
        return [name for name, old in self._devices.items() if devices.get(name) != old]

    def _with_tags(self, devices: Mapping[str, Device]) -> list[DeviceTags]:
        return [(self._placed(device), self._tags[name]) for name, device in devices.items()]

    def _placed(self, device: Device) -> Device:
        """Return a device where it really is; what stands in for one of the plant folder has no backup there."""
        endpoint = self._endpoints.get(device.name)
        return device if endpoint is None else replace(device.at(endpoint), backup=None)
