"""What every program of a virtual PLC has in common: variables, and the plant it works on. Loop thread only."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol


class Variable:
    """One value of a program. `on_write` takes what a client writes and may refuse it; without it, it is read-only."""

    __slots__ = ("on_write", "value")

    def __init__(self, value: float = 0.0, on_write: Callable[[float], None] | None = None) -> None:
        self.value = float(value)
        self.on_write = on_write


class Setpoint(Variable):
    """A writable value that keeps within `low`…`high`: a write beyond an end takes the end, as a PLC's limiter does."""

    __slots__ = ()

    def __init__(self, value: float, low: float, high: float) -> None:
        def limit(wanted: float) -> None:
            self.value = min(max(wanted, low), high)

        super().__init__(value, limit)
        limit(value)


class PlantIO(Protocol):
    """The plant as a PLC sees it: through its sensors and actuators."""

    def read(self, variable: str) -> float:
        """Return what the sensor of a process variable says; NaN if it says nothing."""

    def set(self, variable: str, value: float) -> None:
        """Drive an actuator of the process."""


class Program(ABC):
    """A piece of local control logic. `dt_s` is plant time."""

    @abstractmethod
    def variables(self) -> Mapping[str, Variable]:
        """Return its variables by full name; the same objects as long as it lives."""

    @abstractmethod
    def step(self, dt_s: float, plant: PlantIO) -> None:
        """Read sensors, decide, drive actuators."""

    def trip(self, equipment: str) -> bool:  # noqa: ARG002 a program without drives
        """Trip a drive with a latched fault; False if it isn't one of this program's."""
        return False

    def remarks(self) -> Iterable[str]:
        """Return what isn't normal, in words."""
        return ()


class Totals(Program):
    """Totalisers: `ASSET.total` in m³ integrates the signed flow `ASSET.<quantity>` in m³/h over plant time."""

    def __init__(self, flows: tuple[str, ...]) -> None:
        self._totals = {flow: Variable() for flow in flows}

    def variables(self) -> Mapping[str, Variable]:
        return {flow.rpartition(".")[0] + ".total": total for flow, total in self._totals.items()}

    def step(self, dt_s: float, plant: PlantIO) -> None:
        for flow, total in self._totals.items():
            now = plant.read(flow)
            if math.isfinite(now):
                total.value += now * dt_s / 3600.0
