"""Alarms from their first sample to the list: occurrences, acknowledgements, silence of devices, restarts."""

from dataclasses import replace

import pytest

from alarms.engine import AlarmEngine
from alarms.entry import Moment
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import samples
from plant_models.message import Message
from plant_models.quality import Quality
from tests.fakes.alarm_bench import AlarmBench, high

COMM = AlarmDefinition(tag="T1", kind=AlarmKind.COMMUNICATION, on_delay_s=2.0, off_delay_s=2.0, text="Silent")


def test_a_row_says_all_that_an_operator_needs() -> None:
    bench = AlarmBench([high(priority=2, consequence="Spill", action="Open V1", respond_min=5.0)])
    bench.put((0, 11))
    row = bench.row("T0.H")
    assert (row.tag, row.kind, row.priority, row.state) == ("T0", AlarmKind.HIGH, 2, "UNACK")
    assert (row.trip_value, row.limit, row.unit, row.text) == (11.0, 10.0, "m", "Too high")
    assert (row.consequence, row.action, row.respond_min) == ("Spill", "Open V1", 5.0)
    assert row.active_us == row.changed_us == bench.now.wall_us
    assert (row.occurrence, row.count, row.acked_by, row.acked_us) == (bench.now.wall_us, 1, "", None)


def test_the_way_of_an_alarm_that_is_acknowledged() -> None:
    bench = AlarmBench([high()])
    bench.put((0, 11))
    assert bench.acknowledge(bench.row("T0.H")).is_done
    row = bench.row("T0.H")
    assert (row.state, row.acked_by, row.acked_us) == ("ACKED", "ada", bench.now.wall_us)
    bench.put((0, 1))
    assert bench.states() == {}
    assert [(entry.event, entry.from_state, entry.to_state) for entry in bench.entries] == [
        ("ALM", "NORM", "UNACK"),
        ("ACK", "UNACK", "ACKED"),
        ("RTN", "ACKED", "NORM"),
    ]
    assert (bench.entries[1].user, bench.entries[1].comment, bench.entries[1].value) == ("ada", "on my way", 11)


def test_an_alarm_that_went_before_anybody_looked_waits_for_an_acknowledgement() -> None:
    bench = AlarmBench([high()])
    bench.put((0, 11))
    bench.put((0, 1))
    assert bench.states() == {"T0.H": "RTNUN"}
    bench.acknowledge(bench.row("T0.H"))
    assert bench.states() == {}


@pytest.mark.parametrize("off_s", [-26 * 365 * 86_400, -301, 301])
def test_a_device_with_a_wrong_clock_does_not_decide_when_an_alarm_was(off_s: int) -> None:
    bench = AlarmBench([high()])
    now = bench.now
    bench.engine.evaluate(samples([0], [11.0], Quality.GOOD, now.wall_us + off_s * 1_000_000, now.mono_ns), now)
    (row,) = bench.rows
    assert row.active_us == now.wall_us


def test_an_alarm_was_when_its_device_says_if_that_can_be_believed() -> None:
    bench = AlarmBench([high()])
    now = bench.now
    bench.engine.evaluate(samples([0], [11.0], Quality.GOOD, now.wall_us - 2_000_000, now.mono_ns), now)
    (row,) = bench.rows
    assert row.active_us == now.wall_us - 2_000_000


def test_a_repeated_alarm_is_a_new_occurrence_and_is_counted() -> None:
    bench = AlarmBench([high()])
    bench.put((0, 11), (0, 1), (0, 12))
    again = bench.row("T0.H")
    assert (again.count, again.trip_value) == (2, 12)
    bench.acknowledge(again)
    bench.put((0, 1))
    bench.clock.step_wall(-3600)
    bench.put((0, 13))
    assert bench.row("T0.H").count == 1
    assert bench.row("T0.H").occurrence > again.occurrence


