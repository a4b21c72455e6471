"""Putting aside, latches, re-alarm, first-out and causes: what the book keeps beside the states themselves."""

from dataclasses import replace

import pytest

from alarms.acknowledgement import AlarmSeen
from alarms.handling import AlarmAct, AlarmRequest
from alarms.states import AlarmState
from plant_models.batch import samples
from plant_models.quality import Quality
from tests.fakes.alarm_bench import ADA, AlarmBench, high


def bench(**more: object) -> AlarmBench:
    made = AlarmBench([high(0, **more), high(1)])
    made.put((0, 11))
    return made


def test_a_shelf_ends_after_its_minutes_and_the_alarm_is_annunciated_again() -> None:
    it = bench()
    assert it.do("T0.H", AlarmAct.SHELVE, minutes=60).is_done
    row = it.row("T0.H")
    assert (row.state, row.aside_by, row.aside_why) == (AlarmState.SHLVD, "ada", "why")
    assert row.until_us == it.now.wall_us + 3_600_000_000
    assert it.wait(3_599) == []
    assert it.wait(1) == ["UNSHELVE T0.H"]
    row = it.row("T0.H")
    assert (row.state, row.aside_by, row.until_us) == (AlarmState.UNACK, "", None)


def test_shelving_again_sets_a_new_end() -> None:
    it = bench()
    it.do("T0.H", AlarmAct.SHELVE, minutes=1)
    it.wait(30)
    assert it.do("T0.H", AlarmAct.SHELVE, minutes=2).is_done
    assert it.wait(60) == []
    assert it.wait(60) == ["UNSHELVE T0.H"]


def test_a_one_shot_shelf_ends_with_the_condition() -> None:
    it = bench()
    it.do("T0.H", AlarmAct.SHELVE, minutes=60, is_one_shot=True)
    assert it.row("T0.H").is_one_shot
    assert it.put((0, 1)) == ["RTN T0.H", "UNSHELVE T0.H"]
    assert it.states() == {}
    assert it.wait(3_600) == []


def test_a_normal_alarm_can_be_shelved_and_stays_quiet() -> None:
    it = bench()
    assert it.do("T1.H", AlarmAct.SHELVE).is_done
    assert it.put((1, 11)) == ["ALM T1.H"]
    assert it.states()["T1.H"] == "SHLVD"
    assert it.do("T1.H", AlarmAct.UNSHELVE).is_done
    assert it.states()["T1.H"] == "UNACK"


@pytest.mark.parametrize("step_s", [86_400, -86_400])
def test_a_clock_that_is_set_neither_shortens_nor_prolongs_a_shelf(step_s: int) -> None:
    it = bench()
    it.do("T0.H", AlarmAct.SHELVE, minutes=60)
    it.wait(600)
    it.clock.step_wall(step_s)
    assert it.wait(1) == ["CLOCK T0.H"]
    assert it.row("T0.H").until_us == it.now.wall_us + (3_600 - 601) * 1_000_000
    assert it.wait(3_600 - 602) == []
    assert it.wait(1) == ["UNSHELVE T0.H"]


def test_a_shelf_that_ended_while_the_station_was_off_is_over_at_the_start() -> None:
    it = bench()
    it.do("T0.H", AlarmAct.SHELVE, minutes=60)
    it.clock.advance(3_601)
    again = it.restarted([high(0), high(1)])
    assert again.states()["T0.H"] == "SHLVD"
    assert again.wait(0) == ["UNSHELVE T0.H"]
    assert again.states()["T0.H"] == "UNACK"


def test_a_shelf_goes_on_after_a_restart_but_never_longer_than_it_was_made() -> None:
    it = bench()
    it.do("T0.H", AlarmAct.SHELVE, minutes=60)
    it.clock.advance(1_800)
    again = it.restarted([high(0), high(1)])
    assert again.row("T0.H").aside_by == "ada"
    assert again.wait(1_799) == []
    assert again.wait(1) == ["UNSHELVE T0.H"]
    it.clock.step_wall(-86_400)  # set while the station was off
    late = it.restarted([high(0), high(1)])
    assert late.wait(3_599) == []
    assert late.wait(1) == ["UNSHELVE T0.H"]


def test_out_of_service_keeps_work_order_and_review() -> None:
    it = bench()
    done = it.do("T0.H", AlarmAct.OUT_OF_SERVICE, comment="sensor", work_order="WO 7", review_us=5, minutes=None)
    assert done.is_done
    row = it.row("T0.H")
    assert (row.state, row.aside_why, row.until_us) == (AlarmState.OOSRV, "WO 7: sensor", 5)
    assert it.do("T0.H", AlarmAct.SHELVE).message == "The alarm is out of service"
    assert it.do("T0.H", AlarmAct.RETURN_TO_SERVICE).is_done
    assert it.states()["T0.H"] == "UNACK"


def test_out_of_service_without_a_work_order_keeps_the_reason() -> None:
    it = bench()
    it.do("T0.H", AlarmAct.OUT_OF_SERVICE, comment="sensor")
    assert it.row("T0.H").aside_why == "sensor"


def test_a_second_person_is_told_who_was_faster() -> None:
    it = bench()
    row = it.row("T0.H")
    seen = AlarmSeen(row.name, row.occurrence, row.priority, row.state)
    it.do("T0.H", AlarmAct.SHELVE)
    request = AlarmRequest(act=AlarmAct.SHELVE, seen=(seen,), comment="me too", minutes=5)
    result, entries = it.engine.handle(seen, request, replace(ADA, user="bob"), it.now)
    assert (result.is_done, result.message, entries) == (False, "ada has put it aside since you saw it", [])


