"""Commands over real sockets: one frame each, read back, and the truth about what became of it."""

import threading
from collections.abc import Iterator

import pytest

from drivers.base import WriteState
from plant_models.address_range import parse_range
from plant_models.quality import Quality
from plant_models.tag import DataType, Tag
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import modbus_device, small_plant, tag
from tests.fakes.waiting import wait_until


def writable(name: str, address: str, data_type: DataType = DataType.U16, **settings: object) -> Tag:
    return tag(name, "PLC", address, data_type, writable=True, **settings)


TAGS = [
    writable("SPEED", "hr:0", low=0.0, high=50.0, raw_low=0.0, raw_high=500.0),
    writable("LIMIT", "hr:1"),
    writable("TARGET", "hr:2", DataType.F32),
    writable("TOTAL", "hr:4", DataType.I32),
    writable("BIT", "hr:8.3", DataType.BOOL),
    writable("COIL", "co:3", DataType.BOOL),
    writable("INPUT", "ir:0"),
    tag("FIXED", "PLC", "hr:1"),
    writable("NAME", "hr:20/4", DataType.TEXT),
    writable("ODD", "hr:30"),
]


@pytest.fixture
def plc() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as server:
        yield server


@pytest.fixture
def pool(plc: HostileModbusServer) -> Iterator[RunningPool]:
    device = modbus_device("PLC", plc.port, byte_order="CDAB", forbidden=(parse_range("hr:24-30"),))
    with RunningPool(small_plant([device], TAGS)) as running:
        running.wait_good("SPEED", "COIL")
        yield running


def test_a_setpoint_is_scaled_sent_in_one_frame_and_verified(plc: HostileModbusServer, pool: RunningPool) -> None:
    outcome = pool.write("SPEED", 42.5)
    assert outcome.state is WriteState.VERIFIED
    assert outcome.readback == 42.5
    assert plc.writes == [bytes.fromhex("0000 0006 01 06 0000 01A9")]
    assert pool.sink.sample("SPEED").value == 42.5


def test_values_of_two_registers_go_in_one_frame(plc: HostileModbusServer, pool: RunningPool) -> None:
    assert pool.write("TARGET", 123.456).state is WriteState.VERIFIED
    assert plc.writes == [bytes.fromhex("0000 000B 01 10 0002 0002 04 E979 42F6")]


def test_a_coil_is_switched(plc: HostileModbusServer, pool: RunningPool) -> None:
    assert pool.write("COIL", 1.0).state is WriteState.VERIFIED
    assert plc.writes == [bytes.fromhex("0000 0006 01 05 0003 FF00")]
    assert pool.write("COIL", 0.0).state is WriteState.VERIFIED
    assert plc.memory.coils[3] == 0


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("LIMIT", 70_000.0, "70000 does not fit u16, which holds 0 to 65535"),
        ("LIMIT", -1.0, "-1 does not fit u16"),
        ("LIMIT", float("nan"), "not a number"),
        ("TARGET", float("inf"), "not a number"),
        ("COIL", 2.0, "not a state of a coil"),
        ("BIT", 1.0, "hr:8.3 is one bit of a register; the plant folder doesn't say how PLC has bits written"),
        ("INPUT", 1.0, "can only be read"),
        ("FIXED", 1.0, "FIXED is read only"),
        ("NAME", 1.0, "NAME is a text; only numbers can be written"),
        ("ODD", 1.0, "The address of this tag is wrong"),
    ],
)
def test_a_command_that_can_not_be_is_not_sent(
    plc: HostileModbusServer, pool: RunningPool, name: str, value: float, why: str
) -> None:
    outcome = pool.write(name, value)
    assert outcome.state is WriteState.NOT_SENT
    assert why in outcome.message
    assert plc.writes == []