def test_what_was_raised_again_since_it_was_seen_stays_unacknowledged() -> None:
    bench = AlarmBench([high()])
    bench.put((0, 11))
    seen = bench.row("T0.H")
    bench.put((0, 1), (0, 12))
    result = bench.acknowledge(seen)
    assert not result.is_done
    assert "raised again" in result.message
    assert bench.states() == {"T0.H": "UNACK"}


def test_another_priority_than_was_seen_is_refused() -> None:
    bench = AlarmBench([high(priority=1)])
    bench.put((0, 11))
    result = bench.acknowledge(bench.row("T0.H"), priority=3)
    assert result.message == "Its priority is 1, you saw 3"
    assert isinstance(result.message, Message)
    assert bench.states() == {"T0.H": "UNACK"}


def test_of_two_who_acknowledge_one_is_told_who_was_first() -> None:
    bench = AlarmBench([high()])
    bench.put((0, 11))
    seen = bench.row("T0.H")
    assert bench.acknowledge(seen).is_done
    assert bench.acknowledge(seen).message == "It was acknowledged by ada"
    assert [entry.event for entry in bench.entries] == ["ALM", "ACK"]


def test_an_alarm_that_never_was_can_not_be_acknowledged() -> None:
    bench = AlarmBench([high(0), high(1)])
    bench.put((0, 11))
    row = bench.row("T0.H")
    assert "no alarm T9.H" in bench.acknowledge(row, name="T9.H").message
    assert "no alarm T1.H" in bench.acknowledge(row, name="T1.H").message


def test_the_order_of_attention() -> None:
    bench = AlarmBench([high(0, priority=3), high(1, priority=2), high(2, priority=3)])
    bench.put((0, 11), (1, 11))
    bench.clock.advance(1)
    bench.put((2, 11))
    assert [row.name for row in bench.rows] == ["T1.H", "T2.H", "T0.H"]
    bench.acknowledge(bench.row("T1.H"))
    assert [row.name for row in bench.rows] == ["T2.H", "T0.H", "T1.H"]


def test_a_bad_input_is_noted_once_for_an_alarm_that_stands() -> None:
    bench = AlarmBench([high(0), high(1)])
    bench.put((0, 11), (1, 1))
    assert bench.put((0, 11), (1, 1), quality=Quality.BAD_SENSOR_FAILURE) == ["BADQ T0.H"]
    assert bench.entries[-1].quality == Quality.BAD
    assert bench.put((0, 12), quality=Quality.BAD) == []
    assert bench.row("T0.H").is_frozen
    assert bench.put((0, 11), (1, 1)) == ["GOODQ T0.H"]
    assert not bench.row("T0.H").is_frozen


def test_a_silent_device_is_one_alarm_that_masks_those_of_its_tags() -> None:
    bench = AlarmBench([high(0), high(1)])
    bench.put((0, 11), (1, 11))
    bench.silent = frozenset({"PLC"})
    assert bench.wait(0.25) == []
    assert bench.put((0, 11), (1, 11), quality=Quality.BAD_NO_COMMUNICATION) == []
    assert bench.wait(5) == ["ALM PLC.comm"]
    assert bench.row("T0.H").is_masked
    assert bench.row("PLC.comm").trip_value is None
    assert not bench.row("PLC.comm").is_frozen
    bench.silent = frozenset()
    assert bench.wait(0.25) == []
    assert not bench.row("T0.H").is_masked
    assert bench.put((0, 11), (1, 1)) == ["RTN T1.H"]
    assert bench.wait(5) == ["RTN PLC.comm"]


def test_a_device_takes_the_communication_alarm_that_the_plant_declares() -> None:
    bench = AlarmBench([COMM, replace(COMM, tag="T2")])
    assert [alarm.is_of_device for alarm in bench.alarms] == [True, False]
    bench.put((1, 1), (2, 1))
    bench.put((1, 1), quality=Quality.BAD_TIMEOUT)
    assert bench.wait(0) == []
    assert bench.wait(2) == ["ALM T1.comm"]
    bench.put((1, 2), (2, 1), quality=Quality.GOOD)
    assert bench.wait(0) == []
    assert bench.wait(2) == ["RTN T1.comm"]


