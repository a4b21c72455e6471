"""A station without threads, files or sockets: a real tag table, and commands that end as the test says."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from drivers.health import DeviceHealth, LinkState
from plant_models.batch import samples, text_code
from plant_models.clock import Clock, SystemClock
from plant_models.message import joined, message
from plant_models.plant import Plant
from plant_models.quality import Quality
from plant_models.tag_table import TagTable
from station.protocol import CommandRequest, CommandState, CommandStatus, QueueHealth, StationHealth
from station.session import Session


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ends; a `readback` of None with VERIFIED is the commanded value."""

    state: CommandState = CommandState.VERIFIED
    readback: float | None = None
    message: str = ""


class FakeStation:
    """Fulfils `station.protocol.Station`. Everything runs in the thread of the test.

    `put` plays the plant. `answers` and `reasons` (by tag) say how commands end and why they are refused; without them
    a command is verified and its value appears in the table. Every awaitable takes `delay_s`. `requests` remembers all.
    """

    def __init__(self, plant: Plant, clock: Clock | None = None, delay_s: float = 0.0) -> None:
        self.plant = plant
        self.clock = clock or SystemClock()
        self.table = TagTable(plant.tags, plant.scan_s, self.clock)
        self.delay_s = delay_s
        self.answers: dict[str, Answer] = {}
        self.reasons: dict[str, tuple[str, ...]] = {}
        self.requests: list[tuple[CommandRequest, Session]] = []
        self.health = StationHealth(
            is_evaluated=True,
            devices=tuple(
                DeviceHealth(device=name, state=LinkState.CONNECTED, since_us=self.clock.wall_us())
                for name in plant.devices
            ),
            queue=QueueHealth(0, 0, 0, 0),
        )
        self._last: dict[str, CommandStatus] = {}

    def put(self, values: Mapping[str, float | str], quality: int = Quality.GOOD) -> None:
        """Give tags values as if a device had just sent them."""
        texts = [value if isinstance(value, str) else None for value in values.values()]
        numbers = [text_code(value) if isinstance(value, str) else value for value in values.values()]
        rows = [self.table.index[name] for name in values]
        stamps = self.clock.wall_us(), self.clock.mono_ns()
        self.table.apply(samples(rows, numbers, quality, *stamps, texts=texts))

    def put_link(self, device: str, state: LinkState, last_error: str = "") -> None:
        """Set the link state of one device in the health."""
        changed = DeviceHealth(device=device, state=state, since_us=self.clock.wall_us(), last_error=last_error)
        devices = tuple(changed if old.device == device else old for old in self.health.devices)
        self.health = replace(self.health, devices=devices)

    def last_command(self, tag: str) -> CommandStatus | None:
        return self._last.get(tag)

    def refusals(self, request: CommandRequest, session: Session) -> tuple[str, ...]:
        if request.tag not in self.table.index:
            return (message("There is no tag {tag}", tag=request.tag),)
        return self.reasons.get(request.tag, ())

    async def command(self, request: CommandRequest, session: Session) -> CommandStatus:
        self.requests.append((request, session))
        reasons = self.refusals(request, session)
        if reasons:
            return self._note(request, session, Answer(CommandState.REJECTED, message=joined(reasons)))
        self._note(request, session, Answer(CommandState.PENDING))
        await asyncio.sleep(self.delay_s)
        answer = self.answers.get(request.tag, Answer())
        if answer.state is CommandState.VERIFIED and answer.readback is None:
            answer = replace(answer, readback=request.value)
        if answer.state is CommandState.VERIFIED and answer.readback is not None:
            self.put({request.tag: answer.readback})
        return self._note(request, session, answer)

    def _note(self, request: CommandRequest, session: Session, answer: Answer) -> CommandStatus:
        status = CommandStatus(
            request=request,
            user=session.user,
            state=answer.state,
            at_us=self.clock.wall_us(),
            readback=answer.readback,
            message=answer.message,
        )
        self._last[request.tag] = status
        return status