def test_a_device_that_refuses_says_so(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.write_exception = 3
    outcome = pool.write("LIMIT", 5.0)
    assert outcome.state is WriteState.REFUSED
    assert "exception 3" in outcome.message
    assert len(plc.writes) == 1


def test_a_device_that_keeps_its_old_value_is_a_mismatch(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.memory.holding[1] = 3
    plc.ignores_writes = True
    outcome = pool.write("LIMIT", 5.0)
    assert outcome.state is WriteState.MISMATCH
    assert outcome.readback == 3.0
    assert len(plc.writes) == 1


def test_a_device_that_takes_a_moment_is_verified_by_a_later_try(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.ignores_writes = True
    sent = pool.send("LIMIT", 5.0)
    wait_until(lambda: len(plc.writes) == 1)
    reads = plc.reads
    wait_until(lambda: plc.reads > reads + 1)
    plc.memory.holding[1] = 5
    assert sent.result(20).state is WriteState.VERIFIED
    assert len(plc.writes) == 1


def test_one_frame_leaves_even_if_its_reply_is_lost(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.behaviour = Behaviour.MUTE_AFTER_WRITE
    outcome = pool.write("LIMIT", 5.0)
    assert outcome.state is WriteState.VERIFIED
    assert "does not answer" in outcome.message
    assert len(plc.writes) == 1


def test_a_lost_reply_and_the_value_that_was_there_before_is_unknown(
    plc: HostileModbusServer, pool: RunningPool
) -> None:
    assert pool.write("LIMIT", 5.0).state is WriteState.VERIFIED
    wait_until(lambda: pool.sink.table.sample("LIMIT").value == 5.0, what="5.0 in the table")
    plc.behaviour = Behaviour.MUTE_AFTER_WRITE
    plc.ignores_writes = True
    outcome = pool.write("LIMIT", 5.0)
    assert outcome.state is WriteState.UNKNOWN
    assert "held this value before" in outcome.message
    assert len(plc.writes) == 2


def test_a_lost_reply_and_another_value_is_unknown(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.behaviour = Behaviour.MUTE_AFTER_WRITE
    plc.ignores_writes = True
    outcome = pool.write("LIMIT", 5.0)
    assert outcome.state is WriteState.UNKNOWN
    assert outcome.readback == 0.0
    assert len(plc.writes) == 1


def test_a_command_to_a_plc_that_freezes_is_unknown_and_never_repeated(
    plc: HostileModbusServer, pool: RunningPool
) -> None:
    plc.behaviour = Behaviour.MUTE
    sent = pool.send("LIMIT", 5.0)
    outcome = sent.result(20)
    assert outcome.state in (WriteState.UNKNOWN, WriteState.NOT_SENT)
    assert len(plc.writes) == (outcome.state is WriteState.UNKNOWN)
    pool.wait_bad("LIMIT")
    plc.behaviour = Behaviour.NORMAL
    pool.wait_good("LIMIT")
    assert len(plc.writes) == (outcome.state is WriteState.UNKNOWN)


def test_a_command_to_a_dead_plc_is_not_sent(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.behaviour = Behaviour.MUTE
    pool.wait_bad("LIMIT")
    released = threading.Event()
    outcome = pool.send("LIMIT", 5.0, on_sent=released.set).result(20)
    assert outcome.state is WriteState.NOT_SENT
    assert "PLC is not connected. The device does not answer" in outcome.message
    assert not released.is_set()
    assert plc.writes == []


def test_a_command_whose_time_is_over_is_not_sent(plc: HostileModbusServer, pool: RunningPool) -> None:
    outcome = pool.write("LIMIT", 5.0, valid_s=-0.001)
    assert outcome.state is WriteState.NOT_SENT
    assert "Too late" in outcome.message
    assert plc.writes == []


def test_a_command_whose_release_fails_is_not_sent(plc: HostileModbusServer, pool: RunningPool) -> None:
    def refuse() -> None:
        raise OSError("the audit disk is full")

    outcome = pool.send("LIMIT", 5.0, on_sent=refuse).result(20)
    assert outcome.state is WriteState.NOT_SENT
    assert "the audit disk is full" in outcome.message
    assert plc.writes == []


def test_a_command_is_noted_as_sent_before_its_frame_arrives(plc: HostileModbusServer, pool: RunningPool) -> None:
    order: list[str] = []
    plc.before_reply = lambda frame: order.append("frame") if frame[7] == 6 else None
    pool.send("LIMIT", 5.0, on_sent=lambda: order.append("sent")).result(20)
    assert order == ["sent", "frame"]


def test_a_cancelled_command_never_leaves(plc: HostileModbusServer) -> None:
    plc.behaviour = Behaviour.MUTE
    device = modbus_device("PLC", plc.port, timeout_s=0.5)
    with RunningPool(small_plant([device], TAGS)) as pool:
        wait_until(lambda: plc.reads == 1)
        sent = pool.send("LIMIT", 5.0)
        assert sent.cancel()
        plc.behaviour = Behaviour.NORMAL
        pool.wait_good("LIMIT")
        assert plc.writes == []


def test_commands_go_before_polls_and_keep_their_order(plc: HostileModbusServer, pool: RunningPool) -> None:
    sent = [pool.send("LIMIT", float(value)) for value in range(1, 6)]
    assert [one.result(20).state for one in sent] == [WriteState.VERIFIED] * 5
    assert [frame[-1] for frame in plc.writes] == [1, 2, 3, 4, 5]


def test_a_setpoint_that_waits_is_overtaken_by_a_newer_one_and_says_so(
    plc: HostileModbusServer, pool: RunningPool
) -> None:
    plc.ignores_writes = True
    first = pool.send("LIMIT", 5.0)  # its readbacks keep the writer busy
    wait_until(lambda: len(plc.writes) == 1)
    overtaken, newest = pool.send("SPEED", 40.0), pool.send("SPEED", 45.0)
    assert overtaken.result(20).state is WriteState.NOT_SENT
    assert "Overtaken by a newer command" in overtaken.result(20).message
    plc.ignores_writes = False
    assert first.result(20).state is WriteState.MISMATCH
    assert newest.result(20).state is WriteState.VERIFIED
    assert len(plc.writes) == 2
    assert plc.memory.holding[0] == 450


def test_a_command_over_a_connection_that_the_plc_closes_each_time_is_verified(
    plc: HostileModbusServer, pool: RunningPool
) -> None:
    plc.behaviour = Behaviour.CLOSE_AFTER_REPLY
    assert pool.write("LIMIT", 9.0).state is WriteState.VERIFIED
    assert len(plc.writes) == 1


def test_stopping_answers_every_command(plc: HostileModbusServer) -> None:
    plc.behaviour = Behaviour.MUTE_AFTER_WRITE
    plc.ignores_writes = True
    device = modbus_device("PLC", plc.port, timeout_s=30.0)
    with RunningPool(small_plant([device], TAGS)) as pool:
        pool.wait_good("LIMIT")
        first, second = pool.send("LIMIT", 1.0), pool.send("LIMIT", 2.0)
        wait_until(lambda: len(plc.writes) == 1)
    assert first.result(0).state is WriteState.UNKNOWN
    assert second.result(0).state is WriteState.NOT_SENT
    assert pool.write("LIMIT", 3.0).state is WriteState.NOT_SENT
    assert len(plc.writes) == 1


def test_the_readback_reaches_the_table_with_its_quality(plc: HostileModbusServer, pool: RunningPool) -> None:
    batches = len(pool.sink.batches)
    pool.write("LIMIT", 8.0)
    assert pool.sink.sample("LIMIT").value == 8.0
    assert pool.sink.sample("LIMIT").quality == Quality.GOOD
    assert any(len(batch) == 1 for batch in pool.sink.batches[batches:])
