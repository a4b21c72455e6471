"""The easy way to a driver: a connection for each device, tags read one by one on schedule, commands before them.

A protocol gives a `Channel`. Schedule, back-off, quality, commands and their readback are done here, once for all, so
that a driver of another package can't get them wrong. A job for a worker thread.
"""

import contextlib
import logging
import math
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Protocol

import numpy as np

from drivers.back_off import BackOff
from drivers.base import WriteState
from drivers.connect_problem import NO_TAG, connect_problem
from drivers.connection import Connection, DeviceTags, DriverContext
from drivers.health import DeviceHealth, LinkState
from drivers.schedule import Schedule
from drivers.simple_writer import NoValue, Reach, SimpleWriter
from drivers.worker import Worker
from drivers.write_words import not_connected
from drivers.writes import STOPPING, PendingWrite, WriteQueue
from plant_models.batch import Batch, failure, samples, text_code
from plant_models.device import Device
from plant_models.message import message, words_of
from plant_models.quality import Quality
from plant_models.scaling import Scaling
from plant_models.tag import Tag

_log = logging.getLogger(__name__)


class Channel(Protocol):
    """An open connection to one device. Every call ends within a few of the device's time-outs.

    An OSError says that the connection is of no more use; then it is closed and a new one is opened.
    """

    def read(self, tag: Tag) -> float | str:
        """Return the raw value of a tag, a text for a text tag.

        Raises:
            OSError: the connection is lost, or the answer didn't come in time.
            ValueError: the device says something else than a value; only this tag is bad.
        """

    def write(self, tag: Tag, raw: float) -> None:
        """Send one command, once.

        Raises:
            OSError: nobody knows what became of it.
            ValueError: the device refuses it; the text says why.
        """

    def close(self) -> None:
        """End the connection, also while another thread uses it; may be called twice."""


class SimpleDriver:
    """Fulfils `drivers.connection.Driver`. `connect_to` opens the channel of a device in time, or raises OSError."""

    def __init__(self, connect_to: Callable[[Device], Channel]) -> None:
        self._connect_to = connect_to

    def key_of(self, device: Device) -> Hashable:
        return device.name

    def connect(self, members: Sequence[DeviceTags], context: DriverContext) -> Connection:
        ((device, tags),) = members
        job = _DeviceJob(lambda: self._connect_to(device), (device, tags), context)
        return Worker(f"{device.protocol} {device.name}", job, context.clock)


