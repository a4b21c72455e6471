"""Servers that lose messages, take few items, or send what the library must read: nothing is missing or wrong."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
from asyncua import ua

from drivers.opcua import publishing
from drivers.opcua.channel import Channel, number_of
from plant_models.quality import Quality
from plant_models.tag import DataType, Tag
from tests.fakes.running_pool import RunningPool
from tests.fakes.scripted_opcua_server import ScriptedOpcUaServer
from tests.fakes.small_plant import opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until

LAST = 2**32 - 1


def tags(n: int) -> list[Tag]:
    return [tag(f"T{number}", "UA", f"ns=2;i={number}", DataType.F64) for number in range(n)]


def running(server: ScriptedOpcUaServer, n: int) -> RunningPool:
    return RunningPool(small_plant([opcua_device("UA", server.port)], tags(n), 0.1))


@pytest.fixture
def server() -> Iterator[ScriptedOpcUaServer]:
    with ScriptedOpcUaServer() as one:
        yield one


@pytest.fixture
def pool(server: ScriptedOpcUaServer) -> Iterator[RunningPool]:
    with running(server, 3) as one:
        one.wait_good("T0", "T1", "T2")
        yield one


def was_ever(pool: RunningPool, name: str, quality: Quality) -> bool:
    row = pool.sink.table.index[name]
    return any(
        quality in batch.qualities[batch.tags == row]
        for batch in list(pool.sink.batches)
        if batch.qualities is not None
    )


def test_a_lost_message_is_asked_for_again_and_its_values_come_in_order(
    server: ScriptedOpcUaServer, pool: RunningPool
) -> None:
    server.lose = 1
    server.put(0, 1.0)
    server.put(1, 5.0)
    wait_until(lambda: not server.lose)
    server.put(0, 2.0)
    wait_until(lambda: pool.sink.sample("T0").value == 2.0)
    wait_until(lambda: pool.sink.sample("T1").value == 5.0)
    assert pool.sink.good_values("T0") == {0.0, 1.0, 2.0}
    assert (server.republished, server.reads) == (1, 0)
    assert not was_ever(pool, "T0", Quality.UNCERTAIN_LAST_USABLE)


def test_messages_that_the_server_no_longer_has_make_all_values_uncertain_until_they_are_read(
    server: ScriptedOpcUaServer, pool: RunningPool
) -> None:
    server.keeps_lost = False
    server.lose = 1
    server.put(0, 1.0)
    wait_until(lambda: pool.sink.sample("T0").value == 1.0)
    pool.wait_good("T0", "T1", "T2")
    assert was_ever(pool, "T2", Quality.UNCERTAIN_LAST_USABLE)
    assert server.reads == 1
    assert "Messages of the server were lost (1)" in pool.health("UA").last_error
    assert pool.health("UA").reconnects == 0


def test_what_is_bad_never_looks_better_while_it_is_read_again(server: ScriptedOpcUaServer, pool: RunningPool) -> None:
    server.put(0, math.nan)
    pool.wait_bad("T0")
    server.keeps_lost = False
    server.lose = 1
    server.put(1, 1.0)
    wait_until(lambda: pool.sink.sample("T1").value == 1.0)
    assert was_ever(pool, "T1", Quality.UNCERTAIN_LAST_USABLE)
    assert not was_ever(pool, "T0", Quality.UNCERTAIN_LAST_USABLE)


def test_a_long_gap_is_read_again_at_once(server: ScriptedOpcUaServer, pool: RunningPool) -> None:
    server.subscriptions[1].sequence += 25
    server.put(0, 4.0)
    wait_until(lambda: server.reads == 1)
    wait_until(lambda: pool.sink.sample("T0").value == 4.0)
    pool.wait_good("T0", "T1", "T2")
    assert server.republished == 0


def test_the_very_first_message_may_be_lost_too() -> None:
    with ScriptedOpcUaServer() as server:
        server.lose = 1
        server.put(1, 7.0)
        with running(server, 3) as pool:
            pool.wait_good("T0", "T1", "T2")
            assert pool.sink.sample("T1").value == 7.0
            assert server.republished == 1


def test_a_server_of_few_items_each_gets_further_subscriptions() -> None:
    with ScriptedOpcUaServer(most_items=7, most_per_call=4) as server, running(server, 20) as pool:
        names = [f"T{number}" for number in range(20)]
        pool.wait_good(*names)
        assert [len(one.nodes) for one in server.subscriptions.values()] == [7, 7, 6]
        server.put(19, 3.5)
        wait_until(lambda: pool.sink.sample("T19").value == 3.5)
        assert pool.health("UA").errors == 0


def test_a_server_that_takes_no_items_at_all_refuses_each_of_them() -> None:
    with ScriptedOpcUaServer(most_items=0) as server, running(server, 2) as pool:
        pool.wait_bad("T0", "T1")
        assert pool.sink.sample("T0").quality == 0x80DB  # BadTooManyMonitoredItems
        assert "The server refuses T0: BadTooManyMonitoredItems" in pool.health("UA").last_error


def test_a_server_of_few_subscriptions_refuses_what_is_too_much() -> None:
    with ScriptedOpcUaServer(most_items=2) as server:
        server.most_subscriptions = 1
        with running(server, 3) as pool:
            pool.wait_good("T0", "T1")
            pool.wait_bad("T2")
            assert "The server refuses T2: BadTooManySubscriptions" in pool.health("UA").last_error


def test_a_server_that_is_slower_than_asked_is_told_of() -> None:
    with ScriptedOpcUaServer() as server:
        server.slower = 3.0
        with running(server, 2) as pool:
            pool.wait_good("T0", "T1")
            assert pool.health("UA").last_error == "The server sends every 0.3 s, not every 0.1 s as asked"


@pytest.mark.parametrize("status", [ua.StatusCodes.BadSessionIdInvalid, ua.StatusCodes.BadNoSubscription])
def test_a_server_that_forgot_us_is_found_at_once(server: ScriptedOpcUaServer, pool: RunningPool, status: int) -> None:
    server.answer_to_publish = status
    wait_until(lambda: pool.health("UA").reconnects == 1)
    pool.wait_good("T0", "T1", "T2")
    assert len(server.subscriptions) == 2


def test_an_unknown_version_of_the_library_reads_by_itself(
    server: ScriptedOpcUaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "read_publish", lambda _: pytest.fail("not asked for"))
    monkeypatch.setattr(publishing, "is_library_known", lambda: False)
    with running(server, 3) as pool:
        pool.wait_good("T0", "T1", "T2")
        server.put(2, 4.5)
        wait_until(lambda: pool.sink.sample("T2").value == 4.5)


def test_what_nobody_can_read_ends_the_session(server: ScriptedOpcUaServer) -> None:
    with running(server, 3) as pool:
        pool.wait_good("T0", "T1", "T2")
        server.spoil = 1
        server.put(0, 9.0)
        wait_until(lambda: pool.health("UA").reconnects == 1)
        pool.wait_good("T0", "T1", "T2")
        assert pool.sink.sample("T0").value == 9.0
        assert pool.health("UA").errors == 1


@pytest.mark.parametrize(
    ("heard", "sequence", "has_data", "missing"),
    [
        ([], 1, True, []),
        ([], 1, False, []),
        ([1, 2], 3, True, []),
        ([1, 2], 3, False, []),
        ([1, 2], 5, True, [3, 4]),
        ([1, 2], 4, False, [3]),
        ([1, 2], 2, True, []),
        ([LAST - 1], LAST, True, []),
        ([LAST], 1, True, []),
        ([LAST - 1], 2, True, [LAST, 1]),
    ],
)
def test_numbers_of_messages_show_what_is_missing(
    heard: list[int], sequence: int, has_data: bool, missing: list[int]
) -> None:
    """Part 4, 5.14.1: numbers begin at 1, come back to 1 after the last, and a keep-alive has the next one."""
    channel = Channel(1, 1.0, 0)
    for number in heard:
        channel.missing_before(number, has_data=True)
    assert [number_of(position) for position in channel.missing_before(sequence, has_data)] == missing


@pytest.mark.parametrize(("keep_alive_s", "mute_s"), [(0.1, 2.0), (1.0, 3.0), (1.5, 4.5), (2.0, 4.5), (10.0, 15.0)])
def test_a_channel_is_mute_after_three_keep_alives_or_sooner(keep_alive_s: float, mute_s: float) -> None:
    channel = Channel(1, keep_alive_s, now_ns=0)
    assert not channel.is_mute(round(mute_s * 1e9))
    assert channel.is_mute(round(mute_s * 1e9) + 1)


def test_rows_are_said_to_be_alive_no_more_often_than_needed() -> None:
    channel = Channel(1, 1.0, now_ns=0)
    assert not channel.is_to_tell(100, 50)
    channel.add([3, 4])
    assert channel.is_to_tell(100, 50)
    assert not channel.is_to_tell(149, 50)
    assert channel.is_to_tell(150, 50)
    assert np.array_equal(channel.rows, [3, 4])
