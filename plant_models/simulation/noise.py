"""Seeded disturbances that wander around zero and come back. The simulation's own thread."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class Wander:
    """Independent Ornstein-Uhlenbeck processes with mean 0; exact, so the spread doesn't depend on the step."""

    def __init__(
        self, count: int, spread: float | Sequence[float], return_s: float, random: np.random.Generator
    ) -> None:
        self._spread = np.broadcast_to(np.asarray(spread, dtype=np.float64), (count,))
        self._return_s = return_s
        self._random = random
        self.values: NDArray[np.float64] = self._spread * random.standard_normal(count)

    def step(self, dt_s: float) -> NDArray[np.float64]:
        """Move on by `dt_s` and return the (count,) new values; spread is their standard deviation."""
        keep = math.exp(-dt_s / self._return_s)
        kick = self._spread * math.sqrt(1.0 - keep * keep) * self._random.standard_normal(self._spread.size)
        self.values = self.values * keep + kick
        return self.values
