"""When a tag became what it is: known only if somebody saw it happen."""

import pytest

from plant_models.batch import failure, keep_alive, samples
from plant_models.newest_change import Change
from plant_models.quality import Quality
from plant_models.source_time import TRUST_US
from plant_models.tag import Tag
from plant_models.tag_table import TagTable
from tests.fakes.clock import ManualClock

S = 1_000_000
NOW = ManualClock().wall_us()


@pytest.fixture
def table(clock: ManualClock) -> TagTable:
    tags = [
        Tag(name="RUN", device="PLC", address="hr:0", scan="normal"),
        Tag(name="FLT", device="PLC", address="hr:1", scan="normal"),
        Tag(name="BOTH", expression="{RUN} + {FLT}"),
    ]
    return TagTable(tags, {"normal": 1.0}, clock)


def at(seconds: float) -> int:
    """A source time that can be believed."""
    return NOW + round(seconds * S)


def put(table: TagTable, value: float, at_us: int, quality: int = Quality.GOOD, received_ns: int = 0) -> None:
    table.apply(samples([0], [value], quality, at_us, received_ns))


def test_nobody_saw_the_first_sample_become_what_it_is(table: TagTable) -> None:
    assert not table.change("RUN").is_seen
    put(table, 1.0, at(10))
    change = table.change("RUN")
    assert (change.at_us, change.is_seen) == (at(10), False)


def test_polls_of_a_value_that_stays_do_not_move_the_time_of_its_change(table: TagTable) -> None:
    for seconds, value in ((10, 0.0), (20, 1.0), (30, 1.0), (40, 1.0)):
        put(table, value, at(seconds))
    assert table.sample("RUN").source_us == at(40)
    assert table.change("RUN") == Change(at(20), 0.0)
    assert table.change("RUN").is_seen


def test_a_value_after_one_that_was_not_good_was_not_seen_to_change(table: TagTable) -> None:
    put(table, 0.0, at(10))
    put(table, 0.0, at(20), Quality.BAD_SENSOR_FAILURE)
    assert table.change("RUN") == Change(at(20), 0.0)
    put(table, 1.0, at(30))
    assert (table.change("RUN").at_us, table.change("RUN").is_seen) == (at(30), False)


def test_a_failure_is_known_from_its_first_moment_on(table: TagTable) -> None:
    put(table, 1.0, at(10))
    for seconds in (20, 30):
        table.apply(failure([0], Quality.BAD_NO_COMMUNICATION, at(seconds), 0))
    assert table.change("RUN") == Change(at(20), 1.0)


def test_a_stale_value_is_stale_since_its_source_was_last_heard(table: TagTable, clock: ManualClock) -> None:
    heard_us = clock.wall_us()
    put(table, 1.0, at(10), received_ns=clock.mono_ns())
    clock.advance(4.0)
    table.age()
    assert table.change("RUN") == Change(heard_us, 1.0)
    table.apply(keep_alive([0], clock.mono_ns()))
    assert (table.change("RUN").at_us, table.change("RUN").is_seen) == (clock.wall_us(), False)


def test_what_is_calculated_has_no_time_of_its_own(table: TagTable) -> None:
    put(table, 0.0, at(10))
    table.apply(samples([1], [1.0], Quality.GOOD, at(10), 0))
    put(table, 1.0, at(20))
    assert table.sample("BOTH").value == 2.0
    assert table.change("BOTH").at_us == 0


def test_a_tag_that_occurs_twice_in_a_batch_keeps_its_last_change(table: TagTable) -> None:
    put(table, 0.0, at(10))
    table.apply(samples([0, 0], [1.0, 2.0], Quality.GOOD, at(20), 0))
    assert table.change("RUN") == Change(at(20), 1.0)


@pytest.mark.parametrize("source_us", [0, NOW - TRUST_US - 1, NOW + TRUST_US + 1])
def test_a_change_told_with_a_wrong_clock_was_when_the_station_heard_of_it(table: TagTable, source_us: int) -> None:
    put(table, 0.0, at(0))
    table.apply(samples([0, 1], [1.0, 1.0], Quality.GOOD, [source_us, at(-20)], 0))
    assert table.change("RUN") == Change(NOW, 0.0)
    assert table.change("FLT").at_us == at(-20)
    assert table.sample("RUN").source_us == source_us
