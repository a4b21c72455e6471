"""One outage of an OPC UA server, timed: how soon its tag is bad, and how soon it is live again."""

from dataclasses import dataclass
from typing import Final

from plant_models.clock import SystemClock
from plant_models.quality import Quality, is_bad
from plant_models.tag import DataType
from tests.fakes.opcua_process import NODE, OpcUaProcess
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until

KILL_DOWN_S: Final = 12.0
"""How long a killed server stays away; by then attempts to connect are as rare as they get."""
_LIMIT_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Outage:
    """Seconds from its begin to bad quality, and from its end to a good value that was made after it."""

    bad_s: float
    live_s: float


def watching(server: OpcUaProcess) -> RunningPool:
    """Return a pool that watches the server with the settings a plant folder has by default."""
    device = opcua_device("UA", server.port, timeout_s=1.0, back_off_s=10.0)
    return RunningPool(small_plant([device], [tag(NODE, "UA", f"ns=2;s={NODE}", DataType.F64)], 1.0))


def frozen(server: OpcUaProcess, pool: RunningPool, seconds: float) -> Outage:
    """Freeze the server for some seconds."""
    clock = SystemClock()
    server.freeze()
    begin_ns = clock.mono_ns()
    bad_s = _bad_after(pool, begin_ns)
    clock.sleep(seconds - (clock.mono_ns() - begin_ns) / 1e9)
    server.thaw()
    return Outage(bad_s, _live_after(pool))


def killed(server: OpcUaProcess, pool: RunningPool) -> Outage:
    """Kill the server and start it again after a while."""
    clock = SystemClock()
    server.kill()
    bad_s = _bad_after(pool, clock.mono_ns())
    clock.sleep(KILL_DOWN_S)
    server.start()
    return Outage(bad_s, _live_after(pool))


def wait_live(pool: RunningPool, since_s: float) -> None:
    """Wait for a good value that the server made after `since_s` (wall time)."""

    def is_live() -> bool:
        sample = pool.sink.sample(NODE)
        return sample.quality == Quality.GOOD and sample.value > since_s

    wait_until(is_live, _LIMIT_S, "live data")


def _bad_after(pool: RunningPool, begin_ns: int) -> float:
    wait_until(lambda: is_bad(pool.sink.sample(NODE).quality), _LIMIT_S, "bad quality")
    return (pool.clock.mono_ns() - begin_ns) / 1e9


def _live_after(pool: RunningPool) -> float:
    end_ns = pool.clock.mono_ns()
    wait_live(pool, pool.clock.wall_us() / 1e6)
    return (pool.clock.mono_ns() - end_ns) / 1e9
