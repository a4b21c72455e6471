"""A hundred PLCs read ten times a second beside a window: is each read on time, and does a dead one cost the others?

The server notes when each request arrives. A schedule is a grid whose phase is that of the promptest read; how late a
read is against it, in parts of the period, is its error. A read that never came counts as a whole period.
"""

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.blocks_plant import CLOCK, Running, blocks_plant, running
from benchmarks.figure import Figure
from benchmarks.modbus_peer import ModbusPeer
from benchmarks.ticks import draw_a_little, tick_gaps_ms
from drivers.health import LinkState

DEVICES: Final = 100
MUTE: Final = 10
PERIOD_S: Final = 0.1
WINDOW_S: Final = 6.0
SETTLE_S: Final = 2.0
TICK_MS: Final = 16


@dataclass(frozen=True, slots=True)
class Window:
    """Some seconds: when requests arrived at each device, and the gaps between the ticks of the window's timer."""

    arrivals_ns: list[list[int]]
    gaps_ms: NDArray[np.float64]
    seconds: float

    def reads_per_s(self) -> NDArray[np.float64]:
        """Return the rate of each device."""
        return np.array([len(each) for each in self.arrivals_ns]) / self.seconds


def run() -> list[Figure]:
    """Return schedule, processor time, the window's rhythm, and what ten mute devices leave to the others."""
    idle_ms = _p99(tick_gaps_ms(TICK_MS, SETTLE_S, draw_a_little))
    with ModbusPeer(DEVICES) as peer, running(blocks_plant(peer.ports, 1, PERIOD_S)) as station:
        _window(peer, SETTLE_S)
        cpu_s, begun_s = time.process_time(), time.perf_counter()
        before = _window(peer, WINDOW_S)
        cpu_percent = 100 * (time.process_time() - cpu_s) / (time.perf_counter() - begun_s)
        peer.mute(MUTE)
        _window(peer, SETTLE_S)
        during = _window(peer, WINDOW_S)
        assert _down(station) == MUTE, "the mute devices are down and no other is"
    errors = np.concatenate([schedule_errors(each) for each in before.arrivals_ns])
    kept = during.reads_per_s()[MUTE:] / before.reads_per_s()[MUTE:]
    print(
        f"{before.reads_per_s().sum():.0f} reads/s; tick p99 {idle_ms:.1f} ms without drivers, "
        f"{_p99(during.gaps_ms):.1f} ms with {MUTE} devices mute; error median {np.median(errors):.1%}"
    )
    return [
        Figure("hundred_devices_schedule_error_p95", 100 * float(np.percentile(errors, 95)), "%", "<= 5"),
        Figure("hundred_devices_cpu_percent", cpu_percent, "%", "<= 20"),
        Figure("hundred_devices_gui_tick_p99_ms", _p99(before.gaps_ms), "ms", "<= 20"),
        Figure("isolation_rate_ratio", float(kept.min()), "", ">= 0.95"),
    ]


def schedule_errors(arrivals_ns: list[int]) -> NDArray[np.float64]:
    """Return how late each read of one device was, in parts of the period; 1 for each that is missing."""
    periods = np.array(arrivals_ns, np.float64) / (PERIOD_S * 1e9)
    places = np.round(periods - periods[0])
    late = periods - places
    missing = int(places[-1]) + 1 - len(set(places.tolist()))
    return np.concatenate([late - late.min(), np.ones(missing)])


def _window(peer: ModbusPeer, seconds: float) -> Window:
    """Run the window's loop and return what happened meanwhile."""
    peer.take_times()
    begun_ns = CLOCK.mono_ns()
    gaps_ms = tick_gaps_ms(TICK_MS, seconds, draw_a_little)
    return Window(peer.take_times(), gaps_ms, (CLOCK.mono_ns() - begun_ns) / 1e9)


def _down(station: Running) -> int:
    return sum(health.state is not LinkState.CONNECTED for health in station.pool.health())


def _p99(gaps_ms: NDArray[np.float64]) -> float:
    return float(np.percentile(gaps_ms, 99))
