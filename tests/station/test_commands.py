"""Commands: what is refused and why, what is released, and how it ends."""

import asyncio
import math
from concurrent.futures import Future
from uuid import uuid4

import pytest

from drivers.base import WriteOutcome, WriteRequest, WriteState
from drivers.health import LinkState
from plant_models.message import Message
from plant_models.quality import Quality
from station.protocol import CommandRequest, CommandState
from station.session import Session
from tests.fakes.audit_rows import audit_rows, states
from tests.fakes.running_station import OPERATOR, RunningStation
from tests.fakes.waiting import wait_until


def refused(running: RunningStation, tag: str, value: object) -> str:
    """Give the command, see that nothing was written and that the attempt is recorded; return the words."""
    written = len(running.pool.written)
    status = running.command(tag, value)  # type: ignore[arg-type]
    assert status.state is CommandState.REJECTED
    assert isinstance(status.message, Message)
    assert len(running.pool.written) == written
    row = audit_rows(running.folder)[-1]
    assert (row["state"], row["tag"], row["message"]) == ("rejected", tag, status.message)
    return status.message


def test_a_verified_command_leaves_its_three_rows(ready: RunningStation) -> None:
    status = ready.command("P1.SPEED_SP", 45.0, title="Speed setpoint", reason="high demand")
    assert (status.state, status.readback, status.message) == (CommandState.VERIFIED, 45.0, "")
    rows = audit_rows(ready.folder)
    assert [row["state"] for row in rows] == ["pending", "sent", "verified"]
    assert {row["command_id"] for row in rows} == {str(status.request.id)}
    last = rows[-1]
    assert (last["user"], last["seat"], last["roles"]) == ("ada", "desk 1", "operator,viewer")
    assert (last["title"], last["reason"], last["unit"]) == ("Speed setpoint", "high demand", "Hz")
    assert (last["value_old"], last["value_new"], last["readback"]) == (30.0, 45.0, 45.0)


@pytest.mark.parametrize(
    ("value", "words"),
    [(math.nan, "nan is not a number"), (math.inf, "inf is not"), ("45", "'45' is not"), (True, "True is not"),
     (999.0, "999 Hz is outside the range 25 to 50 Hz")],
)  # fmt: skip
def test_a_value_that_cannot_be_written(ready: RunningStation, value: object, words: str) -> None:
    assert words in refused(ready, "P1.SPEED_SP", value)


def test_a_read_only_tag(ready: RunningStation) -> None:
    assert "read only" in refused(ready, "P1.FLT", 0)


def test_an_unknown_tag(ready: RunningStation) -> None:
    assert refused(ready, "P9.CMD", 1) == "There is no tag P9.CMD"
    assert ready.station.last_command("P9.CMD") is None


def test_a_command_without_a_user(ready: RunningStation) -> None:
    nobody = Session(user="", roles=frozenset(), seat="desk 1", is_logged_on=False)
    status = asyncio.run(ready.station.command(CommandRequest(tag="P1.CMD", value=2), nobody))
    assert (status.state, status.message) == (CommandState.REJECTED, "A command needs a user")


def test_a_target_that_was_never_read(running: RunningStation) -> None:
    assert refused(running, "P1.SPEED_SP", 45.0) == "P1.SPEED_SP is not known (waiting for the first value)"


@pytest.mark.parametrize("quality", [Quality.UNCERTAIN_LAST_USABLE, Quality.BAD_NO_COMMUNICATION])
def test_a_target_that_is_stale_or_bad(ready: RunningStation, quality: Quality) -> None:
    ready.put({"P1.SPEED_SP": 30.0}, quality)
    assert "P1.SPEED_SP is not known" in refused(ready, "P1.SPEED_SP", 45.0)


def test_a_target_outside_its_range_can_be_brought_back(ready: RunningStation) -> None:
    ready.put({"P1.SPEED_SP": 99.0}, Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED)
    assert ready.command("P1.SPEED_SP", 45.0).state is CommandState.VERIFIED


def test_a_dead_plc_with_its_last_error(ready: RunningStation) -> None:
    ready.pool.put_link("PLC", LinkState.DOWN, "Time-out")
    assert refused(ready, "P1.SPEED_SP", 45.0) == "PLC is not connected. Time-out"


def test_a_device_that_connects(ready: RunningStation) -> None:
    ready.pool.put_link("PLC", LinkState.CONNECTING)
    assert refused(ready, "P1.SPEED_SP", 45.0) == "PLC is not connected"


def test_a_device_that_the_drivers_do_not_know(ready: RunningStation) -> None:
    ready.pool._links.clear()
    assert refused(ready, "P1.SPEED_SP", 45.0) == "PLC is not connected"


def test_unmet_permissives_give_their_reasons(ready: RunningStation) -> None:
    ready.put({"P1.MODE": 2, "P1.FLT": 1})
    assert ready.refusals("P1.CMD", 1) == ("the pump must be in Manual", "the pump is tripped")
    assert refused(ready, "P1.CMD", 1) == "the pump must be in Manual. the pump is tripped"


