"""Any register read or written once by a technician, over real sockets."""

from collections.abc import Iterator

import pytest

from drivers.once import OnceAnswer, OnceRequest, OnceState
from plant_models.clock import SystemClock
from plant_models.message import Message
from plant_models.tag import DataType
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import modbus_device, small_plant, tag


@pytest.fixture
def plc() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as server:
        server.memory.holding.update({100: 0x1234, 101: 0x5678})
        server.memory.coils[7] = 1
        yield server


@pytest.fixture
def pool(plc: HostileModbusServer) -> Iterator[RunningPool]:
    device = modbus_device("PLC", plc.port)
    with RunningPool(small_plant([device], [tag("LEVEL", "PLC", "hr:0")], fast_s=5.0)) as running:
        running.wait_good("LEVEL")
        yield running


def ask(pool: RunningPool, address: str, kind: DataType, value: float | None = None, **more: object) -> OnceAnswer:
    not_after_ns = SystemClock().mono_ns() + 10_000_000_000
    fields = {"not_after_ns": not_after_ns, **more}
    request = OnceRequest(device="PLC", address=address, type=kind, value=value, **fields)  # type: ignore[arg-type]
    answer = pool.pool.once(request).result(20)
    assert isinstance(answer.message, Message) or not answer.message
    return answer


@pytest.mark.parametrize(
    ("address", "kind", "order", "raw", "value"),
    [
        ("hr:100", DataType.U16, "", (0x1234,), float(0x1234)),
        ("hr:100", DataType.U32, "", (0x1234, 0x5678), float(0x12345678)),
        ("hr:100", DataType.U32, "CDAB", (0x1234, 0x5678), float(0x56781234)),
        ("hr:100.2", DataType.BOOL, "", (0x1234,), 1.0),
        ("hr:100.0", DataType.BOOL, "", (0x1234,), 0.0),
        ("co:7", DataType.BOOL, "", (1,), 1.0),
        ("ir:3", DataType.I16, "", (0,), 0.0),
    ],
)
def test_an_address_is_read_as_it_is_asked_for(
    pool: RunningPool, address: str, kind: DataType, order: str, raw: tuple[int, ...], value: float
) -> None:
    assert ask(pool, address, kind, byte_order=order) == OnceAnswer(OnceState.DONE, raw, value)


def test_a_value_is_written_in_one_frame_and_read_back(plc: HostileModbusServer, pool: RunningPool) -> None:
    answer = ask(pool, "hr:100", DataType.U16, 4711.0)
    assert answer == OnceAnswer(OnceState.DONE, (4711,), 4711.0)
    assert plc.memory.holding[100] == 4711
    assert len(plc.writes) == 1


def test_a_coil_is_written(plc: HostileModbusServer, pool: RunningPool) -> None:
    assert ask(pool, "co:7", DataType.BOOL, 0.0).state is OnceState.DONE
    assert plc.memory.coils[7] == 0