def test_a_tag_may_have_a_communication_alarm_besides_that_of_its_device() -> None:
    bench = AlarmBench([COMM, replace(COMM, tag="T2")])
    bench.put((1, 1), (2, 1))
    bench.put((2, 1), quality=Quality.BAD_SENSOR_FAILURE)
    assert bench.wait(0) == []
    assert bench.wait(2) == ["ALM T2.comm"]
    assert not bench.row("T2.comm").is_frozen
    bench.put((2, 1))
    assert bench.wait(0) == []
    assert bench.wait(2) == ["RTN T2.comm"]


def test_a_silent_device_does_not_raise_the_communication_alarms_of_its_tags() -> None:
    bench = AlarmBench([COMM, replace(COMM, tag="T2")])
    bench.put((1, 1), (2, 1))
    bench.silent = frozenset({"PLC"})
    bench.wait(0)
    bench.put((1, 1), (2, 1), quality=Quality.BAD_NO_COMMUNICATION)
    assert bench.wait(60) == ["ALM T1.comm"]


def test_a_device_that_is_switched_off_raises_nothing() -> None:
    bench = AlarmBench([COMM])
    bench.switched_off = frozenset({"PLC"})
    bench.put((1, 1), quality=Quality.BAD_OUT_OF_SERVICE)
    assert bench.wait(60) == []


def test_after_a_restart_everything_stands_as_before() -> None:
    definitions = [high(0), high(1), high(2)]
    bench = AlarmBench(definitions)
    bench.put((0, 11), (1, 11), (2, 11))
    bench.put((2, 1))
    bench.acknowledge(bench.row("T0.H"))
    before = [replace(row, is_frozen=True) for row in bench.rows]
    bench.clock.advance(3600)
    again = bench.restarted(definitions)
    assert again.entries == []
    assert list(again.rows) == before
    assert again.put((0, 11), (1, 12), (2, 1)) == []
    assert again.states() == {"T0.H": "ACKED", "T1.H": "UNACK", "T2.H": "RTNUN"}
    assert again.put((0, 1)) == ["RTN T0.H"]
    assert again.acknowledge(again.row("T1.H")).is_done


def test_an_alarm_that_was_taken_out_of_the_plant_is_journalled_once() -> None:
    bench = AlarmBench([high(0), high(1), high(2)])
    bench.put((0, 11), (1, 11), (1, 1), (2, 11))
    bench.acknowledge(bench.row("T1.H"))
    again = bench.restarted([high(0)])
    assert [(entry.event, entry.alarm, entry.from_state, entry.to_state) for entry in again.entries] == [
        ("REMOVED", "T2.H", "UNACK", "NORM")
    ]
    assert again.restarted([high(0)]).entries == []


def test_replaying_the_journal_gives_the_live_state() -> None:
    bench = AlarmBench([high(0, on_delay_s=1.0), high(1), high(2, deadband=2.0)])
    for step in range(60):
        bench.put((step % 3, 8.0 + step % 7), (1, 20.0 - step % 5 * 3))
        bench.wait(0.4)
        if step % 11 == 0 and bench.rows:
            bench.acknowledge(bench.rows[0])
        if step % 13 == 0:
            bench.put((2, 0), quality=Quality.BAD)
    replayed = AlarmEngine(bench.alarms, 3)
    replayed.restore({entry.alarm: entry for entry in bench.entries}.values(), Moment(0, 0))
    # whether it chatters, and whether its input is bad, is of this moment
    assert [replace(row, is_frozen=False) for row in replayed.rows] == [
        replace(row, is_frozen=False, is_chattering=False) for row in bench.rows
    ]


def test_the_definitions_have_a_version() -> None:
    one, two = AlarmBench([high(0)]), AlarmBench([high(0, 11.0)])
    assert one.engine.config == AlarmBench([high(0)]).engine.config != two.engine.config
    one.put((0, 11))
    assert one.entries[0].config == one.engine.config
