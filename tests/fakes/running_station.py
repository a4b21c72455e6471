"""A LocalStation of the pump plant on fake drivers, and what tests do to it."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from drivers.base import Pool, Sink
from plant_models.alarm_definition import AlarmDefinition
from plant_models.clock import Clock
from plant_models.device import Endpoint
from plant_models.history_settings import HistorySettings
from plant_models.plant import Plant
from plant_models.quality import Quality
from plant_models.tag import Tag
from station.local import LocalStation
from station.protocol import CommandRequest, CommandStatus
from station.session import Session
from tests.fakes.clock import ManualClock
from tests.fakes.pool import FakePool
from tests.fakes.pump_plant import pump_plant
from tests.fakes.waiting import wait_until

OPERATOR = Session(user="ada", roles=frozenset({"operator", "viewer"}), seat="desk 1", is_logged_on=True)
SUPERVISOR = Session(user="eve", roles=frozenset({"supervisor"}), seat="desk 2", is_logged_on=True)


class RunningStation:
    """`start` it, `stop` it. `pool` plays the devices, `clock` moves only by the test.

    The pump plant may get other alarms, and the tags F0, F1 ... as many as `floods`.
    """

    def __init__(
        self,
        folder: Path,
        alarms: tuple[AlarmDefinition, ...] = (),
        floods: int = 0,
        history: HistorySettings | None = None,
        clock: ManualClock | None = None,
    ) -> None:
        self.folder = folder
        self.clock = clock or ManualClock()
        plant = pump_plant()
        flood = tuple(Tag(name=f"F{number}", device="PLC", address=f"hr:{100 + number}") for number in range(floods))
        plant = replace(
            plant, alarms=alarms or plant.alarms, tags=(*plant.tags, *flood), history=history or plant.history
        )
        self.station = LocalStation(plant, folder, self.clock, make_pool=self._make_pool)
        self.pool: FakePool

    def _make_pool(
        self, plant: Plant, index: Mapping[str, int], sink: Sink, clock: Clock, endpoints: Mapping[str, Endpoint]
    ) -> Pool:
        self.pool = FakePool(plant, index, sink, clock, endpoints)
        return self.pool

    def start(self) -> None:
        self.station.start()

    def stop(self) -> None:
        self.station.stop()

    def put(self, values: Mapping[str, float], quality: int = Quality.GOOD) -> None:
        """Offer samples and wait until the station thread has applied them."""
        assert self.pool.put(values, quality)
        last = list(values)[-1]
        wait_until(lambda: self.station.table.sample(last).quality == quality, what=f"{last} in the table")
        wait_until(lambda: not self.station._queue.counts.queued, what="an empty queue")
        rounds = self.station._thread.rounds
        wait_until(lambda: self.station._thread.rounds > rounds, what="the alarms of this round")

    def put_ready(self) -> None:
        """Give every value of the pump: in Manual, no fault."""
        self.put({"P1.MODE": 1, "P1.CMD": 0, "P1.SPEED_SP": 30, "P1.FLT": 0})

    def command(self, tag: str, value: float, **more: str) -> CommandStatus:
        """Give a command and wait for its end."""
        request = CommandRequest(tag=tag, value=value, **more)  # type: ignore[arg-type]
        return asyncio.run(self.station.command(request, OPERATOR))

    def refusals(self, tag: str, value: float) -> tuple[str, ...]:
        return self.station.refusals(CommandRequest(tag=tag, value=value), OPERATOR)