def test_permissives_bind_only_their_own_command(ready: RunningStation) -> None:
    ready.put({"P1.MODE": 2, "P1.FLT": 1})
    assert ready.command("P1.CMD", 2).state is CommandState.VERIFIED


def test_an_unknown_permissive_is_not_permitted(ready: RunningStation) -> None:
    ready.put({"P1.MODE": 1}, Quality.BAD_NO_COMMUNICATION)
    assert refused(ready, "P1.CMD", 1) == "P1.MODE is not known (no communication)"


def test_a_permissive_on_a_member_that_this_pump_lacks(ready: RunningStation) -> None:
    assert refused(ready, "P1.CMD", 3) == "P1.WEAR is not known (no such tag)"


def test_a_permissive_that_cannot_be_worked_out(ready: RunningStation) -> None:
    assert refused(ready, "P1.CMD", 4) == "a purge needs a fault (can't be worked out)"


def test_a_tag_without_equipment_has_no_permissives(ready: RunningStation) -> None:
    ready.put({"DOSE": 1.0})
    assert ready.command("DOSE", 2.5).state is CommandState.VERIFIED


def test_two_commands_within_two_seconds(ready: RunningStation) -> None:
    assert ready.command("P1.SPEED_SP", 45.0).state is CommandState.VERIFIED
    ready.clock.advance(1.9)
    assert refused(ready, "P1.SPEED_SP", 46.0) == "P1.SPEED_SP had a command less than 2 s ago"
    assert ready.command("P1.CMD", 1).state is CommandState.VERIFIED
    ready.clock.advance(0.1)
    assert ready.command("P1.SPEED_SP", 46.0).state is CommandState.VERIFIED


def test_a_refused_command_does_not_start_the_pause(ready: RunningStation) -> None:
    refused(ready, "P1.SPEED_SP", 99.0)
    assert ready.command("P1.SPEED_SP", 45.0).state is CommandState.VERIFIED


def test_the_same_request_given_twice_is_written_once(ready: RunningStation) -> None:
    request = CommandRequest(tag="P1.SPEED_SP", value=45.0)
    assert asyncio.run(ready.station.command(request, OPERATOR)).state is CommandState.VERIFIED
    ready.clock.advance(60)
    second = asyncio.run(ready.station.command(request, OPERATOR))
    assert (second.state, second.message) == (CommandState.REJECTED, f"Command {request.id} was given before")
    assert len(ready.pool.written) == 1


@pytest.mark.parametrize(
    ("outcome", "state", "message"),
    [
        (WriteOutcome(WriteState.MISMATCH, 0.0), CommandState.MISMATCH, "The device holds 0 Hz, not 45 Hz"),
        (WriteOutcome(WriteState.MISMATCH, 0.0, "it said no"), CommandState.MISMATCH, "it said no"),
        (WriteOutcome(WriteState.MISMATCH), CommandState.MISMATCH, ""),
        (WriteOutcome(WriteState.UNKNOWN, message="time-out"), CommandState.UNKNOWN, "time-out"),
        (WriteOutcome(WriteState.REFUSED, message="illegal address"), CommandState.REJECTED, "illegal address"),
        (WriteOutcome(WriteState.NOT_SENT, message="expired"), CommandState.NOT_SENT, "expired"),
    ],
)
def test_each_end_of_a_write_is_told_and_recorded(
    ready: RunningStation, outcome: WriteOutcome, state: CommandState, message: str
) -> None:
    ready.pool.outcome = outcome
    status = ready.command("P1.SPEED_SP", 45.0)
    assert (status.state, status.readback, status.message) == (state, outcome.readback, message)
    assert ready.station.last_command("P1.SPEED_SP") == status
    row = audit_rows(ready.folder)[-1]
    assert (row["state"], row["readback"], row["message"]) == (state.value, outcome.readback, message)


def test_a_time_out_is_unknown_and_never_repeated(ready: RunningStation) -> None:
    ready.pool.outcome = WriteOutcome(WriteState.UNKNOWN, message="time-out")
    assert ready.command("P1.SPEED_SP", 45.0).state is CommandState.UNKNOWN
    ready.clock.advance(60)
    ready.put({"P1.SPEED_SP": 30.0})
    assert len(ready.pool.written) == 1


def test_the_deadline_goes_to_the_driver(ready: RunningStation) -> None:
    ready.command("P1.SPEED_SP", 45.0)
    assert ready.pool.written[0].not_after_ns == ready.clock.mono_ns() + 10_000_000_000


def test_the_driver_is_told_what_kind_of_command_it_is(ready: RunningStation) -> None:
    ready.command("P1.SPEED_SP", 45.0)
    ready.command("P1.CMD", 2)
    setpoint, order = ready.pool.written
    assert (setpoint.is_setpoint, setpoint.is_pulse) == (True, False)
    assert (order.is_setpoint, order.is_pulse) == (False, False)


def test_a_command_that_expired_while_it_was_recorded_is_not_sent(ready: RunningStation) -> None:
    ready.pool.on_write = lambda _: ready.clock.advance(10.1)
    status = ready.command("P1.SPEED_SP", 45.0)
    assert (status.state, status.message) == (CommandState.NOT_SENT, "The command expired before it could be sent")


