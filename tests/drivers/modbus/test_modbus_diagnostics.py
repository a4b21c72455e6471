"""What people are told about a PLC: counts, figures, frames and clock, over real sockets."""

from collections.abc import Iterator

import pytest

from drivers.health import ExceptionCount, LinkState
from plant_models.clock import SystemClock
from plant_models.message import Message
from plant_models.tag import DataType
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import modbus_device, small_plant, tag
from tests.fakes.waiting import wait_until

REQUEST, REPLY = 12, 11
"""Bytes of a read of one register and of its reply on Modbus TCP."""
PAUSE_S = 0.5
"""Long enough to end a driver between two reads."""


@pytest.fixture
def plc() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as server:
        yield server


def running(plc: HostileModbusServer, fast_s: float = 0.05, **settings: object) -> RunningPool:
    device = modbus_device("PLC", plc.port, **settings)
    return RunningPool(small_plant([device], [tag("LEVEL", "PLC", "hr:0")], fast_s))


def test_requests_replies_bytes_and_round_trips_are_exact(plc: HostileModbusServer) -> None:
    with running(plc, fast_s=PAUSE_S) as pool:
        wait_until(lambda: pool.health("PLC").replies >= 3)
    health = pool.health("PLC")
    assert health.requests == health.replies == plc.reads
    assert (health.bytes_sent, health.bytes_received) == (REQUEST * plc.reads, REPLY * plc.reads)
    assert health.round_trip_p50_ms is not None
    assert health.round_trip_p99_ms is not None
    assert 0 < health.round_trip_p50_ms <= health.round_trip_p99_ms


def test_each_exception_is_counted_by_its_code_and_told_in_words(plc: HostileModbusServer) -> None:
    plc.exception_code = 6
    with running(plc, fast_s=PAUSE_S) as pool:
        wait_until(lambda: pool.health("PLC").replies >= 3)
    health = pool.health("PLC")
    (busy,) = health.exceptions
    assert busy == ExceptionCount("6", plc.reads, "The device is busy (exception 6)")
    assert isinstance(busy.words, Message)
    assert health.replies == health.errors == plc.reads


def test_time_outs_and_broken_connections_are_requests_without_a_reply(plc: HostileModbusServer) -> None:
    plc.behaviour = Behaviour.MUTE
    with running(plc, timeout_s=0.05) as pool:
        wait_until(lambda: pool.health("PLC").timeouts >= 2)
        plc.behaviour = Behaviour.CLOSE_INSTEAD
        wait_until(lambda: pool.health("PLC").errors >= 2)
    health = pool.health("PLC")
    assert health.replies == 0
    assert health.requests == health.timeouts + health.errors


def test_scans_that_a_slow_plc_leaves_no_time_for_are_counted(plc: HostileModbusServer) -> None:
    plc.behaviour, plc.delay_s = Behaviour.SLOW, 0.2
    with running(plc, fast_s=0.05, timeout_s=2.0) as pool:
        wait_until(lambda: pool.health("PLC").overruns >= 6)
        assert pool.health("PLC").state is LinkState.CONNECTED
        assert pool.health("PLC").timeouts == 0
    assert pool.health("PLC").overruns >= 2 * (plc.reads - 2), "about three of four scans find no time"


def test_a_plc_in_time_has_no_overruns(plc: HostileModbusServer) -> None:
    with running(plc, fast_s=1.0) as pool:
        wait_until(lambda: plc.reads >= 2)
    assert pool.health("PLC").overruns == 0


def test_the_trace_shows_the_frames_as_they_were_on_the_wire(plc: HostileModbusServer) -> None:
    plc.memory.holding[0] = 0x1234
    with running(plc) as pool:
        pool.wait_good("LEVEL")
        assert pool.pool.frames("PLC", 0).frames == ()
        pool.pool.trace("PLC", True)
        wait_until(lambda: len(pool.pool.frames("PLC", 0).frames) >= 4)
        pool.pool.trace("PLC", False)
    sent = [frame.data for frame in pool.pool.frames("PLC", 0).frames if frame.is_sent]
    received = [frame.data for frame in pool.pool.frames("PLC", 0).frames if not frame.is_sent]
    assert sent
    assert set(sent) <= set(plc.frames)
    assert {data[7:] for data in received} == {b"\x03\x02\x12\x34"}


def test_two_units_of_one_gateway_have_frames_and_counts_of_their_own(plc: HostileModbusServer) -> None:
    plc.mute_units = {2}
    devices = [modbus_device(f"U{unit}", plc.port, unit_id=unit, timeout_s=0.05) for unit in (1, 2)]
    tags = [tag(f"LEVEL{unit}", f"U{unit}", "hr:0") for unit in (1, 2)]
    with RunningPool(small_plant(devices, tags)) as pool:
        pool.pool.trace("U2", True)
        wait_until(lambda: pool.health("U2").timeouts >= 2 and pool.health("U1").replies >= 2)
    assert pool.health("U1").timeouts == 0
    assert {frame.data[6] for frame in pool.pool.frames("U2", 0).frames} == {2}
    assert 2 * REQUEST <= pool.health("U2").bytes_sent <= REQUEST * pool.health("U2").requests


@pytest.mark.parametrize("ahead_s", [-3600, 12])
def test_a_register_that_holds_the_clock_shows_how_far_it_is_off(plc: HostileModbusServer, ahead_s: int) -> None:
    def set_clock(_request: bytes) -> None:
        now_s = SystemClock().wall_us() // 1_000_000 + ahead_s
        plc.memory.holding.update({10: now_s >> 16, 11: now_s & 0xFFFF})

    set_clock(b"")
    plc.before_reply = set_clock
    device = modbus_device("PLC", plc.port, clock_tag="PLC.CLOCK")
    tags = [tag("LEVEL", "PLC", "hr:0"), tag("PLC.CLOCK", "PLC", "hr:10", DataType.U32)]
    with RunningPool(small_plant([device], tags)) as pool:
        wait_until(lambda: pool.health("PLC").clock_skew_s is not None)
        wait_until(lambda: pool.health("PLC").replies >= 20)
        wait_until(lambda: abs((pool.health("PLC").clock_skew_s or 0) - ahead_s) < 3)
        assert pool.health("PLC").is_clock_wrong


def test_samples_that_find_no_room_are_counted_for_their_device(plc: HostileModbusServer) -> None:
    with running(plc) as pool:
        pool.wait_good("LEVEL")
        assert pool.health("PLC").dropped == 0
        pool.sink.is_full = True
        wait_until(lambda: pool.health("PLC").dropped >= 3)
