"""A server whose process is stopped, or killed and started again: never connected but mute, and live again in time."""

from collections.abc import Callable, Iterator

import pytest

from drivers.health import LinkState
from tests.fakes.opcua_outage import Outage, frozen, killed, wait_live, watching
from tests.fakes.opcua_process import NODE, OpcUaProcess
from tests.fakes.running_pool import RunningPool
from tests.fakes.waiting import wait_until

BAD_WITHIN_S, LIVE_WITHIN_S = 5.0, 10.0
TIMES = 10


@pytest.fixture(scope="module")
def server() -> Iterator[OpcUaProcess]:
    with OpcUaProcess() as one:
        yield one


@pytest.fixture
def pool(server: OpcUaProcess) -> Iterator[RunningPool]:
    with watching(server) as one:
        one.wait_good(NODE)
        yield one


def test_a_frozen_and_then_killed_server_is_noticed_and_found_again(server: OpcUaProcess, pool: RunningPool) -> None:
    server.freeze()
    pool.wait_bad(NODE)
    wait_until(lambda: "does not answer" in pool.health("UA").last_error, what="an attempt to connect in vain")
    server.thaw()
    wait_live(pool, pool.clock.wall_us() / 1e6)
    server.kill()
    pool.wait_bad(NODE)
    pool.wait_for("UA", LinkState.DOWN)
    server.start()
    wait_live(pool, pool.clock.wall_us() / 1e6)
    assert pool.health("UA").reconnects == 2


@pytest.mark.soak
@pytest.mark.parametrize(
    "suffer",
    [
        pytest.param(lambda server, pool: frozen(server, pool, 9.0), id="frozen for 9 s"),
        pytest.param(lambda server, pool: frozen(server, pool, 20.0), id="frozen for 20 s"),
        pytest.param(killed, id="killed"),
    ],
)
def test_every_outage_is_seen_and_over_in_time(
    server: OpcUaProcess, pool: RunningPool, suffer: Callable[[OpcUaProcess, RunningPool], Outage]
) -> None:
    outages = [suffer(server, pool) for _ in range(TIMES)]
    assert max(outage.bad_s for outage in outages) <= BAD_WITHIN_S, outages
    assert max(outage.live_s for outage in outages) <= LIVE_WITHIN_S, outages
