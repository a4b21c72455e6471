"""Test writes to single addresses: recorded before they leave, never where a tag can be commanded."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from database.errors import DatabaseError
from drivers.once import OnceAnswer, OnceState
from plant_models.message import Message, message
from plant_models.tag import DataType
from station.commands import STOPPED
from station.protocol import AddressRequest
from tests.fakes.audit_rows import audit_rows
from tests.fakes.running_station import OPERATOR, RunningStation

ENGINEER = replace(OPERATOR, user="eve", roles=frozenset({"engineer", "operator"}))
WRITE = AddressRequest(device="PLC", address="hr:500", type=DataType.U16, value=7.0, reason="loop test")


def ask(running: RunningStation, **changes: Any) -> OnceAnswer:
    answer = asyncio.run(running.station.ask_address(replace(WRITE, **changes), ENGINEER))
    assert isinstance(answer.message, Message) or not answer.message
    return answer


def rows(running: RunningStation) -> list[dict[str, Any]]:
    return audit_rows(running.folder, "test write")


def test_a_write_is_recorded_before_it_leaves_when_it_leaves_and_with_its_end(running: RunningStation) -> None:
    assert ask(running).state is OnceState.DONE
    found = rows(running)
    assert [row["state"] for row in found] == ["pending", "sent", "verified"]
    assert len({row["command_id"] for row in found}) == 1
    last = found[-1]
    assert (last["user"], last["tag"], last["title"], last["reason"]) == ("eve", "PLC hr:500", "u16", "loop test")
    assert (last["value_new"], last["readback"]) == (7.0, 7.0)


def test_of_several_values_all_are_recorded(running: RunningStation) -> None:
    running.pool.once_answer = OnceAnswer(OnceState.DONE, (7, 8), 7.0, more=(8.0,))
    assert ask(running, more=(8.0,), reads_along=True).state is OnceState.DONE
    found = rows(running)
    assert {row["title"] for row in found} == {"u16 read/write [7; 8]"}
    assert (found[-1]["state"], found[-1]["message"]) == ("verified", "Read back: 7; 8")


def test_of_several_values_none_may_lie_where_a_tag_can_be_commanded(running: RunningStation) -> None:
    commanded = next(tag for tag in running.station.plant.tags if tag.writable and tag.address == "hr:0")
    answer = ask(running, address="hr:65535", more=())
    assert answer.state is OnceState.DONE
    lies_after = replace(WRITE, address="hr:0").address
    answer = ask(running, address=lies_after, more=(1.0,))
    assert commanded.name in answer.message


def test_a_value_among_several_that_is_no_number_is_refused(running: RunningStation) -> None:
    assert "is not a number" in ask(running, more=(1.0, "x")).message
    assert running.pool.asked == []


def test_a_read_leaves_no_row(running: RunningStation) -> None:
    assert ask(running, value=None, reason="").state is OnceState.DONE
    assert rows(running) == []


@pytest.mark.parametrize(
    ("state", "end"),
    [
        (OnceState.MISMATCH, "mismatch"),
        (OnceState.UNKNOWN, "unknown"),
        (OnceState.REFUSED, "rejected"),
        (OnceState.NOT_SENT, "not sent"),
    ],
)
def test_every_end_is_recorded_with_its_words(running: RunningStation, state: OnceState, end: str) -> None:
    running.pool.once_answer = OnceAnswer(state, message=message("The device is busy (exception 6)"))
    assert ask(running).state is state
    assert (rows(running)[-1]["state"], rows(running)[-1]["message"]) == (end, "The device is busy (exception 6)")


def test_a_refusal_is_recorded_and_nothing_is_asked(running: RunningStation) -> None:
    answer = ask(running, reason=" ")
    assert "needs a reason" in answer.message
    assert [(row["state"], row["message"]) for row in rows(running)] == [("rejected", answer.message)]
    assert running.pool.asked == []


@pytest.mark.parametrize(
    ("address", "kind", "is_refused"),
    [("hr:0", DataType.U16, True), ("hr:0", DataType.U32, True), ("ir:0", DataType.U16, False)],
)
def test_where_a_tag_can_be_commanded_nothing_is_written(
    running: RunningStation, address: str, kind: DataType, is_refused: bool
) -> None:
    answer = ask(running, address=address, type=kind)
    assert ("command it instead" in answer.message) is is_refused
    assert (running.pool.asked == []) is is_refused


def test_what_is_no_number_is_not_written(running: RunningStation) -> None:
    assert "is not a number" in ask(running, value="7").message
    assert running.pool.asked == []


def test_without_a_record_nothing_is_written(running: RunningStation, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DatabaseError("The disk is full")

    monkeypatch.setattr(running.station._parts.audit, "append", fail)
    answer = ask(running)
    assert (answer.state, running.pool.asked) == (OnceState.NOT_SENT, [])
    assert "can't be recorded" in answer.message
    monkeypatch.undo()


def test_a_record_that_fails_at_the_last_moment_holds_the_frame_back(
    running: RunningStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = running.station._parts.audit.append

    def fail_when_sent(*entries: Any) -> None:
        if any(entry.state == "sent" for entry in entries):
            raise DatabaseError("The disk is full")
        append(*entries)

    monkeypatch.setattr(running.station._parts.audit, "append", fail_when_sent)
    assert ask(running).state is OnceState.NOT_SENT
    assert running.pool.registers == {}
    assert [row["state"] for row in rows(running)] == ["pending", "not sent"]
    monkeypatch.undo()


def test_a_stopped_station_asks_nothing(running: RunningStation) -> None:
    running.stop()
    assert ask(running).message == STOPPED
    assert running.pool.asked == []