def test_what_was_raised_again_since_it_was_seen_is_not_shelved() -> None:
    it = bench()
    row = it.row("T0.H")
    it.put((0, 1))
    it.clock.advance(1)
    it.put((0, 12))
    seen = AlarmSeen(row.name, row.occurrence, row.priority, row.state)
    request = AlarmRequest(act=AlarmAct.SHELVE, seen=(seen,), comment="x", minutes=5)
    result, _ = it.engine.handle(seen, request, ADA, it.now)
    assert result.message == "It was raised again since you saw it"


def test_a_comment_stands_with_the_alarm_until_a_new_episode() -> None:
    it = bench()
    assert it.do("T0.H", AlarmAct.COMMENT, comment="valve stuck").is_done
    assert it.row("T0.H").note == "valve stuck"
    assert it.restarted([high(0), high(1)]).row("T0.H").note == "valve stuck"
    it.put((0, 1))
    it.acknowledge(it.row("T0.H"))
    it.put((0, 12))
    assert it.row("T0.H").note == ""
    row = it.row("T0.H")
    gone = AlarmSeen("T9.H", row.occurrence, row.priority)
    request = AlarmRequest(act=AlarmAct.COMMENT, seen=(gone,), comment="x")
    assert it.engine.handle(gone, request, ADA, it.now)[0].message == "There is no alarm T9.H"


def test_a_latch_stays_until_it_is_reset() -> None:
    it = bench(latching=True)
    assert it.put((0, 1)) == ["RTN T0.H"]
    assert it.states()["T0.H"] == "LATUN"
    assert it.do("T0.H", AlarmAct.RESET).message == "It must be acknowledged before it can be reset"
    it.acknowledge(it.row("T0.H"))
    assert it.states()["T0.H"] == "LATAK"
    assert it.do("T0.H", AlarmAct.RESET).is_done
    assert it.states() == {}


def test_an_acknowledged_alarm_that_stays_is_annunciated_again() -> None:
    it = bench(realarm_min=10)
    it.acknowledge(it.row("T0.H"))
    assert it.wait(599) == []
    assert it.wait(1) == ["REALM T0.H"]
    assert it.states()["T0.H"] == "UNACK"
    it.acknowledge(it.row("T0.H"))
    it.put((0, 1))
    assert it.wait(3_600) == []


def test_a_re_alarm_goes_on_after_a_restart() -> None:
    it = bench(realarm_min=10)
    it.acknowledge(it.row("T0.H"))
    it.clock.advance(300)
    again = it.restarted([high(0, realarm_min=10), high(1)])
    assert again.wait(299) == []
    assert again.wait(1) == ["REALM T0.H"]


def test_the_first_of_a_group_is_marked_and_those_of_one_answer_are_tied() -> None:
    trips = [high(number, first_out="trip") for number in range(3)]
    it = AlarmBench(trips)
    it.put((0, 1), (1, 1), (2, 1))
    it.put((0, 11), (1, 11), (2, 11))
    assert [it.row(f"T{number}.H").first_out for number in range(3)] == [2, 0, 0]
    assert [entry.first_out for entry in it.entries if entry.event == "ALM"] == [2, None, None]
    it.put((0, 1), (1, 1), (2, 1))
    for name in ("T0.H", "T1.H", "T2.H"):
        it.acknowledge(it.row(name))
    it.put((1, 11))
    it.put((0, 11))
    assert [it.row(f"T{number}.H").first_out for number in range(2)] == [0, 1]


def test_what_is_suppressed_by_design_keeps_nothing_from_being_the_first() -> None:
    it = AlarmBench(
        [high(number, first_out="trip", suppress_when="{T2} > 5" if number == 2 else "") for number in range(3)]
    )
    it.put((0, 1), (1, 1), (2, 6))
    assert it.states() == {"T2.H": "DSUPR"}
    it.put((1, 11))
    assert it.row("T1.H").first_out == 1


def test_a_frozen_shelved_alarm_is_told_of_when_it_thaws() -> None:
    it = bench()
    it.do("T0.H", AlarmAct.SHELVE)
    assert it.put((0, 11), quality=Quality.BAD) == ["BADQ T0.H"]
    assert it.row("T0.H").is_frozen
    assert it.put((0, 1)) == ["RTN T0.H", "GOODQ T0.H"]
    assert it.states()["T0.H"] == "SHLVD"


def test_a_shelf_that_was_renewed_since_it_was_seen_is_neither_replaced_nor_ended() -> None:
    it = bench()
    it.do("T0.H", AlarmAct.SHELVE, minutes=10)
    row = it.row("T0.H")
    seen = AlarmSeen(row.name, row.occurrence, row.priority, row.state, row.aside_us)
    it.wait(60)
    assert it.do("T0.H", AlarmAct.SHELVE, minutes=400).is_done
    for act in (AlarmAct.SHELVE, AlarmAct.UNSHELVE):
        request = AlarmRequest(act=act, seen=(seen,), comment="mine", minutes=1.0)
        result, entries = it.engine.handle(seen, request, ADA, it.now)
        assert (result.message, entries) == ("ada has put it aside since you saw it", [])


def test_which_came_first_goes_by_times_that_can_be_believed() -> None:
    it = AlarmBench([high(number, first_out="trip") for number in range(2)])
    numbers, times = [0, 1], [it.now.wall_us, 1_000_000]  # the second clock stands in 1970
    batch = samples(numbers, [11.0, 11.0], Quality.GOOD, times, it.now.mono_ns)
    it.engine.evaluate(batch, it.now)
    assert [it.row(f"T{number}.H").first_out for number in numbers] == [2, 0]