class _DeviceJob:
    """Fulfils `drivers.worker.Job`."""

    def __init__(self, connect: Callable[[], Channel], member: DeviceTags, context: DriverContext) -> None:
        device, tags = member
        self._connect = connect
        self._device = device
        self._tags = dict(tags)
        self._scalings = {row: Scaling([tag]) for row, tag in tags}
        self._context = context
        self._clock = context.clock
        self._counters = context.counters_of(device.name)
        self._counters.address = f"{device.endpoint.host}:{device.endpoint.port}"
        if not tags:
            self._counters.enter(LinkState.DISABLED, NO_TAG)
        self._back_off = BackOff(device.back_off_s, context.jitter)
        self._schedule: Schedule[int] = Schedule()
        self._due: deque[int] = deque()
        self._rests_until_ns: dict[int, int] = {}
        self._queue = WriteQueue()
        self._counters.waiting_writes = self._queue.__len__
        self._writer = SimpleWriter(self._queue, self._tags, self._clock)
        self._channel: Channel | None = None
        self._is_aborted = False

    def step(self) -> int:
        """Do something for a command, or else read a tag that is due."""
        try:
            channel = self._open()
            now_ns = self._clock.mono_ns()
            self._due.extend(self._wanted(now_ns))
            reach = Reach(partial(self._read, channel), partial(self._send, channel))
            if not self._writer.step(reach, now_ns) and self._due:
                self._poll(channel, self._due.popleft())
            return now_ns if self._due else min(self._schedule.next_ns(), self._writer.next_ns())
        except OSError as error:
            if isinstance(error, TimeoutError):
                self._counters.timed_out()
            self.fail(connect_problem(error, self._counters.address))
            return self._back_off.due_ns

    def write(self, write: PendingWrite) -> None:
        self._queue.put(write)

    def health(self) -> tuple[DeviceHealth, ...]:
        return (self._counters.snapshot(),)

    def abort(self) -> None:
        self._is_aborted = True
        self._queue.close()
        channel = self._channel
        if channel is not None:
            channel.close()

    def close(self) -> None:
        self._drop()
        self._queue.close()
        self._writer.abandon(self._device.name, STOPPING)

    def fail(self, words: str) -> None:
        """Take the device down: rows are bad, waiting commands aren't sent, and it is tried again after a while."""
        self._drop()
        self._back_off.failed(self._clock.mono_ns())
        self._offer(failure(list(self._tags), Quality.BAD_NO_COMMUNICATION, *self._now()))
        if self._counters.enter(LinkState.DOWN, words):
            _log.warning("%s: down: %s", self._device.name, words)
        self._writer.abandon(self._device.name, words)
        while (write := self._queue.take()) is not None:
            write.finish(WriteState.NOT_SENT, not_connected(self._device.name, words))

    def _open(self) -> Channel:
        if self._channel is None:
            self._channel = self._connect()
            self._due.clear()
            self._rests_until_ns = dict.fromkeys(self._tags, 0)
            for row, tag in self._tags.items():
                self._schedule.start(row, round(self._context.scan_s[tag.scan] * 1e9), self._clock.mono_ns())
        if self._is_aborted:  # asked with the channel in place, so that `abort` has either seen it or is seen here
            raise ConnectionAbortedError
        return self._channel

    def _wanted(self, now_ns: int) -> list[int]:
        """Return the rows that are due, but for those that stand in line and those at rest."""
        leases, wanted = self._context.leases, []
        for row in self._schedule.take_due(now_ns):
            rest_ns = leases.rest_ns(row)
            is_resting = rest_ns and now_ns < self._rests_until_ns[row]
            if row in self._due or (is_resting and not leases.is_any_held(np.array([row]), now_ns)):
                continue
            self._rests_until_ns[row] = now_ns + rest_ns
            wanted.append(row)
        return wanted

    def _drop(self) -> None:
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()

    def _poll(self, channel: Channel, row: int) -> None:
        with contextlib.suppress(NoValue):  # it is bad already, and said so
            self._read(channel, row)

    def _read(self, channel: Channel, row: int) -> float:
        """Read a tag and hand it on; return its value.

        Raises:
            NoValue: there is none; the text says why.
        """
        tag, start_ns, start_us = self._tags[row], self._clock.mono_ns(), self._clock.wall_us()
        try:
            raw = channel.read(tag)
            value, quality, text = self._sample(row, raw)
        except ValueError as error:
            self._answered(start_ns)
            problem = message("{tag} can't be read: {why}", tag=tag.name, why=words_of(error))
            self._counters.failed(problem)
            self._offer(failure(row, Quality.BAD_DECODING_ERROR, *self._now()))
            raise NoValue(problem) from error
        self._answered(start_ns)
        source_us = (start_us + self._clock.wall_us()) // 2
        texts = None if text is None else (text,)
        self._offer(samples(row, value, quality, source_us, self._clock.mono_ns(), texts))
        return value

    def _sample(self, row: int, raw: float | str) -> tuple[float, int, str | None]:
        """Return value, quality and text of what a channel has read."""
        tag = self._tags[row]
        if tag.is_text:
            return text_code(str(raw)), Quality.GOOD, str(raw)
        number = float(raw)
        if tag.modulus is not None and math.isfinite(number):
            number %= tag.modulus
        (value,), (quality,) = self._scalings[row].to_units(np.array([number]))
        return float(value), int(quality), None

    def _send(self, channel: Channel, row: int, raw: float) -> None:
        start_ns = self._clock.mono_ns()
        try:
            channel.write(self._tags[row], raw)
        except ValueError:
            self._answered(start_ns)
            raise
        self._answered(start_ns)

    def _answered(self, start_ns: int) -> None:
        self._counters.replied((self._clock.mono_ns() - start_ns) / 1e6)
        self._back_off.succeeded()
        if self._counters.enter(LinkState.CONNECTED):
            _log.info("%s: connected", self._device.name)

    def _now(self) -> tuple[int, int]:
        return self._clock.wall_us(), self._clock.mono_ns()

    def _offer(self, batch: Batch) -> None:
        if not self._context.sink.offer(batch):
            self._counters.lost_samples(len(batch))
