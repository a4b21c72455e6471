"""One MQTT broker: connect, subscribe, and start again with back-off when anything goes wrong; commands beside it.

Two tasks on the thread of the broker. Exceptions end here and become quality and health.
"""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from typing import Final

from drivers.back_off import BackOff
from drivers.base import WriteState
from drivers.connection import DriverContext
from drivers.device_secrets import SecretError
from drivers.health import DeviceHealth, LinkState
from drivers.loop_commands import LoopCommands
from drivers.mqtt.credentials import context_of, hello_of
from drivers.mqtt.link import Link
from drivers.mqtt.plan import plan_of
from drivers.mqtt.receiver import Receiver
from drivers.mqtt.words import MUTE, NO_ENCRYPTION, LinkError, link_words
from drivers.mqtt.writer import Writer
from drivers.write_words import WRONG_ADDRESS, not_connected
from drivers.writes import PendingWrite
from plant_models.batch import failure
from plant_models.device import Device
from plant_models.message import joined, message, words_of
from plant_models.mqtt_settings import MqttSettings
from plant_models.quality import Quality
from plant_models.tag import Tag

_log = logging.getLogger(__name__)
_WATCH_S: Final = 0.25


class MqttDevice:
    """A broker with its tags (row, tag). Fulfils `drivers.loop_worker.AsyncJob`."""

    def __init__(self, device: Device, tags: Sequence[tuple[int, Tag]], context: DriverContext) -> None:
        self.device = device
        self._settings = device.mqtt or MqttSettings()
        self._context = context
        self._sink, self._clock = context.sink, context.clock
        self._where = f"{device.endpoint.host}:{device.endpoint.port}"
        self.counters = context.counters_of(device.name)
        self.counters.address = self._where
        self._tags = dict(tags)
        self._plan = plan_of(tags, self._settings, context.scan_s)
        self._points = {point.row: point for point in self._plan.points}
        self._writer = Writer(context.clock, self.counters)
        self._receiver = Receiver(self._plan, context.sink, context.clock, self.counters, self._writer)
        self._back_off = BackOff(device.back_off_s, context.jitter)
        self._client_id = f"clearwell-{secrets.token_hex(4)}"
        self._link: Link | None = None
        self.commands = LoopCommands(self.counters, self._write)

    async def run(self) -> None:
        """Stay connected and carry out commands until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_linked())
            tasks.create_task(self.commands.serve())

    def health(self) -> tuple[DeviceHealth, ...]:
        """Return how the broker is doing; any thread."""
        return (self.counters.snapshot(),)

    async def _keep_linked(self) -> None:
        if not self._settings.tls and not self.device.insecure_ok:
            self._take_down(NO_ENCRYPTION, Quality.BAD_CONFIGURATION_ERROR)
            return
        while True:
            link = self._receiver.attach()
            try:
                problem = await self._live_once(link)
                await self._receiver.finish()
                self._writer.lose()
                self._take_down(problem)
            finally:
                self._receiver.detach()
                await link.close()
            self._back_off.failed(self._clock.mono_ns())
            await asyncio.sleep(max(0.0, (self._back_off.due_ns - self._clock.mono_ns()) / 1e9))

    async def _live_once(self, link: Link) -> str:
        """Connect and watch over it; return in words why that ended."""
        try:
            problem = await self._open(link)
            self._link = link
            link.on_frame = self.counters.on_frame  # from here on: what came before may hold a password
            self.counters.is_insecure = not self._settings.tls
            self._back_off.succeeded()
            if self.counters.enter(LinkState.CONNECTED, problem):
                _log.info("%s: connected", self.device.name)
            problem = await self._watch(link)
        except TimeoutError:
            self.counters.timed_out()
            return MUTE
        except SecretError as error:
            problem = words_of(error)
        except (LinkError, OSError, ValueError) as error:
            problem = link_words(error, self._where)
        except Exception as error:  # noqa: BLE001 - the border: logged with its traceback, shown as bad
            _log.exception("%s: the connection failed", self.device.name)
            problem = link_words(error, self._where)
        finally:
            self._link = None
        self.counters.failed(problem)
        return problem

    async def _open(self, link: Link) -> str:
        """Connect and subscribe; return what is wrong with some of the tags, or an empty text.

        Raises:
            LinkError, SecretError, OSError, TimeoutError: the broker isn't there, refuses, or doesn't answer.
        """
        folder, endpoint = self._context.folder, self.device.endpoint
        context = context_of(self._settings, folder)
        hello = hello_of(self.device.name, self._settings, self._client_id, folder)
        async with asyncio.timeout(self.device.timeout_s):
            await link.open(endpoint.host, endpoint.port, context)
            await link.greet(hello)
        refused = await link.subscribe(list(self._plan.topics), self._settings.qos, self.device.timeout_s)
        self._mark(self._plan.wrong_rows, Quality.BAD_CONFIGURATION_ERROR)
        if not refused:
            return self._plan.problem
        rows = [point.row for topic in refused for point in self._plan.topics[topic].points]
        self._mark(rows, Quality.BAD_CONFIGURATION_ERROR)
        words = message("The broker refuses the topic {topic} ({count} in all)", topic=refused[0], count=len(refused))
        self.counters.failed(words)
        return joined((words, self._plan.problem))

    async def _watch(self, link: Link) -> str:
        """Return what is wrong with the link as soon as something is."""
        while (problem := link.problem(round(self.device.timeout_s * 1e9))) is None:
            self._receiver.look()
            await asyncio.sleep(_WATCH_S)
        return link_words(problem, self._where)

    async def _write(self, write: PendingWrite) -> None:
        tag, point = self._tags[write.request.tag], self._points.get(write.request.tag)
        to = self._settings.command_place(point.address) if point else None
        problem = ""
        if point is None:
            problem = WRONG_ADDRESS
        elif not tag.writable:
            problem = message("{tag} is read only", tag=tag.name)
        elif tag.is_text:
            problem = message("{tag} is a text; only numbers can be written", tag=tag.name)
        elif to is None:
            problem = message("Nothing says to which topic commands of {tag} go", tag=tag.name)
        elif self._link is None:
            problem = not_connected(self.device.name, self.counters.last_error)
        if problem or point is None or to is None or self._link is None:
            write.finish(WriteState.NOT_SENT, problem)
            return
        speaks_words = point.place in self._receiver.decoder.speaks_words
        await self._writer.write(self._link, point, to, speaks_words, write)

    def _take_down(self, words: str, quality: Quality = Quality.BAD_NO_COMMUNICATION) -> None:
        self.counters.is_insecure = False
        self._receiver.forget()
        self._mark(list(self._tags), quality)
        if self.counters.enter(LinkState.DOWN, words):
            _log.warning("%s: down: %s", self.device.name, words)

    def _mark(self, rows: Sequence[int], quality: Quality) -> None:
        if len(rows):
            self._sink.offer(failure(rows, quality, self._clock.wall_us(), self._clock.mono_ns()))
