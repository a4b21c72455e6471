"""An outage of up to seven days is filled from what the server remembers, after live values and beside them."""

from collections.abc import Iterator

import numpy as np
import pytest
from asyncua import ua

from drivers.outages import OutageBook, Outages
from plant_models.device import Endpoint
from plant_models.tag import DataType
from tests.fakes.cable import Cable
from tests.fakes.clock import SlowStartClock
from tests.fakes.past_sink import PastSink
from tests.fakes.running_pool import RunningPool
from tests.fakes.scripted_opcua_server import ScriptedOpcUaServer
from tests.fakes.small_plant import opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until

TAGS = [tag(f"T{number}", "UA", f"ns=2;i={number}", DataType.F64) for number in range(3)]
NAMES = ("T0", "T1", "T2")
SECOND = 1_000_000
HOUR = 3_600 * SECOND
LONGEST_US = 7 * 24 * HOUR


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.opcua.backfill._SETTLE_S", 0.05)
    monkeypatch.setattr("drivers.opcua.backfill._NO_ROOM_S", 0.01)


@pytest.fixture
def server() -> Iterator[ScriptedOpcUaServer]:
    with ScriptedOpcUaServer() as one:
        one.history[0] = one.history[1] = []
        yield one


@pytest.fixture
def past() -> PastSink:
    return PastSink()


@pytest.fixture
def cable(server: ScriptedOpcUaServer) -> Iterator[Cable]:
    with Cable(Endpoint("127.0.0.1", server.port)) as one:
        yield one


@pytest.fixture
def pool(server: ScriptedOpcUaServer, cable: Cable, past: PastSink) -> Iterator[RunningPool]:
    """Devices and station believe in a time two hours ago, until `cut` jumps: that is how long the outage is."""
    plant = small_plant([opcua_device("UA", cable.port, back_off_s=0.2)], TAGS, 0.05)
    server.ahead_us = -2 * HOUR
    with RunningPool(plant, past=past, clock=SlowStartClock(7_200)) as one:
        one.wait_good(*NAMES)
        yield one


