"""Answers that two threads give at once, and a connection that is given up while a question waits for it."""

import logging
from concurrent.futures import Future

import pytest

from drivers import answers
from drivers.connection import DriverContext
from drivers.link import Link
from drivers.link_plan import LinkPlan
from drivers.modbus.driver import DRIVER
from drivers.once import OnceRequest, OnceState, Question, Questions
from plant_models.clock import SystemClock
from plant_models.tag import DataType
from tests.fakes.modbus_server import Behaviour, HostileModbusServer
from tests.fakes.sink import TableSink
from tests.fakes.small_plant import modbus_device, small_plant, tag
from tests.fakes.waiting import wait_until


class JustEnded(Future[int]):
    """Another thread ends it right after it was asked whether it has ended."""

    def done(self) -> bool:
        has_ended = super().done()
        if not has_ended:
            self.set_result(1)
        return has_ended


def question() -> Question[OnceRequest]:
    return Question(OnceRequest(device="PLC", address="hr:1", type=DataType.U16))


def test_only_the_first_answer_counts() -> None:
    future: Future[int] = Future()
    assert answers.begin(future)
    answers.finish(future, 1)
    answers.finish(future, 2)
    assert future.result(0) == 1
    assert not answers.begin(future)


def test_what_nobody_waits_for_is_neither_begun_nor_answered() -> None:
    future: Future[int] = Future()
    future.cancel()
    assert not answers.begin(future)
    answers.finish(future, 1)
    assert future.cancelled()


def test_an_end_that_comes_between_is_harmless(caplog: pytest.LogCaptureFixture) -> None:
    future = JustEnded()
    with caplog.at_level(logging.CRITICAL + 1):
        assert not answers.begin(future)
    answers.finish(future, 2)
    assert future.result(0) == 1


def test_questions_that_were_answered_already_do_not_keep_the_others_waiting() -> None:
    questions = Questions[OnceRequest]()
    first, second, third = question(), question(), question()
    for each in (first, second, third):
        questions.put(each)
    first.not_sent("given up")
    assert questions.take() is second
    third.not_sent("given up")
    questions.close()
    assert second.future.running()


def test_a_connection_that_is_given_up_while_a_question_waits_lets_go_of_its_socket() -> None:
    with HostileModbusServer() as plc:
        plc.behaviour = Behaviour.MUTE
        device, clock = modbus_device("PLC", plc.port, timeout_s=60.0), SystemClock()
        tags = [tag("LEVEL", "PLC", "hr:0")]
        sink = TableSink(small_plant([device], tags), clock)
        context = DriverContext(scan_s={"fast": 0.02}, sink=sink, clock=clock, jitter=lambda: 0.0)
        link = Link(LinkPlan(1, DRIVER, ((device, [(0, tags[0])]),)), context)
        link.start()
        wait_until(lambda: plc.reads == 1, what="a read that is never answered")
        waiting = question()
        link.ask(waiting)
        old = link._connection
        link.start_anew()
        assert waiting.future.result(0).state is OnceState.NOT_SENT
        has_ended = old.join(20)
        link.stop()
        assert link.join(20)
        assert has_ended
