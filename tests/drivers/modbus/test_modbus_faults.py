"""PLCs that misbehave on real sockets, at start and in the middle. No wrong value may ever look good."""

import logging
import socket
from collections.abc import Iterator

import pytest

from drivers.health import LinkState
from plant_models.quality import Quality
from plant_models.tag import DataType
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import modbus_device, small_plant, tag
from tests.fakes.waiting import wait_until

GOOD_VALUE = 4711.0
TAGS = ("LEVEL", "FLOW")

BAD_REPLIES = [
    Behaviour.WRONG_TRANSACTION,
    Behaviour.WRONG_UNIT,
    Behaviour.WRONG_FUNCTION,
    Behaviour.LYING_BYTE_COUNT,
    Behaviour.FEWER_REGISTERS,
    Behaviour.GARBAGE,
    Behaviour.TRUNCATED,
    Behaviour.CLOSE_INSTEAD,
    Behaviour.MUTE,
]


@pytest.fixture
def plc() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as server:
        server.memory.holding.update({0: int(GOOD_VALUE), 1: 7})
        yield server


def running(plc: HostileModbusServer, **settings: object) -> RunningPool:
    device = modbus_device("PLC", plc.port, **settings)
    return RunningPool(small_plant([device], [tag("LEVEL", "PLC", "hr:0"), tag("FLOW", "PLC", "hr:1")]))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_plc_that_is_absent_at_start_gives_no_communication() -> None:
    device = modbus_device("PLC", free_port())
    with RunningPool(small_plant([device], [tag("LEVEL", "PLC", "hr:0")])) as pool:
        pool.wait_bad("LEVEL")
        assert pool.sink.sample("LEVEL").quality == Quality.BAD_NO_COMMUNICATION
        health = pool.health("PLC")
        assert health.state is LinkState.DOWN
        assert "connection was refused" in health.last_error


def test_a_plc_that_comes_later_is_found(plc: HostileModbusServer) -> None:
    plc.behaviour = Behaviour.MUTE
    with running(plc) as pool:
        pool.wait_bad(*TAGS)
        plc.behaviour = Behaviour.NORMAL
        pool.wait_good(*TAGS)
        assert pool.sink.values(TAGS) == [GOOD_VALUE, 7.0]


def test_a_plc_that_freezes_goes_bad_keeps_its_last_values_and_comes_back_on_a_new_connection(
    plc: HostileModbusServer,
) -> None:
    with running(plc) as pool:
        pool.wait_good(*TAGS)
        plc.behaviour = Behaviour.MUTE
        pool.wait_bad(*TAGS)
        assert pool.sink.sample("LEVEL").quality == Quality.BAD_NO_COMMUNICATION
        assert pool.sink.values(TAGS) == [GOOD_VALUE, 7.0]
        assert pool.health("PLC").state is LinkState.DOWN
        assert "does not answer" in pool.health("PLC").last_error
        connections = plc.connections
        plc.behaviour = Behaviour.NORMAL
        pool.wait_good(*TAGS)
        assert plc.connections > connections
        assert pool.health("PLC").reconnects == 1


def test_a_connection_is_closed_on_the_second_time_out_in_a_row(plc: HostileModbusServer) -> None:
    with running(plc, back_off_s=30.0) as pool:
        pool.wait_good(*TAGS)
        assert plc.open_connections == 1
        plc.behaviour = Behaviour.MUTE
        pool.wait_bad(*TAGS)
        wait_until(lambda: plc.open_connections == 0, what="the end of the silent connection")
        assert pool.health("PLC").timeouts == 2


def test_one_lost_reply_is_no_outage(plc: HostileModbusServer) -> None:
    with running(plc) as pool:
        pool.wait_good(*TAGS)
        plc.behaviour = Behaviour.LATE  # this reply arrives together with the next one
        wait_until(lambda: pool.health("PLC").timeouts == 1)
        reads = plc.reads
        wait_until(lambda: plc.reads > reads + 5)
        assert pool.health("PLC").state is LinkState.CONNECTED
        assert pool.health("PLC").reconnects == 0
        assert pool.sink.good_values("LEVEL") == {GOOD_VALUE}


