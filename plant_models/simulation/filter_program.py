"""A bank of filters: in service, off, and backwash of one at a time. Loop thread only.

Each filter has `mode` (0 Off, 1 Manual: in service, washed on command only, 2 Auto: washed by head loss or hours too)
and `cmd` (1 backwash, 2 end the backwash or the wait for it; a refused command puts it back to 0). A filter that asks
while another is washed waits; the one that has waited longest comes next. A backwash ends when the process says so, or
at its longest time allowed.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Final

from plant_models.simulation.drive import Mode
from plant_models.simulation.plc_config import FilterBankConfig
from plant_models.simulation.program import PlantIO, Program, Setpoint, Variable

_WASHING: Final = 1.0
"""The process variable FILTER.state while the filter is washed."""


class FilterCommand(IntEnum):
    """What may be written to a filter's `cmd`."""

    NONE = 0
    BACKWASH = 1
    END = 2


class _Filter:
    """One filter of the bank."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.mode = Variable(Mode.AUTO, self._write_mode)
        self.cmd = Variable(FilterCommand.NONE, self._write_cmd)
        self.run, self.washing, self.waiting = Variable(1), Variable(), Variable()

    def variables(self) -> Mapping[str, Variable]:
        names = ("mode", "cmd", "run", "washing", "waiting")
        return {f"{self.name}.{name}": getattr(self, name) for name in names}

    def is_due(self, headloss_sp: float, hours_sp: float, plant: PlantIO) -> bool:
        if self.mode.value != Mode.AUTO:
            return False
        return plant.read(f"{self.name}.headloss") >= headloss_sp or plant.read(f"{self.name}.run_hours") >= hours_sp

    def end(self) -> None:
        self.washing.value = self.waiting.value = 0.0

    def _write_mode(self, wanted: float) -> None:
        if wanted in (Mode.OFF, Mode.MANUAL, Mode.AUTO):
            self.mode.value = wanted
            if wanted == Mode.OFF:
                self.end()

    def _write_cmd(self, wanted: float) -> None:
        is_busy = bool(self.washing.value or self.waiting.value)
        if wanted == FilterCommand.BACKWASH and self.mode.value != Mode.OFF and not is_busy:
            self.waiting.value = 1.0
        elif wanted == FilterCommand.END and is_busy:
            self.end()
        else:
            wanted = FilterCommand.NONE
        self.cmd.value = float(wanted)


class FilterBank(Program):
    """The program of one bank; see the module."""

    def __init__(self, config: FilterBankConfig) -> None:
        self._config = config
        self._filters = [_Filter(name) for name in config.filters]
        self._headloss_sp = Setpoint(config.headloss, 0.1, 10.0)
        self._hours_sp = Setpoint(config.hours, 1.0, 1000.0)
        self._washing = Variable()
        self._queue: list[_Filter] = []
        self._washed_s, self._has_begun = 0.0, False

    def variables(self) -> Mapping[str, Variable]:
        name = self._config.name
        found = {
            f"{name}.headloss_sp": self._headloss_sp,
            f"{name}.hours_sp": self._hours_sp,
            f"{name}.washing": self._washing,
        }
        for each in self._filters:
            found |= each.variables()
        return found

    def remarks(self) -> Iterable[str]:
        for each in self._filters:
            if each.washing.value:
                yield f"{each.name} in backwash"
            elif each.waiting.value:
                yield f"{each.name} waits for its backwash"

    def step(self, dt_s: float, plant: PlantIO) -> None:
        self._collect_requests(plant)
        self._wash(dt_s, plant)
        for each in self._filters:
            each.run.value = float(each.mode.value != Mode.OFF and not each.washing.value)
            plant.set(f"{each.name}.in_service", float(each.mode.value != Mode.OFF))
            plant.set(f"{each.name}.backwash", each.washing.value)

    def _collect_requests(self, plant: PlantIO) -> None:
        for each in self._filters:
            if not each.washing.value and each.is_due(self._headloss_sp.value, self._hours_sp.value, plant):
                each.waiting.value = 1.0
            if each.waiting.value and each not in self._queue:
                self._queue.append(each)
        self._queue = [each for each in self._queue if each.waiting.value]

    def _wash(self, dt_s: float, plant: PlantIO) -> None:
        current = next((each for each in self._filters if each.washing.value), None)
        if current:
            self._washed_s += dt_s
            if self._has_ended(current, plant):
                current.end()
                current = None
        if current is None and self._queue:
            current = self._queue.pop(0)
            current.waiting.value, current.washing.value = 0.0, 1.0
            self._washed_s, self._has_begun = 0.0, False
        self._washing.value = float(self._filters.index(current) + 1 if current else 0)

    def _has_ended(self, current: _Filter, plant: PlantIO) -> bool:
        """Tell whether the filter has run through its sequence, or took longer than is allowed."""
        if self._washed_s >= self._config.backwash_s:
            return True
        state = plant.read(f"{current.name}.state")
        self._has_begun = self._has_begun or state == _WASHING
        return self._has_begun and state != _WASHING
