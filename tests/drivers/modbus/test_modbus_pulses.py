"""Orders that the PLC sets back itself: sent once, each of them, and never called verified without a proof."""

from collections.abc import Iterator

import pytest

from drivers.base import WriteState
from plant_models.clock import SystemClock
from plant_models.tag import DataType, Tag
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import modbus_device, small_plant, tag
from tests.fakes.waiting import wait_until


def pulse(name: str, address: str, data_type: DataType) -> Tag:
    return tag(name, "PLC", address, data_type, writable=True, pulse=True)


TAGS = [
    pulse("START", "co:3", DataType.BOOL),
    pulse("ORDER", "hr:2", DataType.U16),
    pulse("BIT", "hr:8.3", DataType.BOOL),
    tag("SPEED", "PLC", "hr:0", writable=True),
]
NAMES = ["START", "ORDER", "BIT"]


@pytest.fixture
def plc() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as server:
        server.memory.holding[8] = 0xA000
        yield server


@pytest.fixture
def pool(plc: HostileModbusServer) -> Iterator[RunningPool]:
    device = modbus_device("PLC", plc.port, bit_writes="mask")
    with RunningPool(small_plant([device], TAGS)) as running:
        running.wait_good(*NAMES)
        yield running


def set_back(plc: HostileModbusServer) -> None:
    """What a PLC does in the cycle in which it sees an order."""
    plc.memory.coils[3] = plc.memory.holding[2] = 0
    plc.memory.holding[8] = 0xA000


@pytest.mark.parametrize("name", NAMES)
def test_an_order_that_still_stands_is_verified(plc: HostileModbusServer, pool: RunningPool, name: str) -> None:
    outcome = pool.write(name, 1.0)
    assert (outcome.state, outcome.readback, outcome.message) == (WriteState.VERIFIED, 1.0, "")
    assert len(plc.writes) == 1


@pytest.mark.parametrize("name", NAMES)
def test_an_order_that_the_plc_takes_at_once_is_verified_by_its_answer(
    plc: HostileModbusServer, pool: RunningPool, name: str
) -> None:
    plc.after_write = lambda _: set_back(plc)
    outcome = pool.write(name, 1.0)
    assert (outcome.state, outcome.readback) == (WriteState.VERIFIED, 0.0)
    assert "confirmed the order and shows 0 again" in outcome.message
    assert len(plc.writes) == 1


@pytest.mark.parametrize("name", NAMES)
def test_an_order_whose_answer_is_lost_and_that_leaves_no_trace_is_unknown(
    plc: HostileModbusServer, pool: RunningPool, name: str
) -> None:
    plc.after_write = lambda _: set_back(plc)
    plc.behaviour = Behaviour.MUTE_AFTER_WRITE
    outcome = pool.write(name, 1.0)
    assert (outcome.state, outcome.readback) == (WriteState.UNKNOWN, 0.0)
    assert "either it has set the order back already, or it never got it" in outcome.message
    assert len(plc.writes) == 1


@pytest.mark.parametrize("name", NAMES)
def test_an_order_whose_answer_is_lost_but_that_stands_there_has_arrived(
    plc: HostileModbusServer, pool: RunningPool, name: str
) -> None:
    plc.behaviour = Behaviour.MUTE_AFTER_WRITE
    outcome = pool.write(name, 1.0)
    assert outcome.state is WriteState.VERIFIED
    assert "does not answer" in outcome.message
    assert len(plc.writes) == 1


@pytest.mark.parametrize("name", NAMES)
def test_an_order_that_the_plc_has_not_set_back_yet_is_not_given_again(
    plc: HostileModbusServer, pool: RunningPool, name: str
) -> None:
    assert pool.write(name, 1.0).state is WriteState.VERIFIED
    again = pool.write(name, 1.0)
    assert again.state is WriteState.NOT_SENT
    assert "hasn't set back the order before" in again.message
    set_back(plc)
    assert pool.write(name, 1.0).state is WriteState.VERIFIED
    assert len(plc.writes) == 2


@pytest.mark.parametrize("name", NAMES)
def test_zero_is_no_order(plc: HostileModbusServer, pool: RunningPool, name: str) -> None:
    outcome = pool.write(name, 0.0)
    assert outcome.state is WriteState.NOT_SENT
    assert f"the device sets {name} back itself" in outcome.message
    assert plc.writes == []


def test_an_order_over_a_connection_that_the_plc_closes_each_time_is_verified(
    plc: HostileModbusServer, pool: RunningPool
) -> None:
    """Also the connection over which the present value was read right before."""
    plc.behaviour = Behaviour.CLOSE_AFTER_REPLY
    outcome = pool.send("ORDER", 2.0, on_sent=lambda: SystemClock().sleep(0.05)).result(20)
    assert (outcome.state, outcome.message) == (WriteState.VERIFIED, "")
    assert len(plc.writes) == 1


def test_a_refused_order_says_so(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.write_exception = 3
    assert pool.write("ORDER", 2.0).state is WriteState.REFUSED
    assert len(plc.writes) == 1


def test_an_order_that_a_gateway_got_no_answer_to_is_unknown(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.write_exception = 11
    outcome = pool.write("ORDER", 2.0)
    assert outcome.state is WriteState.UNKNOWN
    assert "either it has set the order back already, or it never got it" in outcome.message
    assert len(plc.writes) == 1
    assert [count.code for count in pool.health("PLC").exceptions] == ["11"]


def test_an_order_turned_into_something_else_is_a_mismatch(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.after_write = lambda _: plc.memory.holding.update({2: 99})
    outcome = pool.write("ORDER", 2.0)
    assert (outcome.state, outcome.readback) == (WriteState.MISMATCH, 99.0)


def test_an_order_whose_place_can_not_be_read_is_not_given(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.memory.holes = {2}
    pool.wait_bad("ORDER")
    released: list[bool] = []
    outcome = pool.send("ORDER", 2.0, on_sent=lambda: released.append(True)).result(20)
    assert outcome.state is WriteState.NOT_SENT
    assert "The present value can't be read, so nothing was sent" in outcome.message
    assert (released, plc.writes) == ([], [])


def test_every_order_is_given_however_many_wait(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.after_write = lambda _: set_back(plc)
    sent = [pool.send("ORDER", float(value)) for value in (1, 2, 2, 1)]
    assert [one.result(20).state for one in sent] == [WriteState.VERIFIED] * 4
    assert [frame[-1] for frame in plc.writes] == [1, 2, 2, 1]


def test_an_order_that_waited_too_long_is_never_given(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.ignores_writes = True
    first = pool.send("SPEED", 5.0)  # its readbacks take a second
    wait_until(lambda: len(plc.writes) == 1)
    late = pool.send("ORDER", 1.0, valid_s=0.2)
    assert first.result(20).state is WriteState.MISMATCH
    assert late.result(20).state is WriteState.NOT_SENT
    assert len(plc.writes) == 1
