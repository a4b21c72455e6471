"""Other definitions while alarms stand: what stays, what ends, and what the journal is told of it."""

from typing import Any

import numpy as np

from alarms.entry import JournalEntry
from alarms.handling import AlarmAct
from plant_models.alarm_definition import AlarmClass, AlarmDefinition
from plant_models.batch import samples
from plant_models.quality import Quality
from tests.fakes.alarm_bench import ADA, AlarmBench, high


def change(bench: AlarmBench, definitions: list[AlarmDefinition], values: list[float]) -> list[JournalEntry]:
    """Swap the engine of a bench as the station does, then judge every tag anew; returns all that happened."""
    other = AlarmBench(definitions)
    before, bench.engine, bench.alarms = bench.engine, other.engine, other.alarms
    entries = bench.engine.adopt(before, bench.now, ADA, "MOC 12")
    batch = samples(np.arange(3), np.array(values), Quality.GOOD, bench.now.wall_us, bench.now.mono_ns)
    return entries + bench.engine.evaluate(batch, bench.now)


def told(entries: list[JournalEntry]) -> list[str]:
    return [f"{entry.event} {entry.alarm}" for entry in entries]


def raised(**more: Any) -> AlarmBench:
    bench = AlarmBench([high(0, **more), high(1)])
    bench.put((0, 11))
    return bench


def test_an_unchanged_alarm_stands_as_before_and_nothing_is_told() -> None:
    bench = raised()
    bench.acknowledge(bench.row("T0.H"))
    row = bench.row("T0.H")
    assert change(bench, [high(0), high(1)], [11, 0, 0]) == []
    assert bench.row("T0.H") == row


def test_a_changed_limit_is_told_with_old_and_new_and_clears_what_no_longer_holds() -> None:
    bench = raised()
    entries = change(bench, [high(0, limit=12.5), high(1)], [11, 0, 0])
    assert told(entries) == ["CONFIG T0.H", "RTN T0.H"]
    assert (entries[0].comment, entries[0].user) == ("limit 10 → 12.5. MOC 12", "ada")
    assert entries[0].config == bench.engine.config != AlarmBench([high(0), high(1)]).engine.config


def test_an_active_alarm_that_is_taken_out_ends_by_that_and_its_person() -> None:
    bench = raised()
    (entry,) = change(bench, [high(1)], [11, 0, 0])
    assert (entry.event, entry.from_state, entry.to_state, entry.user) == ("REMOVED", "UNACK", "NORM", "ada")
    assert entry.comment == "The alarm was taken out. MOC 12"
    assert bench.states() == {}


def test_a_normal_alarm_that_is_taken_out_and_a_new_one_are_told() -> None:
    bench = AlarmBench([high(0), high(1)])
    entries = change(bench, [high(0), high(2)], [1, 1, 11])
    assert told(entries) == ["CONFIG T1.H", "CONFIG T2.H", "ALM T2.H"]
    assert entries[1].comment == "New alarm. MOC 12"


def test_a_higher_priority_is_annunciated_again_though_it_was_acknowledged() -> None:
    bench = raised()
    bench.acknowledge(bench.row("T0.H"))
    entries = change(bench, [high(0, priority=1), high(1)], [11, 0, 0])
    assert told(entries) == ["ESC T0.H", "CONFIG T0.H"]
    assert bench.states()["T0.H"] == "UNACK"


def test_a_suppression_ends_with_its_rule() -> None:
    bench = raised(suppress_when="{T1} > 5")
    number = bench.engine.number_of("T0.H")
    assert number is not None
    bench.engine.suppress(number, True, bench.now)
    assert bench.row("T0.H").rule == "{T1} > 5"
    entries = change(bench, [high(0), high(1)], [11, 0, 0])
    assert told(entries) == ["DS- T0.H", "CONFIG T0.H"]
    assert bench.states()["T0.H"] == "UNACK"


def test_after_a_restart_without_the_rule_too() -> None:
    bench = raised(suppress_when="{T1} > 5")
    number = bench.engine.number_of("T0.H")
    assert number is not None
    bench.entries += bench.engine.suppress(number, True, bench.now)
    again = bench.restarted([high(0), high(1)])
    assert told(again.entries) == ["DS- T0.H"]


def test_what_becomes_urgent_or_gets_another_class_leaves_the_shelf() -> None:
    bench = raised()
    bench.do("T0.H", AlarmAct.SHELVE)
    assert told(change(bench, [high(0, priority=1), high(1)], [11, 0, 0])) == [
        "ESC T0.H",
        "UNSHELVE T0.H",
        "CONFIG T0.H",
    ]
    assert bench.states()["T0.H"] == "UNACK"
    bench.do("T0.H", AlarmAct.SHELVE)
    secure = high(0, priority=1, alarm_class=AlarmClass.SECURITY)
    assert told(change(bench, [secure, high(1)], [11, 0, 0])) == ["UNSHELVE T0.H", "CONFIG T0.H"]
    safe = high(0, priority=1, alarm_class=AlarmClass.SAFETY)
    assert told(change(bench, [safe, high(1)], [11, 0, 0])) == ["CONFIG T0.H"]


def test_a_priority_raised_while_the_station_was_off_is_annunciated_at_the_start() -> None:
    bench = raised()
    bench.acknowledge(bench.row("T0.H"))
    again = bench.restarted([high(0, priority=1), high(1)])
    assert told(again.entries) == ["ESC T0.H"]
    assert again.states()["T0.H"] == "UNACK"


def test_a_changed_rule_is_named_while_it_goes_on_suppressing() -> None:
    bench = raised(suppress_when="{T1} > 5")
    number = bench.engine.number_of("T0.H")
    assert number is not None
    bench.engine.suppress(number, True, bench.now)
    entries = change(bench, [high(0, suppress_when="{T1} > 3"), high(1)], [11, 4, 0])
    assert told(entries) == ["CONFIG T0.H"]
    assert bench.row("T0.H").rule == entries[0].rule == "{T1} > 3"


def test_what_goes_wrong_in_a_change_leaves_the_alarms_before_it_as_they_were() -> None:
    bench = raised()
    before = bench.engine
    change(bench, [high(0, limit=12.5), high(1)], [11, 0, 0])
    assert [row.state.value for row in before.rows] == ["UNACK"]


def test_a_rule_whose_tag_says_nothing_after_a_start_suppresses_for_a_minute_only() -> None:
    rule = [high(0, suppress_when="{T1} > 5"), high(1)]
    bench = AlarmBench(rule)
    bench.put((0, 11), (1, 6))
    assert bench.states()["T0.H"] == "DSUPR"
    again = bench.restarted(rule)
    again.put((0, 11))
    again.wait(0)
    assert again.wait(59.9) == []
    assert again.wait(0.1) == ["DS- T0.H"]
    assert again.states()["T0.H"] == "UNACK"