def test_one_frame_leaves_even_if_its_reply_is_lost(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.behaviour = Behaviour.MUTE_AFTER_WRITE
    answer = ask(pool, "hr:100", DataType.U16, 7.0)
    assert (answer.state, answer.value) == (OnceState.DONE, 7.0)
    assert "does not answer" in answer.message
    again = ask(pool, "hr:100", DataType.U16, 7.0)
    assert again.state is OnceState.UNKNOWN, "the value was there before: it proves nothing"
    assert len(plc.writes) == 2


def test_a_device_that_keeps_its_value_is_a_mismatch(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.ignores_writes = True
    answer = ask(pool, "hr:100", DataType.U16, 7.0)
    assert (answer.state, answer.raw) == (OnceState.MISMATCH, (0x1234,))


def test_a_refusal_is_told(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.memory.holes = {100}
    assert ask(pool, "hr:100", DataType.U16).state is OnceState.REFUSED
    plc.memory.holes = set()
    plc.write_exception = 6
    answer = ask(pool, "hr:100", DataType.U16, 7.0)
    assert (answer.state, answer.message) == (OnceState.REFUSED, "The device is busy (exception 6)")


def test_an_exception_after_the_write_was_carried_out_is_no_refusal(
    plc: HostileModbusServer, pool: RunningPool
) -> None:
    plc.write_exception = 11
    answer = ask(pool, "hr:100", DataType.U16, 7.0)
    assert (answer.state, answer.raw) == (OnceState.UNKNOWN, (0x1234,))
    assert "exception 11" in answer.message


@pytest.mark.parametrize(
    ("address", "kind", "value", "more", "words"),
    [
        ("hr", DataType.U16, None, {}, "not a Modbus address"),
        ("hr:100", DataType.U16, 70_000.0, {}, "does not fit"),
        ("ir:100", DataType.U16, 7.0, {}, "can only be read"),
        ("hr:100.3", DataType.BOOL, 1.0, {}, "only whole registers"),
        ("co:7", DataType.BOOL, 2.0, {}, "not a state of a coil"),
        ("hr:100", DataType.U16, 7.0, {"not_after_ns": 0}, "Too late"),
        ("hr:100", DataType.U16, 7.0, {"more": 123 * (1.0,)}, "124 at once are too many; 123 fit"),
        ("hr:100", DataType.F64, 7.0, {"more": 30 * (1.0,), "reads_along": True}, "124 at once are too many; 121 fit"),
        ("hr:100", DataType.U16, 7.0, {"more": (70_000.0,)}, "does not fit"),
        ("co:7", DataType.BOOL, 1.0, {"more": (0.0, 2.0)}, "not a state of a coil"),
        ("co:7", DataType.BOOL, 1.0, {"reads_along": True}, "Only holding registers"),
    ],
)
def test_what_can_not_be_is_not_sent(
    plc: HostileModbusServer,
    pool: RunningPool,
    address: str,
    kind: DataType,
    value: float | None,
    more: dict[str, object],
    words: str,
) -> None:
    answer = ask(pool, address, kind, value, **more)
    assert answer.state is OnceState.NOT_SENT
    assert words in answer.message
    assert plc.writes == []


def test_a_register_that_can_only_be_written_is_written_and_nobody_claims_to_know(
    plc: HostileModbusServer, pool: RunningPool
) -> None:
    plc.memory.holes = {100}
    answer = ask(pool, "hr:100", DataType.U16, 7.0)
    assert (answer.state, plc.memory.holding[100]) == (OnceState.UNKNOWN, 7)
    assert "can't be read back" in answer.message


def test_a_write_that_can_not_be_recorded_is_not_sent(plc: HostileModbusServer, pool: RunningPool) -> None:
    def fail() -> None:
        raise RuntimeError("the disk is full")

    answer = ask(pool, "hr:100", DataType.U16, 7.0, on_sent=fail)
    assert answer.state is OnceState.NOT_SENT
    assert "the disk is full" in answer.message
    assert plc.writes == []


def test_a_dead_device_answers_nothing_and_leaves_nobody_waiting(plc: HostileModbusServer, pool: RunningPool) -> None:
    plc.behaviour = Behaviour.MUTE
    answer = ask(pool, "hr:100", DataType.U16, 7.0)
    assert answer.state is OnceState.NOT_SENT, "the address is read before it is written"
    assert plc.writes == []
    assert ask(pool, "hr:100", DataType.U16).state is not OnceState.DONE
    pool.pool.stop()
    assert ask(pool, "hr:100", DataType.U16).state is OnceState.NOT_SENT


def test_a_device_that_does_not_exist_is_not_asked(pool: RunningPool) -> None:
    answer = pool.pool.once(OnceRequest(device="NOWHERE", address="hr:0", type=DataType.U16)).result(20)
    assert (answer.state, answer.message) == (OnceState.NOT_SENT, "NOWHERE is not in use")