def release_and_hold(running: RunningStation, value: float) -> tuple[WriteRequest, Future[WriteOutcome]]:
    """Give a command whose caller goes away at once; return what the driver holds."""
    running.pool.is_holding = True
    n = len(running.pool.held)
    request = CommandRequest(tag="P1.SPEED_SP", value=value, id=uuid4())

    async def give_and_leave() -> None:
        task = asyncio.ensure_future(running.station.command(request, OPERATOR))
        await asyncio.to_thread(wait_until, lambda: len(running.pool.held) > n)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(give_and_leave())
    return running.pool.held[-1]


def last_state(running: RunningStation) -> CommandState:
    status = running.station.last_command("P1.SPEED_SP")
    assert status is not None
    return status.state


def test_a_caller_that_goes_away_does_not_stop_the_command(ready: RunningStation) -> None:
    request, future = release_and_hold(ready, 45.0)
    assert last_state(ready) is CommandState.PENDING
    request.on_sent()
    assert last_state(ready) is CommandState.SENT
    future.set_result(WriteOutcome(WriteState.VERIFIED, 45.0))
    wait_until(lambda: last_state(ready) is CommandState.VERIFIED)
    assert states(ready.folder) == ["pending", "sent", "verified"]


def test_a_refusal_does_not_hide_the_command_under_way(ready: RunningStation) -> None:
    request, future = release_and_hold(ready, 45.0)
    refused(ready, "P1.SPEED_SP", 46.0)
    assert last_state(ready) is CommandState.PENDING
    request.on_sent()
    future.set_result(WriteOutcome(WriteState.UNKNOWN))
    wait_until(lambda: last_state(ready) is CommandState.UNKNOWN)
    refused(ready, "P1.SPEED_SP", 46.0)
    assert last_state(ready) is CommandState.REJECTED


def test_the_same_request_given_again_does_not_hide_the_command_under_way(ready: RunningStation) -> None:
    request, future = release_and_hold(ready, 45.0)
    request.on_sent()
    status = ready.station.last_command("P1.SPEED_SP")
    assert status is not None
    second = asyncio.run(ready.station.command(status.request, OPERATOR))
    assert second.state is CommandState.REJECTED
    assert last_state(ready) is CommandState.SENT
    future.set_result(WriteOutcome(WriteState.VERIFIED, 45.0))
    wait_until(lambda: last_state(ready) is CommandState.VERIFIED)


def test_the_end_of_an_older_command_does_not_hide_the_newer(ready: RunningStation) -> None:
    _, old = release_and_hold(ready, 45.0)
    ready.clock.advance(3)
    _, new = release_and_hold(ready, 46.0)
    new.set_result(WriteOutcome(WriteState.VERIFIED, 46.0))
    wait_until(lambda: last_state(ready) is CommandState.VERIFIED)
    old.set_result(WriteOutcome(WriteState.MISMATCH, 46.0))
    wait_until(lambda: "mismatch" in states(ready.folder))
    assert last_state(ready) is CommandState.VERIFIED


def test_a_driver_that_breaks_down_before_sending(ready: RunningStation) -> None:
    _, future = release_and_hold(ready, 45.0)
    future.set_exception(ValueError("bug"))
    wait_until(lambda: last_state(ready) is CommandState.NOT_SENT)
    assert audit_rows(ready.folder)[-1]["message"] == "bug"


def test_a_driver_that_breaks_down_after_sending(ready: RunningStation) -> None:
    request, future = release_and_hold(ready, 45.0)
    request.on_sent()
    future.cancel()
    wait_until(lambda: last_state(ready) is CommandState.UNKNOWN)
    assert audit_rows(ready.folder)[-1]["message"] == "The driver gave up"


def test_stopping_ends_what_waits_in_the_drivers(ready: RunningStation) -> None:
    release_and_hold(ready, 45.0)
    ready.stop()
    assert states(ready.folder) == ["pending", "not sent"]


@pytest.mark.parametrize(("is_sent", "end"), [(False, "not sent"), (True, "unknown")])
def test_stopping_closes_what_no_driver_answers_for(ready: RunningStation, is_sent: bool, end: str) -> None:
    request, future = release_and_hold(ready, 45.0)
    if is_sent:
        request.on_sent()
    ready.pool.held.clear()
    ready.stop()
    future.set_result(WriteOutcome(WriteState.VERIFIED, 45.0))
    assert states(ready.folder)[-1] == end
    with pytest.raises(RuntimeError, match="not running"):
        request.on_sent()


def test_a_command_to_a_stopped_station(ready: RunningStation) -> None:
    ready.stop()
    assert ready.command("P1.SPEED_SP", 45.0).message == "The station is not running"
    assert states(ready.folder) == []


def test_a_command_while_the_station_stops(ready: RunningStation) -> None:
    ready.station._commands.refuse_new()
    assert refused(ready, "P1.SPEED_SP", 45.0) == "The station is not running"
