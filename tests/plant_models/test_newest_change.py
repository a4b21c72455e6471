"""When a tag became what it is: known only if somebody saw it happen."""

import pytest

from plant_models.batch import failure, keep_alive, samples
from plant_models.newest_change import Change
from plant_models.quality import Quality
from plant_models.tag import Tag
from plant_models.tag_table import TagTable
from tests.fakes.clock import ManualClock

S = 1_000_000


@pytest.fixture
def table(clock: ManualClock) -> TagTable:
    tags = [
        Tag(name="RUN", device="PLC", address="hr:0", scan="normal"),
        Tag(name="FLT", device="PLC", address="hr:1", scan="normal"),
        Tag(name="BOTH", expression="{RUN} + {FLT}"),
    ]
    return TagTable(tags, {"normal": 1.0}, clock)


def put(table: TagTable, value: float, at_us: int, quality: int = Quality.GOOD, received_ns: int = 0) -> None:
    table.apply(samples([0], [value], quality, at_us, received_ns))


def test_nobody_saw_the_first_sample_become_what_it_is(table: TagTable) -> None:
    assert not table.change("RUN").is_seen
    put(table, 1.0, 10 * S)
    change = table.change("RUN")
    assert (change.at_us, change.is_seen) == (10 * S, False)


def test_polls_of_a_value_that_stays_do_not_move_the_time_of_its_change(table: TagTable) -> None:
    for at, value in ((10, 0.0), (20, 1.0), (30, 1.0), (40, 1.0)):
        put(table, value, at * S)
    assert table.sample("RUN").source_us == 40 * S
    assert table.change("RUN") == Change(20 * S, 0.0)
    assert table.change("RUN").is_seen


def test_a_value_after_one_that_was_not_good_was_not_seen_to_change(table: TagTable) -> None:
    put(table, 0.0, 10 * S)
    put(table, 0.0, 20 * S, Quality.BAD_SENSOR_FAILURE)
    assert table.change("RUN") == Change(20 * S, 0.0)
    put(table, 1.0, 30 * S)
    assert (table.change("RUN").at_us, table.change("RUN").is_seen) == (30 * S, False)


def test_a_failure_is_known_from_its_first_moment_on(table: TagTable) -> None:
    put(table, 1.0, 10 * S)
    for at in (20, 30):
        table.apply(failure([0], Quality.BAD_NO_COMMUNICATION, at * S, 0))
    assert table.change("RUN") == Change(20 * S, 1.0)


def test_a_stale_value_is_stale_since_its_source_was_last_heard(table: TagTable, clock: ManualClock) -> None:
    heard_us = clock.wall_us()
    put(table, 1.0, 10 * S, received_ns=clock.mono_ns())
    clock.advance(4.0)
    table.age()
    assert table.change("RUN") == Change(heard_us, 1.0)
    table.apply(keep_alive([0], clock.mono_ns()))
    assert (table.change("RUN").at_us, table.change("RUN").is_seen) == (clock.wall_us(), False)


def test_what_is_calculated_has_no_time_of_its_own(table: TagTable) -> None:
    put(table, 0.0, 10 * S)
    table.apply(samples([1], [1.0], Quality.GOOD, 10 * S, 0))
    put(table, 1.0, 20 * S)
    assert table.sample("BOTH").value == 2.0
    assert table.change("BOTH").at_us == 0


def test_a_tag_that_occurs_twice_in_a_batch_keeps_its_last_change(table: TagTable) -> None:
    put(table, 0.0, 10 * S)
    table.apply(samples([0, 0], [1.0, 2.0], Quality.GOOD, 20 * S, 0))
    assert table.change("RUN") == Change(20 * S, 1.0)
