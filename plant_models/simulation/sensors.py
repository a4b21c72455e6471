"""Sensors: between the process and all who read it, with faults given by a teacher or a test. Loop thread only."""

import math
import random
from collections.abc import Callable, Mapping
from typing import Final, Protocol

FAULTS: Final = ("stuck", "drift", "nan", "inf", "noisy", "value")
"""What can be wrong with a sensor; "value" makes it say a given value."""


class ProcessView(Protocol):
    """What the sensor layer needs of the process."""

    def get(self, variable: str) -> float:
        """Return the true value of a variable."""

    def set(self, variable: str, value: float) -> None:
        """Drive an actuator."""


_Fault = Callable[[float], float]
"""true value -> what the sensor says"""


class Sensors:
    """The plant as the PLCs see it (PlantIO). While `failure` says why the physics fails, all sensors say NaN."""

    def __init__(self, process: ProcessView, seed: int = 1) -> None:
        self._process = process
        self._random = random.Random(seed)  # noqa: S311 noise, not a secret
        self._faults: dict[str, _Fault] = {}
        self._kinds: dict[str, str] = {}
        self._plant_s = 0.0
        self.failure = ""

    @property
    def faults(self) -> Mapping[str, str]:
        """The kind of fault of each faulty variable."""
        return dict(self._kinds)

    def advance(self, dt_s: float) -> None:
        """Let plant time pass, by which drift grows."""
        self._plant_s += dt_s

    def read(self, variable: str) -> float:
        return self.sense(variable, self.truth(variable))

    def truth(self, variable: str) -> float:
        """Return a process variable as it really is; NaN while the physics fails."""
        return math.nan if self.failure else self._process.get(variable)

    def sense(self, variable: str, truth: float) -> float:
        """Return what the sensor of `variable` makes of its true value."""
        fault = self._faults.get(variable)
        return fault(truth) if fault else truth

    def set(self, variable: str, value: float) -> None:
        self._process.set(variable, value)

    def fail(self, variable: str, kind: str, amount: float, truth: float) -> None:
        """Give a sensor a fault; `amount` is the drift per minute of plant time, the noise's sigma, or the value.

        Raises:
            ValueError: no such kind.
        """
        if kind not in FAULTS:
            raise ValueError(f"unknown sensor fault {kind!r}; there are {', '.join(FAULTS)}")
        start_s = self._plant_s
        faults: dict[str, _Fault] = {
            "stuck": lambda _: truth,
            "drift": lambda value: value + amount * (self._plant_s - start_s) / 60.0,
            "nan": lambda _: math.nan,
            "inf": lambda _: math.inf,
            "noisy": lambda value: value + self._random.gauss(0.0, amount),
            "value": lambda _: amount,
        }
        self._faults[variable], self._kinds[variable] = faults[kind], kind

    def clear(self, variable: str) -> None:
        """Mend a sensor; one that works is left alone."""
        self._faults.pop(variable, None)
        self._kinds.pop(variable, None)
