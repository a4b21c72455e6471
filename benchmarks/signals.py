"""A water plant's signals for the benchmarks of history: of 100 tags 20 levels, 15 pressures with transients, 20 flows,
10 analysers, 25 states and 10 totalizers, one value a second, as instruments and PLCs really give them.

Half of the levels and analysers come as steps of a 12-bit converter, scaled by the PLC; the rest has the decimals that
an instrument shows. Pressures are REALs of 32 bits. Stamps lie within 3 ms of the scan. A group of 100 tags depends on
its number and the seed alone, so that a large plant can be made piece by piece.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Times = NDArray[np.int64]

GROUP: Final = 100
START_US: Final = 1_700_000_000_000_000 // 86_400_000_000 * 86_400_000_000
"""A midnight, UTC."""
SCAN_US: Final = 1_000_000
JITTER_US: Final = 3_000
STEPS: Final = 4_095
"""Of a 12-bit converter."""


def group_values(group: int, seconds: int, seed: int = 1) -> Floats:
    """Return the values of 100 tags, shape (100, seconds)."""
    random = np.random.default_rng([seed, group])
    rows: list[Floats] = []
    for count, make in _MIX:
        rows += [make(random, number, seconds) for number in range(count)]
    return np.array(rows)


def group_times(group: int, seconds: int, resolution_us: int = 1_000, seed: int = 1) -> Times:
    """Return when they were sampled, shape (100, seconds): each tag by itself, up to 3 ms after the second begins."""
    random = np.random.default_rng([seed, group, 2])
    jitter = random.integers(0, JITTER_US, (GROUP, seconds))
    return START_US + np.arange(seconds) * SCAN_US + jitter // resolution_us * resolution_us


def stepped(tag: int) -> bool:
    """Tell whether a value of the tag holds until the next (states), or is a point of a slope."""
    return 65 <= tag % GROUP < 90


def _slow(random: np.random.Generator, seconds: int, size: float) -> Floats:
    """Return a daily swing and a wandering."""
    phase, period = random.uniform(0, 6.28), random.uniform(5_000, 90_000)
    wander = np.cumsum(random.normal(0, size / 3_000, seconds))
    return size * np.sin(np.arange(seconds) * 6.28 / period + phase) + wander


def _converted(values: Floats, span: float) -> Floats:
    return np.rint(values / span * STEPS) * span / STEPS


def _level(random: np.random.Generator, number: int, seconds: int) -> Floats:
    metres = 3 + _slow(random, seconds, 0.8) + random.normal(0, 0.002, seconds)
    return _converted(metres, 5.0) if number % 2 else np.round(metres, 3)


def _pressure(random: np.random.Generator, _number: int, seconds: int) -> Floats:
    """Return bar, with a surge that rings for half a minute every half hour or so."""
    bar = 4 + _slow(random, seconds, 0.15) + random.normal(0, 0.02, seconds)
    for start in np.flatnonzero(random.random(seconds) < 1 / 1_800):
        t = np.arange(min(120, seconds - start))
        bar[start : start + 120] -= random.uniform(0.5, 2.75) * np.exp(-t / 10) * np.cos(t / 2)
    return np.round(bar, 2).astype(np.float32).astype(np.float64)


def _flow(random: np.random.Generator, _number: int, seconds: int) -> Floats:
    flow = 120 + _slow(random, seconds, 30) + random.normal(0, 0.9, seconds)
    return np.round(flow, 1)


def _analyser(random: np.random.Generator, number: int, seconds: int) -> Floats:
    """Return mg/l; the instrument measures every other second and holds."""
    measured = np.arange(seconds) // 2 * 2
    mg = 0.8 + _slow(random, seconds, 0.1)[measured] + random.normal(0, 0.003, seconds)[measured]
    return _converted(mg, 2.0) if number % 2 else np.round(mg, 3)


def _state(random: np.random.Generator, number: int, seconds: int) -> Floats:
    """Return 0 to 3, changed every 586 s on average."""
    return (np.cumsum(random.random(seconds) < 1 / 586) * (1 + number % 3) % 4).astype(np.float64)


def _totalizer(random: np.random.Generator, _number: int, seconds: int) -> Floats:
    """Return m³ with two decimals."""
    flow = np.abs(120 + _slow(random, seconds, 30))
    return np.round(random.uniform(1e4, 1e6) + np.cumsum(flow / 3_600), 2)


_MIX: Final[tuple[tuple[int, Callable[[np.random.Generator, int, int], Floats]], ...]] = (
    (20, _level),
    (15, _pressure),
    (20, _flow),
    (10, _analyser),
    (25, _state),
    (10, _totalizer),
)