def cut(
    server: ScriptedOpcUaServer, cable: Cable, pool: RunningPool, n: int = 5, ahead_us: int = 0
) -> list[tuple[int, float]]:
    """Break the connection off for two hours; return what the server remembers of them for its first two nodes."""
    cable.is_whole = False
    cable.reset()
    pool.wait_bad(*NAMES)
    begin_us = pool.clock.wall_us() + SECOND
    assert isinstance(pool.clock, SlowStartClock)
    pool.clock.jump()
    server.ahead_us = ahead_us
    rows = [(begin_us + number * (2 * HOUR // (n + 1)), float(number + 100)) for number in range(n)]
    server.history = dict.fromkeys((0, 1), rows) if n else {}
    cable.is_whole = True
    return rows


def wait_live(server: ScriptedOpcUaServer, pool: RunningPool, value: float) -> None:
    server.put(0, value)
    wait_until(lambda: pool.sink.sample("T0").value == value, what="live values")
    pool.wait_good(*NAMES)


def test_two_hours_come_page_by_page_after_live_values_and_never_among_them(
    server: ScriptedOpcUaServer, cable: Cable, pool: RunningPool, past: PastSink
) -> None:
    past.is_full = True
    rows = cut(server, cable, pool)
    wait_live(server, pool, 50.0)
    wait_until(lambda: past.refused > 2, what="a page that waits for room")
    wait_live(server, pool, 51.0)
    past.is_full = False
    wait_until(lambda: past.of(0) == rows and past.of(1) == rows, what="both nodes")
    assert past.of(2) == []
    assert server.history_reads == 3
    assert max(map(len, past.taken)) <= 2 * (server.page + 1)
    assert not pool.sink.good_values("T0") & {value for _, value in rows}
    gap = past.taken[0]
    assert gap.since_us < gap.marked_us < rows[0][0] < rows[-1][0] < gap.until_us
    assert gap.until_us - gap.marked_us > 2 * HOUR
    assert gap.unbroken_us == server.started_us


def test_a_link_that_is_lost_again_goes_on_where_it_was(
    server: ScriptedOpcUaServer, cable: Cable, pool: RunningPool, past: PastSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.opcua.backfill._PAUSE_S", 0.3)
    rows = cut(server, cable, pool, n=9)
    wait_live(server, pool, 50.0)
    wait_until(lambda: len(past.taken) == 2, what="two pages")
    cable.reset()
    pool.wait_bad(*NAMES)
    reads = server.history_reads
    monkeypatch.setattr("drivers.opcua.backfill._PAUSE_S", 0.0)
    wait_live(server, pool, 51.0)
    wait_until(lambda: past.of(0) == rows and past.of(1) == rows, what="all of both")
    assert server.history_reads - reads <= 5  # four for the rest of the first gap, one for the second
    assert past.samples < 2 * 2 * len(rows)
    assert len({part.until_us for part in past.taken}) == 1


def test_a_server_that_cuts_answers_short_is_asked_again(
    server: ScriptedOpcUaServer, cable: Cable, pool: RunningPool, past: PastSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.opcua.raw_history.VALUES_PER_NODE", 3)
    server.cuts_short, server.page = True, 3
    rows = cut(server, cable, pool, n=8)
    wait_live(server, pool, 50.0)
    wait_until(lambda: past.of(0) == rows and past.of(1) == rows, what="all of both")


def test_a_server_that_finds_a_page_too_much_gets_smaller_ones(
    server: ScriptedOpcUaServer, cable: Cable, pool: RunningPool, past: PastSink
) -> None:
    server.most_history_nodes = 1
    rows = cut(server, cable, pool)
    wait_live(server, pool, 50.0)
    wait_until(lambda: past.of(0) == rows and past.of(1) == rows, what="all of both")


def test_a_server_without_history_refuses_once_until_it_is_restarted(
    server: ScriptedOpcUaServer, cable: Cable, pool: RunningPool, past: PastSink
) -> None:
    server.answer_to_history = ua.StatusCodes.BadHistoryOperationUnsupported
    cut(server, cable, pool)
    wait_live(server, pool, 50.0)
    wait_until(lambda: server.history_reads == 1, what="a question")
    outages = pool.pool._context.outages.of("UA")
    wait_until(lambda: outages.newest is None, what="an end of asking")
    for reads, started_us in ((1, server.started_us), (2, pool.clock.wall_us())):
        server.started_us = started_us
        cable.reset()
        pool.wait_bad(*NAMES)
        wait_live(server, pool, 50.0 + reads)
        wait_until(lambda: outages.newest is None, what="an end of asking")
        assert server.history_reads == reads
    assert past.taken == []


def test_a_server_none_of_whose_nodes_has_history_is_not_asked(
    server: ScriptedOpcUaServer, cable: Cable, pool: RunningPool, past: PastSink
) -> None:
    cut(server, cable, pool, n=0)
    wait_live(server, pool, 50.0)
    wait_until(lambda: pool.pool._context.outages.of("UA").newest is None, what="an end of asking")
    assert (server.history_reads, past.taken) == (0, [])


def test_a_server_with_a_wrong_clock_is_not_believed_about_the_past(
    server: ScriptedOpcUaServer, cable: Cable, pool: RunningPool, past: PastSink
) -> None:
    cut(server, cable, pool, ahead_us=HOUR)
    wait_live(server, pool, 50.0)
    wait_until(lambda: pool.pool._context.outages.of("UA").newest is None, what="an end of asking")
    assert (server.history_reads, past.taken) == (0, [])


def test_a_stop_in_the_middle_leaves_nothing(
    server: ScriptedOpcUaServer, cable: Cable, pool: RunningPool, past: PastSink
) -> None:
    past.is_full = True
    cut(server, cable, pool)
    wait_live(server, pool, 50.0)
    wait_until(lambda: past.refused > 2, what="a page that waits for room")
    pool.pool.stop()
    refused = past.refused
    pool.clock.sleep(0.05)
    assert (past.refused, past.taken) == (refused, [])


def test_a_time_out_of_service_is_no_outage(
    server: ScriptedOpcUaServer, cable: Cable, pool: RunningPool, past: PastSink
) -> None:
    pool.pool.use({})
    pool.wait_bad(*NAMES)
    pool.pool.use(pool.plant.devices)
    pool.wait_good(*NAMES)
    assert pool.pool._context.outages.of("UA").newest is None
    assert (server.history_reads, past.taken) == (0, [])


def test_a_connection_that_takes_the_place_of_another_asks_for_the_time_between(
    server: ScriptedOpcUaServer, cable: Cable, pool: RunningPool, past: PastSink
) -> None:
    (link,) = pool.pool._links
    rows = [(pool.clock.wall_us(), 7.0)]
    server.history[0] = rows
    link.start_anew()
    wait_until(lambda: past.of(0) == rows, what="the value of a moment ago")


def test_an_outage_is_asked_for_from_before_it_was_noticed_and_no_further_back_than_allowed() -> None:
    outages = Outages()
    outages.begin(5 * HOUR)
    outages.end(6 * HOUR, [1, 2], LONGEST_US)
    assert outages.newest is None  # it never was live before
    outages.begin(7 * HOUR)
    outages.begin(8 * HOUR)
    outages.end(9 * HOUR, [1, 2], LONGEST_US)
    gap = outages.newest
    assert gap is not None
    assert (gap.since_us, gap.marked_us, gap.until_us) == (7 * HOUR - 15 * SECOND, 7 * HOUR, 9 * HOUR)
    assert gap.left == {1: gap.since_us, 2: gap.since_us}
    outages.begin(10 * HOUR)
    outages.end(10 * HOUR + LONGEST_US + 7, [1], LONGEST_US)
    newest = outages.newest
    assert newest is not None
    assert newest.since_us == 10 * HOUR + 7
    newest.left.clear()
    assert outages.newest is gap
    outages.begin(12 * HOUR)
    outages.end(13 * HOUR, [1], 0)
    assert outages.newest is gap


def test_a_link_that_comes_and_goes_for_days_keeps_its_newest_outages_only() -> None:
    outages = Outages()
    for hour in range(100):
        outages.end(hour * HOUR, [1], LONGEST_US)
        outages.begin(hour * HOUR + SECOND)
    found = []
    while (gap := outages.newest) is not None:
        found.append(gap.until_us // HOUR)
        gap.left.clear()
    assert found == list(np.arange(99, 49, -1))


def test_a_device_that_is_not_what_it_was_has_no_outages() -> None:
    book = OutageBook()
    outages = book.of("UA")
    assert book.of("UA") is outages
    book.forget("UA")
    book.forget("UA")
    assert book.of("UA") is not outages
