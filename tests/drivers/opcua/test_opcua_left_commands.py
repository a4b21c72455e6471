"""A command that has left may have been carried out, whatever a hostile or broken server answers."""

import asyncio
from typing import Any, cast

import pytest
from asyncua import ua

from drivers.base import WriteOutcome, WriteRequest, WriteState
from drivers.counters import Counters
from drivers.once import AckRequest, OnceAnswer, OnceRequest, OnceState, Question
from drivers.opcua.acknowledgement import acknowledge
from drivers.opcua.once import Once
from drivers.opcua.session import Session
from drivers.opcua.writer import Target, Writer
from drivers.writes import PendingWrite
from plant_models.clock import SystemClock
from plant_models.tag import DataType
from tests.fakes.sink import TableSink
from tests.fakes.small_plant import small_plant, tag
from tests.fakes.wayward_opcua_session import WaywardOpcUaSession, double

CLOCK = SystemClock()
DOSE = tag("DOSE", "UA", "ns=2;s=DOSE", DataType.F64, writable=True)
GOOD = ua.StatusCode()
REFUSED = [ua.StatusCodes.BadNotWritable, ua.StatusCodes.BadUserAccessDenied, ua.StatusCodes.BadTypeMismatch]
OPEN = [
    ua.StatusCodes.BadTimeout,
    ua.StatusCodes.BadCommunicationError,
    ua.StatusCodes.BadNoCommunication,
    ua.StatusCodes.BadDeviceFailure,
    ua.StatusCodes.BadTimeout | 0x0400,
    ua.StatusCodes.UncertainInitialValue,
    ua.StatusCodes.GoodCompletesAsynchronously,
]
"""What a gateway says whose own request to the PLC may have arrived, one with a flag in its lower half."""
BROKEN = [[], [GOOD, GOOD], None, ValueError("an answer that can't be decoded")]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.opcua.writer._PAUSES_S", (0.0, 0.0))


def soon() -> int:
    return CLOCK.mono_ns() + 10_000_000_000


def write(server: WaywardOpcUaSession) -> WriteOutcome:
    command = PendingWrite(WriteRequest(0, 5.0, 1.0, soon(), lambda: None))
    target = Target(0, DOSE, ua.NodeId.from_string(DOSE.address))
    writer = Writer(TableSink(small_plant([], [DOSE]), CLOCK), CLOCK, Counters("UA", CLOCK))
    asyncio.run(writer.write(cast(Session, server), target, command))
    return command.future.result(0)


def write_once(server: WaywardOpcUaSession) -> OnceAnswer:
    request = OnceRequest(device="UA", address=DOSE.address, type=DataType.F64, value=5.0, not_after_ns=soon())
    question = Question(request)
    asyncio.run(Once(CLOCK, Counters("UA", CLOCK)).answer(cast(Session, server), question))
    return question.future.result(0)


def acknowledged(server: WaywardOpcUaSession) -> OnceAnswer:
    question = Question(AckRequest(device="UA", condition="i=1", event_id=b"1", comment="", not_after_ns=soon()))
    asyncio.run(acknowledge(cast(Session, server), question, CLOCK, Counters("UA", CLOCK)))
    return question.future.result(0)


@pytest.mark.parametrize("results", BROKEN)
@pytest.mark.parametrize("reads", [double(1.0), [], [*double(5.0), *double(1.0)], None])
def test_a_write_without_a_usable_answer_is_never_reported_as_not_sent(results: Any, reads: Any) -> None:
    server = WaywardOpcUaSession(results, reads)
    outcome = write(server)
    assert (server.sent, outcome.state) == (1, WriteState.UNKNOWN)
    assert "The command was sent" in outcome.message


def test_a_readback_without_a_usable_answer_leaves_a_confirmed_write_unknown() -> None:
    assert write(WaywardOpcUaSession([GOOD], [])).state is WriteState.UNKNOWN


@pytest.mark.parametrize("results", BROKEN)
def test_a_readback_settles_what_the_answer_to_a_write_left_open(results: Any) -> None:
    assert write(WaywardOpcUaSession(results, double(5.0))).state is WriteState.VERIFIED


@pytest.mark.parametrize("results", BROKEN)
def test_a_node_written_once_without_a_usable_answer_is_never_reported_as_not_sent(results: Any) -> None:
    server = WaywardOpcUaSession(results, double(1.0))
    answer = write_once(server)
    assert (server.sent, answer.state) == (1, OnceState.UNKNOWN)


@pytest.mark.parametrize("results", BROKEN)
def test_an_acknowledgement_without_a_usable_answer_is_never_reported_as_not_sent(results: Any) -> None:
    server = WaywardOpcUaSession(results)
    answer = acknowledged(server)
    assert (server.sent, answer.state) == (1, OnceState.UNKNOWN)


def test_what_can_not_be_looked_up_before_is_not_sent() -> None:
    server = WaywardOpcUaSession([GOOD], [])
    answer = write_once(server)
    assert (server.sent, answer.state) == (0, OnceState.NOT_SENT)
    assert answer.message == "The server's answer has 0 results instead of one"


def said(code: int) -> list[ua.StatusCode]:
    return [ua.StatusCode(ua.UInt32(code))]


@pytest.mark.parametrize("code", OPEN)
def test_a_status_that_leaves_open_what_happened_is_no_refusal(code: int) -> None:
    answered, called = said(code), [ua.CallMethodResult(said(code)[0])]
    assert write(WaywardOpcUaSession(answered, double(1.0))).state is WriteState.UNKNOWN
    assert write(WaywardOpcUaSession(answered, double(5.0))).state is WriteState.VERIFIED
    assert write_once(WaywardOpcUaSession(answered, double(1.0))).state is OnceState.UNKNOWN
    assert acknowledged(WaywardOpcUaSession(called)).state is OnceState.UNKNOWN


@pytest.mark.parametrize("code", REFUSED)
def test_a_status_that_says_that_nothing_happened_is_a_refusal(code: int) -> None:
    answered, called = said(code), [ua.CallMethodResult(said(code)[0])]
    assert write(WaywardOpcUaSession(answered, double(5.0))).state is WriteState.REFUSED
    assert write_once(WaywardOpcUaSession(answered, double(5.0))).state is OnceState.REFUSED
    assert acknowledged(WaywardOpcUaSession(called)).state is OnceState.REFUSED


@pytest.mark.parametrize("code", OPEN[:4])
def test_a_whole_request_that_is_answered_so_is_no_refusal_either(code: int) -> None:
    failed = ua.uaerrors.UaStatusCodeError(code)
    assert write(WaywardOpcUaSession(failed, double(1.0))).state is WriteState.UNKNOWN