def test_a_late_reply_is_never_taken_for_the_fresh_one(plc: HostileModbusServer) -> None:
    with running(plc) as pool:
        pool.wait_good(*TAGS)
        plc.behaviour = Behaviour.LATE
        wait_until(lambda: plc.behaviour is Behaviour.NORMAL)
        plc.memory.holding[0] = 4712
        wait_until(lambda: pool.sink.sample("LEVEL").value == 4712.0)
        reads = plc.reads
        wait_until(lambda: plc.reads > reads + 3)
        assert pool.sink.sample("LEVEL").value == 4712.0


@pytest.mark.parametrize("behaviour", BAD_REPLIES, ids=lambda behaviour: behaviour.name.lower())
def test_a_plc_with_bad_replies_from_the_start_is_never_good(plc: HostileModbusServer, behaviour: Behaviour) -> None:
    plc.behaviour = behaviour
    with running(plc) as pool:
        pool.wait_bad(*TAGS)
        reads = plc.reads
        wait_until(lambda: plc.reads > reads + 1)
        assert pool.sink.good_values("LEVEL") == set()
        plc.behaviour = Behaviour.NORMAL
        pool.wait_good(*TAGS)
        assert pool.sink.good_values("LEVEL") == {GOOD_VALUE}


@pytest.mark.parametrize("behaviour", BAD_REPLIES, ids=lambda behaviour: behaviour.name.lower())
def test_a_plc_that_starts_to_answer_badly_goes_bad_and_recovers(
    plc: HostileModbusServer, behaviour: Behaviour
) -> None:
    with running(plc) as pool:
        pool.wait_good(*TAGS)
        plc.behaviour = behaviour
        pool.wait_bad(*TAGS)
        plc.behaviour = Behaviour.NORMAL
        pool.wait_good(*TAGS)
        assert pool.sink.good_values("LEVEL") == {GOOD_VALUE}
        health = pool.health("PLC")
        assert health.timeouts + health.errors > 0


@pytest.mark.parametrize("behaviour", [Behaviour.FEWER_REGISTERS, Behaviour.LYING_BYTE_COUNT])
def test_a_reply_of_the_wrong_length_is_a_decoding_error_of_its_tags_alone(
    plc: HostileModbusServer, behaviour: Behaviour
) -> None:
    with running(plc) as pool:
        pool.wait_good(*TAGS)
        plc.behaviour = behaviour
        pool.wait_bad(*TAGS)
        assert pool.sink.sample("LEVEL").quality == Quality.BAD_DECODING_ERROR
        assert pool.health("PLC").state is LinkState.CONNECTED
        assert plc.connections == 1


def test_a_slow_plc_is_read_without_overlapping_requests(plc: HostileModbusServer) -> None:
    plc.behaviour, plc.delay_s = Behaviour.SLOW, 0.15
    with running(plc, timeout_s=0.6) as pool:
        pool.wait_good(*TAGS)
        reads = plc.reads
        wait_until(lambda: plc.reads > reads + 3)
        assert pool.health("PLC").timeouts == 0
        assert pool.sink.good_values("LEVEL") == {GOOD_VALUE}
        assert plc.connections == 1


def test_a_plc_slower_than_its_time_out_is_bad_until_it_is_fast_again(plc: HostileModbusServer) -> None:
    """Its replies come, each too late for the request it belongs to; none may be taken for another."""
    with running(plc, timeout_s=0.2) as pool:
        pool.wait_good(*TAGS)
        plc.delay_s = 0.35
        plc.behaviour = Behaviour.SLOW
        pool.wait_bad(*TAGS)
        plc.memory.holding[0] = 4712
        reads = plc.reads
        wait_until(lambda: plc.reads > reads + 1)
        assert pool.sink.is_bad(*TAGS)
        plc.behaviour = Behaviour.NORMAL
        pool.wait_good(*TAGS)
        assert pool.sink.sample("LEVEL").value == 4712.0


def test_a_reply_that_trickles_in_byte_by_byte_is_read(plc: HostileModbusServer) -> None:
    plc.behaviour = Behaviour.TRICKLE
    with running(plc) as pool:
        pool.wait_good(*TAGS)
        assert pool.sink.values(TAGS) == [GOOD_VALUE, 7.0]


def test_a_plc_that_closes_after_each_reply_is_still_read(plc: HostileModbusServer) -> None:
    plc.behaviour = Behaviour.CLOSE_AFTER_REPLY
    with running(plc) as pool:
        pool.wait_good(*TAGS)
        wait_until(lambda: plc.connections > 5)
        assert pool.sink.is_good(*TAGS)


