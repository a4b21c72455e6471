"""One OPC UA server: connect, watch, and start again with back-off when anything goes wrong; commands beside it.

Two tasks on the thread of the server. Exceptions end here and become quality and health.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Final

import numpy as np
from asyncua import ua
from asyncua.ua.uaerrors import UaError

from drivers.back_off import BackOff
from drivers.base import WriteState
from drivers.connect_problem import connect_problem
from drivers.connection import DriverContext
from drivers.health import DeviceHealth, LinkState
from drivers.loop_commands import LoopCommands
from drivers.once import AckRequest, AnyQuestion, Question
from drivers.opcua.acknowledgement import acknowledge
from drivers.opcua.backfill import Backfill
from drivers.opcua.condition_watch import ConditionWatch
from drivers.opcua.message_name import message_name
from drivers.opcua.once import Once
from drivers.opcua.probe import ServerProbe
from drivers.opcua.resting import Resting
from drivers.opcua.security import Security
from drivers.opcua.security_error import SecurityError
from drivers.opcua.session import Session
from drivers.opcua.writer import Target, Writer, link_words, status_name
from drivers.write_words import WRONG_ADDRESS, not_connected
from drivers.writes import PendingWrite
from plant_models.batch import TagIndices, failure
from plant_models.condition import ConditionsUnknown
from plant_models.device import Device
from plant_models.message import message
from plant_models.quality import Quality
from plant_models.tag import Tag

_log = logging.getLogger(__name__)
_WATCH_S: Final = 0.25
_WAIT_SHARE: Final = 0.8
"""Of the longest wait; the rest is for connecting, so that live data are back within it."""
_USER_PAUSE_S: Final = 60.0
"""Between two attempts after a server has refused the user: many lock one out who asks too often."""


class OpcUaDevice:
    """A server with its tags (row, tag). Fulfils `drivers.loop_worker.AsyncJob`."""

    def __init__(self, device: Device, tags: Sequence[tuple[int, Tag]], context: DriverContext) -> None:
        sink, clock = context.sink, context.clock
        self.device = device
        self.tags = dict(tags)
        self.counters = context.counters_of(device.name)
        self.counters.describe = lambda _is_sent, data: message_name(data)
        self.counters.address = f"{device.endpoint.host}:{device.endpoint.port}"
        self._scan_s = context.scan_s
        self._sink = sink
        self._clock = clock
        self._nodes, self._wrong_rows, self._wrong_address = _nodes_of(self.tags)
        self._rows = np.array(list(self.tags), np.intp)
        self._back_off = BackOff(_WAIT_SHARE * device.back_off_s, context.jitter)
        self._security = Security(device, context.folder, clock, self.counters)
        self._least_pause_s = 0.0
        self._session: Session | None = None
        self._resting = Resting(self.tags, context, self.counters)
        self._outages = context.outages.of(device.name)
        self._outages.begin(clock.wall_us())  # of the connection before this one, if that was live
        self._backfill = Backfill(device, self._nodes, self.tags, context)
        self._once = Once(clock, self.counters)
        self._tell = context.tell
        self.commands = LoopCommands(self.counters, self._write, self._answer)
        self._writer = Writer(sink, clock, self.counters)

    async def run(self) -> None:
        """Stay connected and carry out commands until cancelled.

        Before and after that nobody knows how the server's alarms stand.
        """
        self._tell(ConditionsUnknown(self.device.name))
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._keep_linked())
                tasks.create_task(self.commands.serve())
        finally:
            self._tell(ConditionsUnknown(self.device.name))

    def health(self) -> tuple[DeviceHealth, ...]:
        """Return how the server is doing; any thread."""
        return (self.counters.snapshot(),)

    def abort(self) -> None:
        """Shut the connection down from outside, for a loop that is stuck; any thread."""
        session = self._session
        if session is not None:
            session.abort()

    async def _keep_linked(self) -> None:
        """Stay connected until cancelled, or the queue is closed: the library may swallow a cancellation."""
        while not self.commands.is_closed:
            # The leave-taking may last a second: the values are marked before it.
            async with AsyncExitStack() as leave:
                self._take_down(await self._live_once(leave))
            self._back_off.failed(self._clock.mono_ns())
            pause_s = max(self._least_pause_s, (self._back_off.due_ns - self._clock.mono_ns()) / 1e9)
            await asyncio.sleep(pause_s)

    async def _live_once(self, leave: AsyncExitStack) -> str:
        """Connect with a new client and watch it; return in words why that ended. `leave` closes it."""
        self._least_pause_s = 0.0
        code = ""
        try:
            session = Session(self.device, self._nodes, self.tags, self._sink, self._clock, self.counters)
            leave.push_async_callback(session.close)
            problem = await session.open(self._scan_s, self._security)
            self._outages.end(self._clock.wall_us(), self._nodes, self._backfill.longest_us)
            self._writer.forget()
            self._session = session
            self._back_off.succeeded()
            self._mark(self._wrong_rows, Quality.BAD_CONFIGURATION_ERROR)
            if self.counters.enter(LinkState.CONNECTED, problem or self._wrong_address):
                _log.info("%s: connected", self.device.name)
            probe = ServerProbe(session.client, self._clock, self.counters)
            for beside in (probe.run(), self._resting.begin(session), self._backfill.run(session.client)):
                leave.callback(asyncio.create_task(beside).cancel)
            conditions = self._follow_alarms(session, leave)
            problem = await self._watch(session, conditions)
        except TimeoutError as error:
            self.counters.timed_out()
            return link_words(error)
        except SecurityError as error:
            problem = error.words
            self._least_pause_s = _USER_PAUSE_S if error.is_user else 0.0
        except UaError as error:
            problem, code = link_words(error), status_name(error)
        except OSError as error:
            endpoint = self.device.endpoint
            problem = connect_problem(error, f"{endpoint.host}:{endpoint.port}")
        except Exception as error:  # noqa: BLE001 - the border: logged with its traceback, shown as bad
            _log.exception("%s: the connection failed", self.device.name)
            return message("Internal error: {error}", error=str(error))
        finally:
            self._session = None
            self.counters.is_insecure = False
        self.counters.failed(problem, code)
        return problem

    def _follow_alarms(self, session: Session, leave: AsyncExitStack) -> ConditionWatch | None:
        """Follow the server's own alarms beside its values, if that is asked for."""
        if not self.device.alarms:
            return None
        watch = ConditionWatch(session.client, self.device.name, self._tell, self._clock, self.counters)
        leave.callback(asyncio.create_task(watch.run()).cancel)
        return watch

    async def _watch(self, session: Session, conditions: ConditionWatch | None) -> str:
        """Return what is wrong with the session as soon as something is; time itself is the trigger, so this polls."""

        def look() -> str:
            of_alarms = conditions.problem if conditions else ""
            return session.problem() or self._security.problem() or self._resting.problem or of_alarms

        while not (problem := look()):  # noqa: ASYNC110
            await asyncio.sleep(_WATCH_S)
        return problem

    async def _write(self, write: PendingWrite) -> None:
        row = write.request.tag
        tag, node = self.tags[row], self._nodes.get(row)
        problem = ""
        if node is None:
            problem = WRONG_ADDRESS
        elif not tag.writable:
            problem = message("{tag} is read only", tag=tag.name)
        elif tag.is_text:
            problem = message("{tag} is a text; only numbers can be written", tag=tag.name)
        elif self._session is None:
            problem = not_connected(self.device.name, self.counters.last_error)
        if problem or node is None or self._session is None:
            write.finish(WriteState.NOT_SENT, problem)
            return
        await self._writer.write(self._session, Target(row, tag, node), write)

    async def _answer(self, question: AnyQuestion) -> None:
        session, request = self._session, question.request
        if session is None:
            question.not_sent(not_connected(self.device.name, self.counters.last_error))
        elif isinstance(request, AckRequest):
            await acknowledge(session, Question(request, question.future), self._clock, self.counters)
        else:
            await self._once.answer(session, Question(request, question.future))

    def _take_down(self, words: str, quality: Quality = Quality.BAD_NO_COMMUNICATION) -> None:
        self._mark(self._rows, quality)
        self._outages.begin(self._clock.wall_us())
        self._tell(ConditionsUnknown(self.device.name))
        if self.counters.enter(LinkState.DOWN, words):
            _log.warning("%s: down: %s", self.device.name, words)

    def _mark(self, rows: TagIndices, quality: Quality) -> None:
        if len(rows):
            self._sink.offer(failure(rows, quality, self._clock.wall_us(), self._clock.mono_ns()))


def _nodes_of(tags: Mapping[int, Tag]) -> tuple[dict[int, ua.NodeId], TagIndices, str]:
    """Return the NodeIds by row, the rows whose address is none, and what is wrong with the first of them."""
    nodes: dict[int, ua.NodeId] = {}
    wrong: list[int] = []
    problem = ""
    for row, tag in tags.items():
        try:
            nodes[row] = ua.NodeId.from_string(tag.address)
        except (ValueError, UaError):
            wrong.append(row)
            problem = problem or message(
                "The address of {tag} is wrong: {address!r} is not a NodeId; write ns=2;s=NAME or ns=2;i=1001",
                tag=tag.name,
                address=tag.address,
            )
    return nodes, np.array(wrong, np.intp), problem
