"""Single bits of holding registers: written as the device declares, read back bit by bit, other bits left alone."""

from collections.abc import Iterator

import pytest

from drivers.base import WriteOutcome, WriteState
from plant_models.tag import DataType
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import modbus_device, small_plant, tag
from tests.fakes.waiting import wait_until

WAYS = ["mask", "read-modify-write"]
HELD = 0b1010_0000_0101_0000


@pytest.fixture
def plc() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as server:
        server.memory.holding[8] = HELD
        yield server


def running(plc: HostileModbusServer, way: str, **settings: object) -> RunningPool:
    device = modbus_device("PLC", plc.port, bit_writes=way, **settings)
    bits = [tag(f"B{bit}", "PLC", f"hr:8.{bit}", DataType.BOOL, writable=True) for bit in range(16)]
    return RunningPool(small_plant([device], [*bits, tag("OTHER", "PLC", "ir:0")]))


def write(pool: RunningPool, name: str, value: float) -> WriteOutcome:
    pool.wait_good(name, "OTHER")
    return pool.write(name, value)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("name", "value", "register"), [("B3", 1.0, HELD | 8), ("B6", 0.0, HELD & ~64)])
def test_a_bit_is_written_and_the_others_stay(
    plc: HostileModbusServer, way: str, name: str, value: float, register: int
) -> None:
    with running(plc, way) as pool:
        outcome = write(pool, name, value)
        assert (outcome.state, outcome.readback) == (WriteState.VERIFIED, value)
        assert plc.memory.holding[8] == register
        assert len(plc.writes) == 1


def test_a_mask_is_one_frame_of_function_22(plc: HostileModbusServer) -> None:
    with running(plc, "mask") as pool:
        write(pool, "B3", 1.0)
        pool.write("B6", 0.0)
        assert plc.writes == [
            bytes.fromhex("0000 0008 01 16 0008 FFF7 0008"),
            bytes.fromhex("0000 0008 01 16 0008 FFBF 0000"),
        ]


def test_a_register_written_whole_was_read_right_before_on_the_same_connection(plc: HostileModbusServer) -> None:
    with running(plc, "read-modify-write") as pool:
        write(pool, "B3", 1.0)
        sent = next(place for place, frame in enumerate(plc.frames) if frame[7] == 6)
        assert plc.frames[sent - 1][7:12] == bytes.fromhex("03 0008 0001")
        assert plc.frames[sent][7:12] == bytes.fromhex("06 0008") + (HELD | 8).to_bytes(2, "big")
        assert plc.connections == 1


def test_bits_that_the_plc_changes_meanwhile_are_not_set_back_by_a_mask(plc: HostileModbusServer) -> None:
    with running(plc, "mask") as pool:
        plc.before_reply = lambda frame: plc.memory.holding.update({8: 0x8000}) if frame[7] == 3 else None
        write(pool, "B3", 1.0)
        plc.before_reply = None
        assert plc.memory.holding[8] & 0x8000


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("byte_order", ["ABCD", "BADC", "CDAB", "DCBA"])
def test_the_bit_written_is_the_bit_read_in_every_byte_order(
    plc: HostileModbusServer, way: str, byte_order: str
) -> None:
    plc.memory.holding[8] = 0
    with running(plc, way, byte_order=byte_order) as pool:
        assert write(pool, "B3", 1.0).state is WriteState.VERIFIED
        assert plc.memory.holding[8] == (0x0008 if byte_order in ("ABCD", "CDAB") else 0x0800)
        wait_until(lambda: pool.sink.values(["B3", "B11"]) == [1.0, 0.0])


@pytest.mark.parametrize("way", WAYS)
def test_other_bits_that_change_do_not_spoil_the_readback(plc: HostileModbusServer, way: str) -> None:
    with running(plc, way) as pool:
        pool.wait_good("B3")
        plc.after_write = lambda address: plc.memory.holding.update({address: plc.memory.holding[address] ^ 0xFF00})
        assert write(pool, "B3", 1.0).state is WriteState.VERIFIED


@pytest.mark.parametrize("way", WAYS)
def test_a_bit_that_does_not_change_is_a_mismatch(plc: HostileModbusServer, way: str) -> None:
    plc.ignores_writes = True
    with running(plc, way) as pool:
        outcome = write(pool, "B3", 1.0)
        assert (outcome.state, outcome.readback) == (WriteState.MISMATCH, 0.0)
        assert len(plc.writes) == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_device_without_the_function_refuses_and_nothing_else_is_tried(plc: HostileModbusServer, way: str) -> None:
    plc.write_exception = 1
    with running(plc, way) as pool:
        outcome = write(pool, "B3", 1.0)
        assert outcome.state is WriteState.REFUSED
        assert "does not know this function" in outcome.message
        assert len(plc.writes) == 1


@pytest.mark.parametrize("way", WAYS)
def test_one_frame_leaves_even_if_its_reply_is_lost(plc: HostileModbusServer, way: str) -> None:
    with running(plc, way) as pool:
        pool.wait_good("B3")
        plc.behaviour = Behaviour.MUTE_AFTER_WRITE
        outcome = write(pool, "B3", 1.0)
        assert outcome.state is WriteState.VERIFIED
        assert "does not answer" in outcome.message
        assert len(plc.writes) == 1


def test_a_register_that_can_not_be_read_is_not_written(plc: HostileModbusServer) -> None:
    with running(plc, "read-modify-write") as pool:
        pool.wait_good("B3")
        outcome = pool.send("B3", 1.0, on_sent=lambda: plc.memory.holes.add(8)).result(20)
        assert outcome.state is WriteState.NOT_SENT
        assert "can't be read, so nothing was sent. The device has no such address" in outcome.message
        assert plc.writes == []


def test_a_register_that_is_read_too_slowly_is_not_written(plc: HostileModbusServer) -> None:
    with running(plc, "read-modify-write", timeout_s=2.0) as pool:
        pool.wait_good("B3")

        def get_slow() -> None:
            plc.behaviour, plc.delay_s = Behaviour.SLOW, 0.6

        outcome = pool.send("B3", 1.0, valid_s=0.5, on_sent=get_slow).result(20)
        assert outcome.state is WriteState.NOT_SENT
        assert "Too late" in outcome.message
        assert plc.writes == []


def test_only_0_and_1_are_states_of_a_bit(plc: HostileModbusServer) -> None:
    with running(plc, "mask") as pool:
        outcome = write(pool, "B3", 2.0)
        assert outcome.state is WriteState.NOT_SENT
        assert "not a state of a coil or a bit" in outcome.message
        assert plc.writes == []


def test_a_mask_confirmed_for_another_change_is_doubted(plc: HostileModbusServer) -> None:
    """The reply is well framed, but its masks are not those that were sent: the readback decides."""
    with running(plc, "mask") as pool:
        pool.wait_good("B3")
        plc.spoils_confirmation = True
        outcome = write(pool, "B3", 1.0)
        assert outcome.state is WriteState.VERIFIED
        assert "the device confirmed 16 00 08 ff f7 00 09" in outcome.message
        assert len(plc.writes) == 1
