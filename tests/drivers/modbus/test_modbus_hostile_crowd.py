"""Two dozen PLCs that misbehave at the same time, each in its own way, and two that don't. All on real sockets.

What each one shows afterwards: no wrong value was ever good, every request without a proper answer was counted once,
and it is read again (after refusals that last, such as an address that doesn't exist, only a minute later). What the
two well ones show: nothing of that has cost them a read.
"""

import logging
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from drivers.health import LinkState
from plant_models.quality import Quality
from tests.fakes.metronome import Metronome
from tests.fakes.modbus_server import SPOILING, Behaviour, HostileModbusServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import modbus_device, small_plant, tag
from tests.fakes.waiting import wait_until

PERIOD_S = 0.1
BEATS = 30
TIMEOUT_S = 1.0
"""Long enough for a busy machine: what is counted must come from the servers alone."""
CODES = (1, 2, 3, 4, 5, 6, 8, 10, 11)
UNCERTAIN = ("CLOSE_AFTER_REPLY",)
"""A request may cross the end of its connection: it counts as lost, and has never come."""
LASTING = ("EXCEPTION1", "EXCEPTION2", "EXCEPTION3")
WELL = ("WELL1", "WELL2")
BEHAVIOURS = {behaviour.name: behaviour for behaviour in sorted(SPOILING, key=lambda each: each.value)}
UNSPOILT = {name: Behaviour[name] for name in ("TRICKLE", "CLOSE_AFTER_REPLY")}
EXCEPTIONS = {f"EXCEPTION{code}": code for code in CODES}
HOSTILE = (*BEHAVIOURS, *UNSPOILT, *EXCEPTIONS)


class Crowd:
    """The servers by name, each with a value of its own in register 0."""

    def __init__(self, servers: dict[str, HostileModbusServer]) -> None:
        self.servers = servers
        self.values = {name: 1000.0 + number for number, name in enumerate(servers)}
        for name, server in servers.items():
            server.memory.holding[0] = int(self.values[name])

    def pool(self) -> RunningPool:
        devices = [modbus_device(name, server.port, timeout_s=TIMEOUT_S) for name, server in self.servers.items()]
        tags = [tag(f"{name}.V", name, "hr:0") for name in self.servers]
        return RunningPool(small_plant(devices, tags, PERIOD_S))

    def turn_bad(self) -> None:
        for name, behaviour in {**BEHAVIOURS, **UNSPOILT}.items():
            self.servers[name].behaviour = behaviour
        for name, code in EXCEPTIONS.items():
            self.servers[name].exception_code = code

    def turn_good(self) -> None:
        for server in self.servers.values():
            server.exception_code, server.behaviour = None, Behaviour.NORMAL

    def reads(self) -> int:
        """Return how often the well ones were read so far."""
        return sum(self.servers[name].reads for name in WELL)


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    with ExitStack() as stack:
        yield Crowd({name: stack.enter_context(HostileModbusServer()) for name in (*HOSTILE, *WELL)})


def test_a_crowd_of_hostile_plcs_gives_no_wrong_value_and_costs_the_others_nothing(
    crowd: Crowd, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    tags = [f"{name}.V" for name in crowd.servers]
    with crowd.pool() as pool:
        pool.wait_good(*tags)
        crowd.turn_bad()
        with Metronome(PERIOD_S) as metronome:
            reads = crowd.reads()
            wait_until(lambda: metronome.beats >= BEATS, 60, "the time of the faults")
            reads = crowd.reads() - reads
            beats = metronome.beats
        assert reads >= 0.95 * len(WELL) * beats - len(WELL), f"{reads} reads in {beats} beats"
        for name in LASTING:
            assert pool.sink.sample(f"{name}.V").quality == Quality.BAD_CONFIGURATION_ERROR, name
            assert crowd.servers[name].spoilt == pool.health(name).errors == 1, "it is asked again after a minute"
        crowd.turn_good()
        crowd_again = {name: server for name, server in crowd.servers.items() if name not in LASTING}
        pool.wait_good(*(f"{name}.V" for name in crowd_again))
        for name, server in crowd_again.items():
            health = pool.health(name)
            assert health.state is LinkState.CONNECTED
            assert pool.sink.good_values(f"{name}.V") == {crowd.values[name]}, name
            if name not in UNCERTAIN:
                assert health.timeouts + health.errors == server.spoilt, name
            assert (server.spoilt > 0) == (name in BEHAVIOURS or name in EXCEPTIONS), name
        assert pool.health("WELL1").reconnects == pool.health("WELL2").reconnects == 0
    assert caplog.records == [], "an exception left a worker"