def test_a_dropped_connection_is_rebuilt_at_once(plc: HostileModbusServer) -> None:
    with running(plc, back_off_s=60.0) as pool:
        pool.wait_good(*TAGS)
        plc.drop_connections()
        wait_until(lambda: plc.connections == 2)
        reads = plc.reads
        wait_until(lambda: plc.reads > reads + 3)
        assert pool.sink.is_good(*TAGS)


def test_a_frozen_plc_never_slows_another(plc: HostileModbusServer) -> None:
    """While the frozen one has cost its worker two time-outs, the other was read all along."""
    with HostileModbusServer() as other:
        other.memory.holding[0] = 1
        devices = [modbus_device("FROZEN", plc.port, timeout_s=1.0), modbus_device("WELL", other.port)]
        tags = [tag("LEVEL", "FROZEN", "hr:0"), tag("SPEED", "WELL", "hr:0")]
        with RunningPool(small_plant(devices, tags)) as pool:
            pool.wait_good("LEVEL", "SPEED")
            plc.behaviour = Behaviour.MUTE
            before = other.reads
            pool.wait_bad("LEVEL")
            # Two seconds of time-outs at one read per 0.05 s: about 40; a worker that waits with it gets 2.
            assert other.reads - before >= 20
            assert pool.sink.is_good("SPEED")
            assert pool.health("WELL").timeouts == 0


def test_a_dead_unit_behind_a_gateway_leaves_its_neighbour_alone(plc: HostileModbusServer) -> None:
    devices = [modbus_device("U1", plc.port, unit_id=1), modbus_device("U2", plc.port, unit_id=2, back_off_s=30.0)]
    tags = [tag("LEVEL", "U1", "hr:0"), tag("FLOW", "U2", "hr:1")]
    with RunningPool(small_plant(devices, tags)) as pool:
        pool.wait_good("LEVEL", "FLOW")
        assert plc.connections == 1
        plc.mute_units.add(2)
        pool.wait_bad("FLOW")
        frames = len(plc.frames)
        wait_until(lambda: len(plc.frames) > frames + 20)
        assert pool.sink.is_good("LEVEL")
        assert pool.health("U1").state is LinkState.CONNECTED
        assert pool.health("U2").timeouts <= 3
        plc.mute_units.clear()


def test_stopping_ends_a_request_to_a_frozen_plc(plc: HostileModbusServer) -> None:
    """The time-out is a minute; the autouse thread check shows that the worker is gone all the same."""
    plc.behaviour = Behaviour.MUTE
    with running(plc, timeout_s=60.0):
        wait_until(lambda: plc.reads == 1)
    wait_until(lambda: plc.open_connections == 0)
    assert plc.reads == 1


def test_an_outage_is_logged_once(plc: HostileModbusServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with running(plc) as pool:
        pool.wait_good(*TAGS)
        plc.behaviour = Behaviour.GARBAGE
        pool.wait_bad(*TAGS)
        reads = plc.reads
        wait_until(lambda: plc.reads > reads + 3)
        plc.behaviour = Behaviour.NORMAL
        pool.wait_good(*TAGS)
    words = [record.getMessage() for record in caplog.records]
    assert [word.split(":")[1].strip() for word in words] == ["connected", "down", "connected"]


def test_nan_and_infinity_in_a_register_are_bad(plc: HostileModbusServer) -> None:
    plc.memory.holding.update({10: 0x7FC0, 11: 0, 12: 0x7F80, 13: 0, 14: 0xFF80, 15: 0})
    tags = [tag(name, "PLC", f"hr:{10 + 2 * i}", DataType.F32) for i, name in enumerate(("NAN", "INF", "NEG"))]
    with RunningPool(small_plant([modbus_device("PLC", plc.port)], tags)) as pool:
        pool.wait_bad("NAN", "INF", "NEG")
        assert {pool.sink.sample(name).quality for name in ("NAN", "INF", "NEG")} == {Quality.BAD_OUT_OF_RANGE}


def test_a_minus_zero_is_a_zero(plc: HostileModbusServer) -> None:
    plc.memory.holding.update({10: 0x8000, 11: 0})
    with RunningPool(small_plant([modbus_device("PLC", plc.port)], [tag("T", "PLC", "hr:10", DataType.F32)])) as pool:
        pool.wait_good("T")
        assert pool.sink.sample("T").value == 0.0
