"""A duty/standby pump group kept by the level band of the tank it fills. Loop thread only.

Auto: below `start_sp` one pump is wanted, above `stop_sp` none, between them what was wanted before (hysteresis);
below the optional `assist` level the standby helps until `start_sp` is reached again. The duty turns over each time
the group has done its job, and at once when the duty pump trips or leaves Auto. A pump that started is kept for
`min_run_s`, one that stopped is left for `min_off_s`, both plant time; a person in Manual is not held by these. A bad
level changes nothing.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Final

from plant_models.simulation.drive import Drive
from plant_models.simulation.plc_config import PumpGroupConfig
from plant_models.simulation.program import PlantIO, Program, Setpoint, Variable

SPEED_RANGE: Final = (25.0, 50.0)
_SUCTION_RECOVERY: Final = 1.1  # times the limit before pumps may run again


class PumpGroup(Program):
    """The program of one group; see the module."""

    def __init__(self, config: PumpGroupConfig) -> None:
        self._config = config
        self._drives = [Drive(name) for name in config.pumps]
        self._order = list(self._drives)
        self._duty = {drive.name: Variable(rank) for rank, drive in enumerate(self._drives, 1)}
        self._speeds = {drive.name: Setpoint(config.speed, *SPEED_RANGE) for drive in self._drives}
        self._start_sp = Variable(config.start, self._write_start)
        self._stop_sp = Variable(config.stop, self._write_stop)
        self._running, self._inhibited = Variable(), Variable()
        self._wanted: int | None = None

    def variables(self) -> Mapping[str, Variable]:
        found: dict[str, Variable] = {}
        for drive in self._drives:
            found |= drive.variables()
            found[f"{drive.name}.duty"] = self._duty[drive.name]
            found[f"{drive.name}.speed_sp"] = self._speeds[drive.name]
        group = {
            "start_sp": self._start_sp,
            "stop_sp": self._stop_sp,
            "running": self._running,
            "inhibited": self._inhibited,
        }
        return found | {f"{self._config.name}.{name}": variable for name, variable in group.items()}

    def trip(self, equipment: str) -> bool:
        drive = next((drive for drive in self._drives if drive.name == equipment), None)
        if drive:
            drive.trip()
        return drive is not None

    def remarks(self) -> Iterable[str]:
        for drive in self._drives:
            yield from drive.remarks()
        if self._inhibited.value:
            yield f"{self._config.name} held by low suction"

    def step(self, dt_s: float, plant: PlantIO) -> None:
        self._check_suction(plant)
        self._judge_level(plant.read(self._config.level))
        self._pass_duty()
        self._adjust()
        for drive in self._drives:
            drive.step(dt_s)
            plant.set(f"{drive.name}.speed_ref", self._speeds[drive.name].value)
            plant.set(f"{drive.name}.on", drive.run.value)
        self._running.value = sum(drive.is_running for drive in self._drives)

    def _check_suction(self, plant: PlantIO) -> None:
        if not self._config.suction:
            return
        level, limit = plant.read(self._config.suction), self._config.suction_min
        if level < limit:
            self._inhibited.value = 1.0
        elif level > limit * _SUCTION_RECOVERY:
            self._inhibited.value = 0.0
        for drive in self._drives:
            drive.is_permitted = not self._inhibited.value

    def _judge_level(self, level: float) -> None:
        """Decide how many pumps are wanted; a plant that starts inside its band begins with one."""
        if math.isnan(level):
            return
        before = self._wanted
        if level > self._stop_sp.value:
            self._wanted = 0
        elif self._config.assist is not None and level < self._config.assist:
            self._wanted = 2
        elif before is None or level < self._start_sp.value:
            self._wanted = max(before or 0, 1)
        elif before == 2:
            self._wanted = 1
        if before and not self._wanted:
            self._turn_over()

    def _pass_duty(self) -> None:
        """Hand the duty on while its pump can't run by itself, if another can."""
        if any(drive.is_automatic for drive in self._drives):
            while not self._order[0].is_automatic:
                self._turn_over()

    def _turn_over(self) -> None:
        self._order.append(self._order.pop(0))
        for rank, drive in enumerate(self._order, 1):
            self._duty[drive.name].value = float(rank)

    def _adjust(self) -> None:
        """Start or stop at most one pump towards the wanted number; pumps run by hand count."""
        wanted = self._wanted or 0
        running = sum(drive.is_running for drive in self._drives)
        if running < wanted and not self._inhibited.value:
            rested = [d for d in self._order if not d.is_running and d.since_s >= self._config.min_off_s]
            self._switch(rested, True)
        elif running > wanted:
            worn_in = [d for d in reversed(self._order) if d.is_running and d.since_s >= self._config.min_run_s]
            self._switch(worn_in, False)

    def _switch(self, candidates: list[Drive], is_on: bool) -> None:
        first = next((drive for drive in candidates if drive.is_automatic), None)
        if first:
            first.order(is_on)

    def _write_start(self, wanted: float) -> None:
        if 0.0 <= wanted < self._stop_sp.value:
            self._start_sp.value = wanted

    def _write_stop(self, wanted: float) -> None:
        if self._start_sp.value < wanted <= 100.0:
            self._stop_sp.value = wanted
